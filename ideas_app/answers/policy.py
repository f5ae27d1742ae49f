"""Who may answer, and when. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.answers.models import PromiseStatus, Review
from ideas_app.answers.rules.promises import REOPEN_DAYS, reopen_until
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission, Role
from ideas_app.core.verdict import ALLOWED, Verdict, first_refusal, refuse

if TYPE_CHECKING:
    from datetime import date

    from ideas_app.answers.models import Answer, AnswerWork, Promise
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


def may_review(actor: Actor, work: AnswerWork) -> Verdict:
    """Whoever answers may look over a draft, but not one in which they changed something last."""
    nothing = _l("There is no draft to look over.")
    own = _l(
        "You wrote the last change yourself: somebody else has to look. Ask a colleague for it."
    )
    return first_refusal(
        may_write(actor),
        refuse("no_draft", nothing) if work.draft is None else ALLOWED,
        refuse("own_draft", own) if actor.id == work.saved_by else ALLOWED,
    )


def may_publish(actor: Actor, work: AnswerWork, *, needs_second: bool) -> Verdict:
    """An official, once a colleague has approved the draft as it stands, where that is asked for.

    A refusal `second_needed` leaves administrators the way of `may_publish_alone`.
    """
    missing = _l("A second official has to approve this draft before it is published.")
    is_missing = needs_second and work.review is not Review.APPROVED
    return first_refusal(
        may_write(actor), refuse("second_needed", missing) if is_missing else ALLOWED
    )


def may_publish_alone(actor: Actor) -> Verdict:
    """Administrators, for the day on which nobody else is there; the reason stands in the public log."""
    reason = _l("Only an administrator may publish without a second pair of eyes.")
    is_admin = actor.role is Role.ADMIN and not actor.is_held
    return ALLOWED if is_admin else refuse("not_admin", reason)


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


def may_reopen_promise(actor: Actor, promise: Promise, *, today: date) -> Verdict:
    """A "kept" can be taken back within some days of being said: after that it is history."""
    other = _l("Only a promise that was said to be kept can be opened again.")
    late = _l(
        "“Kept” can be taken back within %(days)s days, and they have passed.", days=REOPEN_DAYS
    )
    said_on = promise.status_on
    is_late = said_on is not None and today > reopen_until(said_on)
    return first_refusal(
        may_write(actor),
        refuse("not_kept", other) if promise.status is not PromiseStatus.DONE else ALLOWED,
        refuse("too_late", late) if is_late else ALLOWED,
    )


def may_see_picture(actor: Actor, *, is_public: bool) -> Verdict:
    """Pictures are seen where their answer is: by everybody, and at the desk those of hidden ideas too."""
    reason = _l("There is no such picture.")
    return ALLOWED if is_public or may_write(actor) else refuse("no_picture", reason)
