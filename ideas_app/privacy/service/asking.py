"""Asking for one's rights, with an account or without one. Must not know who answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.accounts import rules as accounts
from ideas_app.accounts.service.attempts import count
from ideas_app.adapters.holidays import is_day_off
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.privacy import policy, queries
from ideas_app.privacy.events import RequestReceived
from ideas_app.privacy.models import About, DataRequest, RequestKind, RequestState
from ideas_app.privacy.rules import (
    due_day,
    find_person_faults,
    find_text_faults,
    is_address,
    read_digits,
)

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor

OPEN_MAX = 5
"""Requests of one account that may wait at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What somebody asks for; `kind` and `about` are values of the enums."""

    kind: str
    about: str
    text: str
    lang: str = "ko"
    name: str = ""
    contact: str = ""


def ask(actor: Actor, asking: Asking) -> DataRequest:
    """A request of somebody who is signed in. Raises `Invalid`, `Conflict` above some that wait."""
    faults = find_text_faults(asking.kind, asking.about, asking.text)
    if faults:
        raise Invalid(*faults)
    waiting = [one for one in queries.list_own(actor.id or 0) if one.state is RequestState.OPEN]
    if len(waiting) >= OPEN_MAX:
        message = _l(
            "%(most)s of your requests wait already. The centre answers them first.", most=OPEN_MAX
        )
        raise Conflict("too_many_requests", message)
    return _add(asking, account_id=actor.id)


def ask_without_account(asking: Asking, *, address: str) -> DataRequest:
    """A request of somebody on a roster who has no account; the centre asks for a proof before it acts.

    Raises `Invalid`, `TooMany` above some an hour from one address of the net.
    """
    contact = text.one_line(asking.contact)
    name = text.one_line(asking.name)
    faults = [
        *find_person_faults(name, contact),
        *find_text_faults(asking.kind, asking.about, asking.text),
    ]
    if faults:
        raise Invalid(*faults)
    count(accounts.REQUESTS_PER_ADDRESS, address)
    where = contact if is_address(contact) else read_digits(contact)
    return _add(asking, name=name, contact=where)


def _add(
    asking: Asking,
    *,
    account_id: int | None = None,
    name: str | None = None,
    contact: str | None = None,
) -> DataRequest:
    now = clock.now()
    request = DataRequest(
        account_id=account_id,
        kind=RequestKind(asking.kind),
        about=About(asking.about),
        name=name,
        contact=contact,
        text=text.normalise(asking.text),
        lang=asking.lang,
        state=RequestState.OPEN,
        received_at=now,
        due_on=due_day(clock.local_date(now), is_day_off),
    )
    session().add(request)
    session().flush()
    outbox.publish(RequestReceived(request.id))
    return request


def withdraw(actor: Actor, request: DataRequest) -> None:
    """Takes one's own request back. Raises `Refused`."""
    session().refresh(request, with_for_update=True)
    policy.may_withdraw(actor, request).require()
    request.state = RequestState.WITHDRAWN
    request.settled_at = clock.now()
    session().flush()
