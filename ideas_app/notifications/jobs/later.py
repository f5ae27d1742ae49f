"""Notices about rooms that hand over their facts in plain values: evaluations, and steps towards a promise.

Must not know those rooms' tables: whoever handles `EvaluationAsked`, `EvaluationClosed` and
`PromiseProgressed` reads the row there and calls one of these within its transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.notifications import service
from ideas_app.notifications.jobs.answers import tell_about_promise
from ideas_app.notifications.jobs.staff import duty_of

if TYPE_CHECKING:
    from ideas_app.answers.models import Promise
    from ideas_app.ideas.models import Idea


def tell_evaluation_asked(
    evaluation_id: int, idea: Idea, *, evaluator_id: int, asker_id: int | None
) -> None:
    """The evaluator hears that an evaluation of an idea was asked of them."""
    ties = duty_of([evaluator_id], idea)
    service.tell("evaluation_asked", evaluation_id, ties, doers=[asker_id])


def tell_evaluation_closed(
    evaluation_id: int, idea: Idea, *, evaluator_id: int, asker_id: int | None
) -> None:
    """Whoever asked hears that the evaluation is done; its scores are not told."""
    ties = duty_of([asker_id], idea)
    service.tell("evaluation_closed", evaluation_id, ties, doers=[evaluator_id])


def tell_progress(step_id: int, promise: Promise, reason: str) -> None:
    """Everybody tied to a promise hears of a step on the way to it; `reason` is what the city says of it."""
    tell_about_promise(promise, "promise_progress", step_id, reason=reason)
