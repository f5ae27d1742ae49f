"""Keeping a draft: apart from what is published, never lost when two people write at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.answers import policy, queries
from ideas_app.answers.models import Answer, AnswerWork, Review
from ideas_app.answers.rules.drafts import draft_faults, to_plain
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Invalid
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from ideas_app.answers.rules import AnswerContent
    from ideas_app.core.actor import Actor


def hold_work(answer: Answer) -> AnswerWork:
    """How an answer stands at the desk, as it is now; nobody else changes it until the transaction ends."""
    session().refresh(answer, with_for_update=True)
    work = session().get(AnswerWork, answer.id, populate_existing=True)
    if work is None:
        work = AnswerWork(
            answer_id=answer.id, version=0, department="", review=Review.NONE, review_word=""
        )
        session().add(work)
        session().flush()
    return work


def save_draft(
    actor: Actor, answer: Answer, content: AnswerContent, *, version: int | None = None
) -> AnswerWork:
    """Keeps what was written so far; gaps are allowed. What is published stays as it is.

    `version` is the one that the writer began from: another one by now raises `Conflict` (`draft_changed`).
    A change ends an approval and takes a set time back, for both were about the words before. Who begins to
    write an answer of nobody's has it. Raises `Refused`, `Invalid` for what does not fit.
    """
    policy.may_write(actor).require()
    work = hold_work(answer)
    plain = to_plain(content)
    if plain == to_plain(queries.draft_of(answer, work)):
        return work
    require_version(work, version)
    faults = draft_faults(content)
    if faults:
        raise Invalid(*faults)
    work.draft = plain
    work.saved_by, work.saved_at = actor.id, clock.now()
    if work.assignee_id is None and actor.id is not None:
        work.assignee_id = actor.id
        work.department = work.department or queries.department_of(actor.id)
        diff = {"to": actor.id, "from": None}
        audit.record(actor, Tag.ANSWER_ASSIGNED, "answer", answer.id, diff=diff)
    _move_on(work)
    if work.review is Review.APPROVED:
        work.review = Review.NONE
    session().flush()
    return work


def discard_draft(actor: Actor, answer: Answer, *, version: int | None = None) -> AnswerWork:
    """Gives a draft up: what is published, or nothing, stands again. Raises `Refused`, `Conflict`."""
    policy.may_write(actor).require()
    work = hold_work(answer)
    require_version(work, version)
    if work.draft is not None:
        audit.record(actor, Tag.ANSWER_DISCARDED, "answer", answer.id)
        clear_draft(work)
    return work


def give_draft(of: Answer, to: Answer) -> None:
    """What was written for an answer that is given up goes on in another one, unless that has a draft of its own.

    Approvals and set times do not: they were about something else.
    """
    source, target = queries.find_work(of.id), hold_work(to)
    if source.draft is None or target.draft is not None:
        return
    target.draft, target.saved_by, target.saved_at = source.draft, source.saved_by, source.saved_at
    target.assignee_id = target.assignee_id or source.assignee_id
    target.department = target.department or source.department
    _move_on(target)
    session().flush()


def clear_draft(work: AnswerWork) -> None:
    """Nothing is drafted any more, so nothing is asked, approved or set either."""
    work.draft = None
    work.review, work.review_word = Review.NONE, ""
    work.asked_of = work.asked_by = work.asked_at = None
    work.reviewed_by = work.reviewed_at = None
    _move_on(work)
    session().flush()


def require_version(work: AnswerWork, version: int | None) -> None:
    """Raises `Conflict` unless the draft is the one that was looked at."""
    if version is not None and version != work.version:
        message = _l(
            "Somebody changed this draft while you had it open. Nothing was overwritten: compare both texts, "
            "then save again."
        )
        raise Conflict("draft_changed", message)


def _move_on(work: AnswerWork) -> None:
    work.version += 1
    work.publish_at = work.scheduled_by = None
