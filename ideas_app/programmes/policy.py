"""Who may run programmes and rosters, read them, and link a person with an account. Must not change anything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, first_refusal, refuse
from ideas_app.programmes.models import Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.core.actor import Actor
    from ideas_app.programmes.models import Claim, Person, Programme, RosterImport

UNDO_WITHIN = timedelta(days=30)
"""How long an import can be taken back; after it nothing is kept of what it changed."""

MIN_CELL = 5
"""No public figure about people is printed for fewer."""

COUNTS_ONLY = frozenset({Outcome.COUNSELLING})
"""Programmes in which no name ever enters."""


def may_manage(actor: Actor, *, now: datetime) -> Verdict:
    """Whether the actor may create and change programmes, and enter counts and visits."""
    del now  # the same at any time; kept so that every policy is asked in one way
    if not actor.has(Permission.PROGRAMME_MANAGE):
        return refuse("not_permitted", _l("Your account is not allowed to do this."))
    return ALLOWED


def may_import(actor: Actor, programme: Programme, *, now: datetime) -> Verdict:
    """Whether the actor may import a roster of the programme."""
    return first_refusal(_rosters(actor, now), _takes_names(programme))


def may_read_roster(actor: Actor, programme: Programme, *, now: datetime) -> Verdict:
    """Whether the actor may see the programme's participants, masked; each reading is logged."""
    del programme  # moderators see every programme's roster: product.md, who sees what
    return _rosters(actor, now)


def may_undo(actor: Actor, done: RosterImport, *, is_newest: bool, now: datetime) -> Verdict:
    """Whether the actor may take an import back: within 30 days, and the newest of its programme first."""
    return first_refusal(_rosters(actor, now), _can_be_undone(done, is_newest=is_newest, now=now))


def _can_be_undone(done: RosterImport, *, is_newest: bool, now: datetime) -> Verdict:
    if done.undone_at is not None:
        return refuse("undone_already", _l("This import has been undone already."))
    if now - done.imported_at > UNDO_WITHIN:
        return refuse("too_late", _l("An import can be undone for 30 days; they are over."))
    if not is_newest:
        return refuse(
            "not_newest", _l("A later import builds on this one. Undo the later one first.")
        )
    return ALLOWED


def may_link(
    actor: Actor, person: Person, account_id: int | None, *, has_person: bool, now: datetime
) -> Verdict:
    """Whether a person on the rosters may be linked with an account: one's own, and one to one.

    That the account belongs to this person is proved before, by the caller.
    """
    del now
    if account_id is None or not (actor.is_system or actor.id == account_id):
        return refuse("not_own", _l("Please sign in first."), sign_in=not actor.is_signed_in)
    if not actor.is_verified:
        return refuse("not_verified", _l("Confirm your e-mail address first."))
    if person.account_id not in {None, account_id}:
        return refuse("linked_already", _l("This record is linked with another account."))
    if has_person and person.account_id is None:
        return refuse("has_person", _l("Your account is linked with a record already."))
    return ALLOWED


def may_claim(actor: Actor) -> Verdict:
    """Whether the actor may say that they took part: with an account whose address is confirmed."""
    if not actor.is_signed_in:
        return refuse("sign_in", _l("Please sign in first."), sign_in=True)
    if not actor.is_verified:
        return refuse("not_verified", _l("Confirm your e-mail address first."))
    return ALLOWED


def may_be_claimed(programme: Programme) -> Verdict:
    """Whether a programme keeps names that somebody can be found under."""
    if programme.outcome in COUNTS_ONLY:
        message = _l("This programme keeps no names: nobody can be found on a roster of it.")
        return refuse("counts_only", message)
    return ALLOWED


def may_withdraw_claim(actor: Actor, claim: Claim) -> Verdict:
    """One's own requests only."""
    if actor.id is None or actor.id != claim.account_id:
        return refuse("not_own", _l("This is not your request."), sign_in=not actor.is_signed_in)
    return ALLOWED


def _rosters(actor: Actor, now: datetime) -> Verdict:
    del now
    if not actor.has(Permission.ROSTER_IMPORT):
        return refuse("not_permitted", _l("Your account is not allowed to do this."))
    return ALLOWED


def _takes_names(programme: Programme) -> Verdict:
    if programme.outcome in COUNTS_ONLY:
        return refuse(
            "counts_only",
            _l("Counselling is kept as counts alone: no names may enter. Enter a count instead."),
        )
    return ALLOWED
