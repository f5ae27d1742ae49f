"""The city's answers and promises: authors by mail at once, whoever is interested as they chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.answers import queries as answers
from ideas_app.answers.events import (
    AnswerChanged,
    AnswerExtended,
    AnswerPublished,
    PromiseChanged,
    PromiseProgressed,
    PromiseSilent,
)
from ideas_app.audit.rules import Tag
from ideas_app.core.outbox import handles
from ideas_app.ideas import queries as ideas
from ideas_app.notifications import queries, service
from ideas_app.notifications.jobs.frame import stamp
from ideas_app.votes.events import AnswerDue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.answers.models import Answer, Promise


@handles(AnswerDue)
def tell_answer_due(event: AnswerDue) -> None:
    """Enough supports: an official answer is owed."""
    ties = queries.ties_of([ideas.get_idea(event.idea_id)])
    service.tell("answer_due", event.idea_id, ties)


@handles(AnswerPublished)
def tell_answer(event: AnswerPublished) -> None:
    """The city answered."""
    answer = answers.get_answer(event.answer_id)
    decision = answer.decision.value if answer.decision else None
    _tell_about(answer, "answered", answer.id, Tag.ANSWER_PUBLISHED, decision=decision)


@handles(AnswerChanged)
def tell_changed_answer(event: AnswerChanged) -> None:
    """A published answer reads differently now."""
    answer = answers.get_answer(event.answer_id)
    once = f"{answer.id}:{stamp(answer.changed_at)}"
    _tell_about(answer, "answer_changed", once, Tag.ANSWER_CHANGED)


@handles(AnswerExtended)
def tell_extension(event: AnswerExtended) -> None:
    """The city asked for more time."""
    answer = answers.get_answer(event.answer_id)
    reason = answer.extension_reason
    _tell_about(answer, "answer_extended", answer.id, Tag.ANSWER_EXTENDED, reason=reason)


def _tell_about(answer: Answer, happening: str, once: object, tag: Tag, **values: Any) -> None:
    doers = [queries.find_doer(tag, "answer", answer.id), answer.written_by]
    ties = queries.ties_of(answers.list_ideas_of(answer))
    service.tell(happening, once, ties, doers=doers, **values)


@handles(PromiseChanged)
def tell_promise(event: PromiseChanged) -> None:
    """A promise was kept, moved or dropped, or a wrong "kept" taken back: the last word of its trail says which."""
    promise = answers.get_promise(event.promise_id)
    words = [step for step in answers.trails_of([promise.id])[promise.id] if step.percent is None]
    said = words[-1].kind.value if words else promise.status.value
    once = f"{promise.id}:{said}:{words[-1].id if words else promise.status_on}"
    reason = words[-1].text if words else promise.what_happened
    _tell_about_promise(promise, "promise", once, status=said, reason=reason)


@handles(PromiseProgressed)
def tell_progress(event: PromiseProgressed) -> None:
    """A step on the way to a promise."""
    step = answers.get_step(event.step_id)
    promise = answers.get_promise(step.promise_id)
    doers = [step.made_by]
    _tell_about_promise(promise, "promise_progress", step.id, doers=doers, reason=step.text)


@handles(PromiseSilent)
def tell_silence(event: PromiseSilent) -> None:
    """The day of a promise passed without a word."""
    promise = answers.get_promise(event.promise_id)
    once = f"{promise.id}:{promise.moved_to or promise.due_on}"
    _tell_about_promise(promise, "promise_silent", once, doers=[])


def _tell_about_promise(
    promise: Promise,
    happening: str,
    once: object,
    *,
    doers: Sequence[int | None] | None = None,
    **values: Any,
) -> None:
    """Tells everybody tied to the ideas of a promise, but whoever did it: of a word, as the log says."""
    answer = answers.get_answer(promise.answer_id)
    if doers is None:
        doers = [queries.find_doer(Tag.PROMISE_CHANGED, "promise", promise.id)]
    ties = queries.ties_of(answers.list_ideas_of(answer))
    service.tell(happening, once, ties, doers=doers, promise_id=promise.id, **values)
