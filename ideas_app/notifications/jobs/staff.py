"""What is asked of staff: notes, appeals, objections, answers, reviews, promises whose day has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.accounts import queries as accounts
from ideas_app.answers import queries as answers
from ideas_app.answers.events import (
    AnswerAssigned,
    AnswerReviewAsked,
    AnswerReviewed,
    PromiseDue,
)
from ideas_app.core import outbox
from ideas_app.core.outbox import handles
from ideas_app.evaluations import queries as evaluations
from ideas_app.evaluations.events import EvaluationAsked, EvaluationClosed
from ideas_app.ideas import queries as ideas
from ideas_app.moderation import queries as moderation
from ideas_app.moderation.events import AppealFiled, NoteWritten, ObjectionFiled
from ideas_app.notifications import queries, service
from ideas_app.notifications.rules import Why

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.answers.models import AnswerWork
    from ideas_app.ideas.models import Idea


def duty_of(account_ids: Iterable[int | None], idea: Idea) -> dict[Why, dict[int, Idea]]:
    """Staff whose work an idea is."""
    return {Why.DUTY: {one: idea for one in account_ids if one is not None}}


@handles(NoteWritten)
def tell_note(event: NoteWritten) -> None:
    """Colleagues hear that a note names them; its words stay at the desk."""
    note = moderation.get_note(event.note_id)
    names = accounts.nicknames_of([note.author_id] if note.author_id else [])
    ties = duty_of(note.mentioned, ideas.get_idea(note.idea_id))
    name = names.get(note.author_id or 0, "")
    service.tell("note", note.id, ties, doers=[note.author_id], name=name)


@handles(AppealFiled)
def tell_appeal_filed(event: AppealFiled) -> None:
    """Moderators hear of an appeal, but the one whose rejection it is about: another decides."""
    appeal = moderation.get_appeal(event.appeal_id)
    ties = duty_of(queries.list_moderators(), ideas.get_idea(appeal.idea_id))
    doers = [appeal.rejected_by, appeal.author_id]
    service.tell("appeal_filed", appeal.id, ties, doers=doers, appeal_id=appeal.id)


@handles(ObjectionFiled)
def tell_objection_filed(event: ObjectionFiled) -> None:
    """Moderators hear of an objection, but the one who formed the family: another decides."""
    objection = moderation.get_objection(event.objection_id)
    idea = ideas.get_idea(objection.idea_id)
    doers = [moderation.find_former(objection.family_id), idea.author_id]
    ties = duty_of(queries.list_moderators(), idea)
    service.tell("objection_filed", objection.id, ties, doers=doers, objection_id=objection.id)


@handles(AnswerAssigned)
def tell_assigned(event: AnswerAssigned) -> None:
    """Whoever takes an answer; where only a department is named, its officials."""
    row, work = _at_work(event.answer_id)
    people = [event.account_id]
    if event.account_id is None and work.department:
        people = [*queries.list_officials(work.department)]
    # a draft may go to and fro within a day: each event is a happening of its own
    ties = duty_of(people, row.idea)
    service.tell("assigned", outbox.once_key(), ties, answer_id=row.answer.id)


@handles(AnswerReviewAsked)
def tell_review_asked(event: AnswerReviewAsked) -> None:
    """The second pair of eyes: whoever was asked, or every official but the writer."""
    row, work = _at_work(event.answer_id)
    people = [event.account_id] if event.account_id else queries.list_officials()
    ties = duty_of(people, row.idea)
    doers = [work.asked_by, work.saved_by]
    service.tell("review_asked", outbox.once_key(), ties, doers=doers, answer_id=row.answer.id)


@handles(AnswerReviewed)
def tell_reviewed(event: AnswerReviewed) -> None:
    """Whoever asked, and whoever wrote it, hear whether the draft may go out, or what to mend."""
    row, work = _at_work(event.answer_id)
    happening = "review_approved" if event.approved else "review_returned"
    service.tell(
        happening,
        outbox.once_key(),
        duty_of([work.asked_by, work.saved_by], row.idea),
        doers=[work.reviewed_by],
        answer_id=row.answer.id,
        reason=work.review_word or None,
    )


def _at_work(answer_id: int) -> tuple[answers.AnswerRow, AnswerWork]:
    return answers.get_row(answer_id), answers.find_work(answer_id)


@handles(PromiseDue)
def tell_promise_due(event: PromiseDue) -> None:
    """The official who has the answer in hand or wrote it, else every official, is asked what became of a promise."""
    promise = answers.get_promise(event.promise_id)
    row, work = _at_work(promise.answer_id)
    wrote = queries.list_open([work.assignee_id or row.answer.written_by])
    once = f"{promise.id}:{promise.moved_to or promise.due_on}"
    ties = duty_of(wrote or queries.list_officials(), row.idea)
    service.tell("promise_due", once, ties, promise_id=promise.id)


@handles(EvaluationAsked)
def tell_evaluation_asked(event: EvaluationAsked) -> None:
    """The evaluator hears that an evaluation of an idea was asked of them; the question itself comes after the
    blind scores, on the page.
    """
    asked = evaluations.get_evaluation(event.evaluation_id)
    idea = evaluations.ideas_of(evaluations.subject_of(asked))[0]
    ties = duty_of([asked.account_id], idea)
    doers = [asked.asked_by]
    service.tell("evaluation_asked", asked.id, ties, doers=doers, evaluation_id=asked.id)


@handles(EvaluationClosed)
def tell_evaluation_closed(event: EvaluationClosed) -> None:
    """Whoever asked hears that the evaluation is done; what it found is not told."""
    closed = evaluations.get_evaluation(event.evaluation_id)
    idea = evaluations.ideas_of(evaluations.subject_of(closed))[0]
    once, ties = outbox.once_key(), duty_of([closed.asked_by], idea)
    doers = [closed.account_id]
    service.tell("evaluation_closed", once, ties, doers=doers, evaluation_id=closed.id)
