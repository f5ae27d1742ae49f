"""Logging in by others: which account a provider's word opens, and how such ways are added and taken away.

Must not know the provider's protocol, which is the adapter's, nor the browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from ideas_app.accounts import policy, queries, rules
from ideas_app.accounts.events import WaysInChanged
from ideas_app.accounts.models import Identity
from ideas_app.accounts.service import attempts
from ideas_app.accounts.service.confirming import mark_confirmed
from ideas_app.accounts.service.signing_in import require_open
from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, NotFound, Refused, TooMany
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.outbox import publish
from ideas_app.core.verdict import refuse

if TYPE_CHECKING:
    from ideas_app.accounts.models import Account
    from ideas_app.accounts.service.joining import Vouched
    from ideas_app.core.actor import Actor


def use_answer(state: str, *, address: str) -> None:
    """Notes that a provider's answer came, before it is believed. Raises `Conflict` for one that came before,
    and `TooMany` where too many come from one address.
    """
    attempts.count(rules.LOGIN_PER_ADDRESS, address)
    try:
        attempts.count(rules.STATE_ONCE, state)
    except TooMany:
        message = _l("This answer was used already. Please start again.")
        raise Conflict("answer_used", message) from None


def open_by(person: Vouched, *, staff_may: bool) -> Account | None:
    """The account that a provider's word opens, or None for somebody new.

    Raises `Invalid` when it is closed and `Refused` for staff where the operator does not allow it.
    """
    account = queries.find_by_identity(person.issuer, person.subject)
    if account:
        require_open(account)
        policy.may_log_in_by_others(account, staff_may=staff_may).require()
    return account


def link(actor: Actor, person: Vouched, *, staff_may: bool) -> None:
    """Adds a way to log in to the actor's own account; the owner gets a mail.

    Raises `Refused` (not confirmed a moment ago, address not proved, staff) and `Conflict` when the way opens
    another account, or this provider another way.
    """
    account = queries.get_account(actor.id)
    _confirmed(actor)
    policy.may_link(actor, account, staff_may=staff_may).require()
    try:
        with session().begin_nested():
            session().add(
                Identity(
                    account_id=account.id,
                    issuer=person.issuer,
                    subject=person.subject,
                    linked_at=clock.now(),
                )
            )
            session().flush()
    except IntegrityError:
        message = _l(
            "This log-in belongs to an account already, or another one of theirs to yours."
        )
        raise Conflict("linked_already", message) from None
    record(actor, Tag.ACCOUNT_LINKED, "account", account.id)
    publish(WaysInChanged(account.id, "linked"))


def unlink(actor: Actor, identity_id: int) -> None:
    """Takes a way to log in away; the owner gets a mail. Raises `NotFound` and `Refused` (the last way in)."""
    account = queries.get_account(actor.id)
    session().refresh(account, with_for_update=True)  # of two at once, one is the last way in
    identities = queries.list_identities(account.id)
    found = next((each for each in identities if each.id == identity_id), None)
    if found is None:
        raise NotFound("identity_missing", _l("There is no such log-in."))
    _confirmed(actor)
    left = len(identities) - 1 + bool(account.password_hash)
    policy.may_unlink(actor, account, ways_left=left).require()
    session().delete(found)
    record(actor, Tag.ACCOUNT_UNLINKED, "account", account.id)
    publish(WaysInChanged(account.id, "unlinked"))


def confirm_by(actor: Actor, person: Vouched) -> None:
    """A provider says that the actor has just logged in there. Raises `Refused` for somebody else's word."""
    account = queries.find_by_identity(person.issuer, person.subject)
    if account is None or account.id != actor.id:
        message = _l("That was another account than the one that is linked. Nothing was changed.")
        raise Refused("other_person", message)
    mark_confirmed(actor)


def _confirmed(actor: Actor) -> None:
    if not actor.is_confirmed:
        refuse("confirm_first", _l("Please show first that it is you.")).require()
