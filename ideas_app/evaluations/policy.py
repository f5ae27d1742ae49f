"""Who may ask for an evaluation, give one, and see whose. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, first_refusal, refuse
from ideas_app.evaluations.rules import Standing, standing_of

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.evaluations.models import Evaluation


def may_ask(actor: Actor) -> Verdict:
    """The centre and the city ask colleagues; nobody else has any."""
    if actor.has(Permission.EVALUATION_ASK):
        return ALLOWED
    reason = _l("Only staff ask colleagues for an evaluation.")
    return refuse("not_permitted", reason, sign_in=not actor.is_signed_in)


def may_read(actor: Actor) -> Verdict:
    """Evaluations are for staff: never public. What of them is shown is `queries.panel_of`'s question,
    since nobody who still owes their own scores sees those of others.
    """
    if actor.has(Permission.EVALUATION_GIVE):
        return ALLOWED
    reason = _l("Evaluations are for the desks of the centre and the city.")
    return refuse("not_permitted", reason, sign_in=not actor.is_signed_in)


def may_see_own(actor: Actor, evaluation: Evaluation) -> Verdict:
    """The screen of an evaluation is its author's alone; others read what is closed on the page of the idea."""
    own = _l("Only the person who was asked evaluates.")
    return first_refusal(
        may_read(actor),
        ALLOWED if actor.id == evaluation.account_id else refuse("not_asked", own),
    )


def _may_work(actor: Actor, evaluation: Evaluation, *, is_open: bool) -> Verdict:
    """`is_open`: whether the idea or family can still be evaluated."""
    standing = standing_of(evaluation)
    back = _l("This request was taken back: there is nothing to do.")
    declined = _l("You declined this request.")
    gone = _l("The idea was withdrawn, hidden or parted from its family: nothing is to be done.")
    return first_refusal(
        may_see_own(actor, evaluation),
        refuse("taken_back", back) if standing is Standing.TAKEN_BACK else ALLOWED,
        refuse("declined", declined) if standing is Standing.DECLINED else ALLOWED,
        ALLOWED if is_open else refuse("subject_gone", gone),
    )


def may_score(actor: Actor, evaluation: Evaluation, *, is_open: bool) -> Verdict:
    """Once: scores that could be changed after others were seen would not be blind."""
    reason = _l("Scores are given once, before anything else is seen, and stay.")
    return first_refusal(
        _may_work(actor, evaluation, is_open=is_open),
        refuse("scored", reason) if evaluation.scored_at else ALLOWED,
    )


def may_write(actor: Actor, evaluation: Evaluation, *, is_open: bool) -> Verdict:
    """What is feasible is written after the scores, until it is closed."""
    first = _l("Give your scores first: the second part opens after them.")
    closed = _l("This evaluation is closed. Reopen it with a reason to change it.")
    return first_refusal(
        _may_work(actor, evaluation, is_open=is_open),
        ALLOWED if evaluation.scored_at else refuse("not_scored", first),
        refuse("closed", closed) if evaluation.closed_at else ALLOWED,
    )


def may_reopen(actor: Actor, evaluation: Evaluation, *, is_open: bool) -> Verdict:
    """Its author, once it is closed."""
    reason = _l("This evaluation is not closed.")
    return first_refusal(
        _may_work(actor, evaluation, is_open=is_open),
        ALLOWED if evaluation.closed_at else refuse("not_closed", reason),
    )


def may_decline(actor: Actor, evaluation: Evaluation) -> Verdict:
    """Until scores are given; a thing that is gone can be declined, too."""
    reason = _l(
        "You have given your scores: finish the second part, or say there what you cannot tell."
    )
    return first_refusal(
        _may_work(actor, evaluation, is_open=True),
        refuse("scored", reason) if evaluation.scored_at else ALLOWED,
    )


def may_take_back(actor: Actor, evaluation: Evaluation) -> Verdict:
    """Whoever asked, or an administrator, until scores are given: work that was done is not thrown away. One
    that was declined is put away so.
    """
    asker = _l("Only whoever asked takes a request back.")
    scored = _l("Scores were given already: the evaluation stays.")
    over = _l("This request is over already.")
    is_asker = actor.id is not None and actor.id == evaluation.asked_by
    is_over = standing_of(evaluation) is Standing.TAKEN_BACK
    return first_refusal(
        may_ask(actor),
        ALLOWED if is_asker or actor.has(Permission.ACCOUNT_MANAGE) else refuse("not_asker", asker),
        refuse("over", over) if is_over else ALLOWED,
        refuse("scored", scored) if evaluation.scored_at else ALLOWED,
    )
