"""The city's answers and promises: authors by mail at once, whoever is interested as they chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.answers import queries as answers
from ideas_app.answers.events import (
    AnswerChanged,
    AnswerExtended,
    AnswerPublished,
    PromiseChanged,
    PromiseSilent,
)
from ideas_app.audit.rules import Tag
from ideas_app.core.outbox import handles
from ideas_app.ideas import queries as ideas
from ideas_app.notifications import queries, service
from ideas_app.notifications.jobs.frame import stamp
from ideas_app.votes.events import AnswerDue

if TYPE_CHECKING:
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
    """A promise was kept, moved or dropped."""
    promise = answers.get_promise(event.promise_id)
    once = f"{promise.id}:{promise.status.value}:{promise.moved_to or promise.status_on}"
    told = {"status": promise.status.value, "reason": promise.what_happened}
    tell_about_promise(promise, "promise", once, **told)


@handles(PromiseSilent)
def tell_silence(event: PromiseSilent) -> None:
    """The day of a promise passed without a word."""
    promise = answers.get_promise(event.promise_id)
    once = f"{promise.id}:{promise.moved_to or promise.due_on}"
    tell_about_promise(promise, "promise_silent", once)


def tell_about_promise(promise: Promise, happening: str, once: object, **values: Any) -> None:
    """Tells everybody tied to the ideas of a promise."""
    answer = answers.get_answer(promise.answer_id)
    doer = queries.find_doer(Tag.PROMISE_CHANGED, "promise", promise.id)
    service.tell(
        happening,
        once,
        queries.ties_of(answers.list_ideas_of(answer)),
        doers=[doer if happening != "promise_silent" else None],
        promise_id=promise.id,
        **values,
    )
