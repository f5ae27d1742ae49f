"""Answering requests, the register of them, and what is forgotten after the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.accounts import queries as accounts
from ideas_app.accounts import service as accounts_service
from ideas_app.adapters.formats import Column
from ideas_app.adapters.formats.csv import write_csv
from ideas_app.adapters.holidays import is_day_off
from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.privacy import policy, queries
from ideas_app.privacy.events import RequestExtended, RequestSettled
from ideas_app.privacy.models import DataRequest, RequestKind, RequestState
from ideas_app.privacy.rules import (
    ANSWER_MAX,
    KIND_WORDS,
    PROOF_MAX,
    STATE_WORDS,
    extended_day,
)
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from datetime import date

    from ideas_app.adapters.formats import Language
    from ideas_app.core.actor import Actor
    from ideas_app.core.personal import Leaving


def extend(actor: Actor, request: DataRequest, reason: str) -> None:
    """Takes ten more days, once, for a reason that the person is told. Raises `Refused`, `Invalid`."""
    session().refresh(request, with_for_update=True)
    policy.may_extend(actor, request).require()
    request.extension_reason = _checked("reason", reason, ANSWER_MAX)
    request.extended_to = extended_day(request.due_on, is_day_off)
    session().flush()
    told = {"due_on": [request.due_on.isoformat(), request.extended_to.isoformat()]}
    record(actor, Tag.REQUEST_EXTENDED, "request", request.id, diff=told)
    outbox.publish(RequestExtended(request.id))


def settle(
    actor: Actor,
    request: DataRequest,
    *,
    done: bool,
    answer: str,
    proof: str = "",
    born_on: date | None = None,
) -> None:
    """Says that a request was done, or refuses it with its reason; the person is told either way.

    Somebody without an account has to have proved who they are before anything is done. `born_on` sets the date
    of birth of the account right in the same act, where a correction asks for it. The log holds that and how it
    was settled, never a word of it. Raises `Refused`, `Invalid`.
    """
    session().refresh(request, with_for_update=True)
    policy.may_answer(actor, request).require()
    request.answer = _checked("answer", answer, ANSWER_MAX)
    request.proof = text.one_line(proof)[:PROOF_MAX]
    if done and request.account_id is None and not request.proof:
        message = _l(
            "Say how you made sure that it is this person: only then may anything be done."
        )
        raise Invalid(Fault("proof", "proof_missing", message))
    if born_on is not None and done and request.kind is RequestKind.CORRECTION:
        account = accounts.get_account(request.account_id)
        reason = str(_l("Request %(number)s", number=request.id))
        accounts_service.correct_birth_date_of(actor, account, born_on, reason=reason)
    request.state = RequestState.DONE if done else RequestState.REFUSED
    request.settled_at, request.settled_by = clock.now(), actor.id
    session().flush()
    told = {"kind": request.kind.value, "outcome": request.state.value}
    record(actor, Tag.REQUEST_SETTLED, "request", request.id, diff=told)
    outbox.publish(RequestSettled(request.id))


def _checked(field: str, words: str, most: int) -> str:
    words = text.normalise(words)
    if not words:
        message = _l("The person reads this: say what was done, or why not.")
        raise Invalid(Fault(field, "words_missing", message))
    if text.length(words) > most:
        raise Invalid(
            Fault(field, "too_long", _l("Too long: at most %(most)s characters.", most=most))
        )
    return words


EMPTY = {
    "name": None,
    "contact": None,
    "text": "",
    "answer": "",
    "extension_reason": "",
    "proof": "",
}
"""What the columns of words, names and contacts hold afterwards."""


def forget_person(leaving: Leaving) -> None:
    """Empties the requests of somebody who leaves and cuts their link; what is open is over with the account."""
    mine = DataRequest.account_id == leaving.account_id
    for request in session().scalars(select(DataRequest).where(mine).with_for_update()):
        if request.state is RequestState.OPEN:
            request.state, request.settled_at = RequestState.WITHDRAWN, clock.now()
        for name, value in EMPTY.items():
            setattr(request, name, value)
        request.account_id = None
        request.forgotten_at = clock.now()
    session().flush()


_REGISTER = (
    Column("id", "접수번호", "Number", "int"),
    Column("kind", "종류", "Kind"),
    Column("received", "접수일", "Received", "date"),
    Column("due", "처리기한", "Due", "date"),
    Column("extended", "연장기한", "Extended to", "date"),
    Column("state", "처리결과", "Outcome"),
    Column("settled", "처리일", "Settled", "date"),
    Column("in_time", "기한준수", "In time", "bool"),
)


def make_register(actor: Actor, lang: Language) -> bytes:
    """The register of all requests as CSV: kinds, days and outcomes, never a name or a word of a person."""
    record(actor, Tag.REQUEST_REGISTER_READ, "request", None)
    with speaking(lang):
        rows = [_line(request) for request in queries.list_register()]
    return b"".join(write_csv(_REGISTER, rows, lang=lang, as_of=clock.today()))


def _line(request: DataRequest) -> dict[str, str | int | bool | date | None]:
    settled = clock.local_date(request.settled_at) if request.settled_at else None
    return {
        "id": request.id,
        "kind": str(KIND_WORDS[request.kind]),
        "received": clock.local_date(request.received_at),
        "due": request.due_on,
        "extended": request.extended_to,
        "state": str(STATE_WORDS[request.state]),
        "settled": settled,
        "in_time": settled <= request.last_on if settled else None,
    }
