"""A person on the rosters and an account: linked by the person alone, with a consent of its own.

The proof comes first: whoever calls `link_person` has checked it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from ideas_app.accounts.models import Consent
from ideas_app.accounts.rules import ConsentText
from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.programmes import policy, queries
from ideas_app.programmes.models import Person

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor

LINK_CONSENT = ConsentText(
    kind="participation_link",
    version=2,
    is_required=False,
    title=_l("Linking your record of participation"),
    purpose=_l(
        "To show you your own programmes and certificates, to let you take part where only "
        "participants may, and to see in totals of ten people or more whether a shortlist leaves out "
        "those of a programme."
    ),
    items=_l(
        "The link between your account and your lines on the centre's rosters: programme, cohort, "
        "days, completion, certificate."
    ),
    retention=_l("Until you withdraw it, at any time, or leave. Then the link is cut at once."),
    refusal=_l(
        "You may refuse. Then nothing is linked; you can still submit and vote wherever everybody may."
    ),
    label=_l("I agree that my account is linked with my record of participation."),
)


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
    values = {
        "account_id": actor.id,
        "kind": LINK_CONSENT.kind,
        "version": LINK_CONSENT.version,
        "given_at": now,
    }
    if not insert_ignore(Consent, values):
        session().execute(
            update(Consent)
            .where(Consent.account_id == actor.id, Consent.kind == LINK_CONSENT.kind)
            .where(Consent.version == LINK_CONSENT.version, Consent.withdrawn_at.is_not(None))
            .values(given_at=now, withdrawn_at=None)
        )
    session().flush()
    return person


def unlink_person(actor: Actor) -> None:
    """Cuts the actor's own link and withdraws its consent. Nothing happens where there is none."""
    if actor.id is None:
        return
    unlink_account(actor.id)
    session().execute(
        update(Consent)
        .where(Consent.account_id == actor.id, Consent.kind == LINK_CONSENT.kind)
        .where(Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )


def unlink_account(account_id: int) -> None:
    """Cuts the link of an account whose owner withdrew or left; the roster itself stays."""
    for person in session().scalars(select(Person).where(Person.account_id == account_id)):
        person.account_id = person.linked_at = None
