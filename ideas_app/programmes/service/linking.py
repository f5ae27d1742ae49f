"""A person on the rosters and an account: linked by the person alone, with a consent of its own.

The proof comes first: whoever calls `link_person` has checked it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.accounts.rules import LINK_CONSENT
from ideas_app.accounts.service import note_consent, note_withdrawal
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.programmes import policy, queries
from ideas_app.programmes.models import Person

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def claim_by_email(actor: Actor, *, has_consented: bool) -> Person:
    """Links the actor with the person whose address on the roster is the actor's confirmed one.

    Raises `Conflict` where there is no such person, `Invalid` without the consent.
    """
    person = queries.find_claimable(actor)
    if person is None:
        message = _l("No record of participation stands under your e-mail address.")
        raise Conflict("nothing_to_claim", message)
    if not has_consented:
        message = _l("Without this consent nothing is linked. Tick the box if you agree.")
        raise Invalid(Fault("consent", "consent_missing", message))
    return link_person(actor, person)


def link_person(actor: Actor, person: Person) -> Person:
    """Links a person on the rosters with the actor's account and notes the consent.

    The caller has proved that both are the same, and that the consent was given. Raises `Refused`.
    """
    now = clock.now()
    other = queries.find_person_of(actor.id) if actor.id is not None else None
    has_person = other is not None and other.id != person.id
    policy.may_link(actor, person, actor.id, has_person=has_person, now=now).require()
    if person.account_id is None:
        person.account_id, person.linked_at = actor.id, now
    note_consent(int(actor.id or 0), LINK_CONSENT)
    session().flush()
    return person


def unlink_person(actor: Actor) -> None:
    """Cuts the actor's own link and withdraws its consent. Nothing happens where there is none."""
    if actor.id is None:
        return
    unlink_account(actor.id)
    note_withdrawal(actor.id, LINK_CONSENT.kind)


def unlink_account(account_id: int) -> None:
    """Cuts the link of an account whose owner withdrew or left; the roster itself stays."""
    for person in session().scalars(select(Person).where(Person.account_id == account_id)):
        person.account_id = person.linked_at = None
