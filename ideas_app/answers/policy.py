"""Who may answer, and when. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.answers.models import PromiseStatus
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, first_refusal, refuse

if TYPE_CHECKING:
    from ideas_app.answers.models import Answer, Promise
    from ideas_app.core.actor import Actor

CLOSED = frozenset({PromiseStatus.DONE, PromiseStatus.DROPPED})
"""What became of a promise for good."""


def may_open(actor: Actor) -> Verdict:
    """A clock starts with a published shortlist, with enough supports, or by an official's hand."""
    if actor.has(Permission.ANSWER_WRITE) or actor.has(Permission.SHORTLIST_PUBLISH):
        return ALLOWED
    reason = _l("Only staff ask the city for an answer.")
    return refuse("not_permitted", reason, sign_in=not actor.is_signed_in)


def may_write(actor: Actor) -> Verdict:
    """Officials answer; administrators may step in."""
    if actor.has(Permission.ANSWER_WRITE):
        return ALLOWED
    reason = _l("Only officials of the city answer here.")
    return refuse("not_official", reason, sign_in=not actor.is_signed_in)


def may_extend(actor: Actor, answer: Answer) -> Verdict:
    """Once, and only while the answer is still owed."""
    answered = _l("The answer is published: there is nothing to extend.")
    extended = _l("The time was extended once already, and once is all there is.")
    return first_refusal(
        may_write(actor),
        refuse("already_answered", answered) if answer.answered_at else ALLOWED,
        refuse("already_extended", extended) if answer.extended_to else ALLOWED,
    )


def may_change_promise(actor: Actor, promise: Promise) -> Verdict:
    """A promise that was kept or dropped is closed."""
    reason = _l("This promise is closed: its outcome is on record.")
    return first_refusal(
        may_write(actor),
        refuse("promise_closed", reason) if promise.status in CLOSED else ALLOWED,
    )
