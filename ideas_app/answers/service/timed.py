"""Publishing at a set time: the draft goes out by itself if nothing changed until then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.answers import policy, queries
from ideas_app.answers.events import AnswerToPublish
from ideas_app.answers.models import AnswerWork
from ideas_app.answers.queries import GONE
from ideas_app.answers.rules.desk import time_fault
from ideas_app.answers.service.drafts import hold_work, require_version
from ideas_app.answers.service.writing import publish, require_publishable
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session
from ideas_app.core.errors import DomainError, Invalid
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.answers.models import Answer
    from ideas_app.core.actor import Actor


def schedule(
    actor: Actor, answer: Answer, at: datetime, *, version: int | None = None
) -> AnswerWork:
    """Sets the time at which a draft is published by itself: it must be fit to be published on that day.

    Setting another time replaces the first. Where a second pair of eyes is needed, nobody sets a time alone.
    Raises as `publish`, and `Invalid` (field `at`) for a time that has passed or lies too far away.
    """
    policy.may_write(actor).require()
    work = hold_work(answer)
    require_version(work, version)
    fault = time_fault(at, clock.now())
    if fault:
        raise Invalid(fault)
    require_publishable(actor, answer, work, day=clock.local_date(at), reason=None)
    work.publish_at, work.scheduled_by = at, actor.id
    diff = {"at": at.isoformat(), "version": work.version}
    audit.record(actor, Tag.ANSWER_SCHEDULED, "answer", answer.id, diff=diff)
    with outbox.delayed(at - clock.now()):
        outbox.publish(AnswerToPublish(answer.id, at.isoformat(), work.version))
    return work


def unschedule(actor: Actor, answer: Answer, reason: str = "") -> AnswerWork:
    """Takes a set time back; the draft and its approval stay. Without one, nothing happens."""
    policy.may_write(actor).require()
    work = hold_work(answer)
    if work.publish_at is not None:
        work.publish_at = work.scheduled_by = None
        audit.record(actor, Tag.ANSWER_UNSCHEDULED, "answer", answer.id, reason=reason)
    return work


def publish_scheduled(answer_id: int, at: datetime, version: int) -> bool:
    """Publishes a draft whose set time has come; whether it went out.

    Nothing happens where another time was set, the draft was changed or the time was taken back. Where the
    draft is not fit any more (its approval ended, a promised day has passed, the idea is gone), the time is
    taken back, with the reason in the log.
    """
    work = session().get(AnswerWork, answer_id)
    if work is None or work.publish_at != at or work.version != version or at > clock.now():
        return False
    answer = queries.get_answer(answer_id)
    row = queries.get_row(answer_id)
    if not row.is_family and row.idea.state in GONE:
        unschedule(SYSTEM, answer, str(_l("The idea is gone: nobody has to answer it any more.")))
        return False
    try:
        with session().begin_nested():
            publish(SYSTEM, answer, version=version, reason=None, due_at=at)
    except DomainError as fault:
        if fault.code in {"draft_changed", "time_moved"}:
            return False
        unschedule(SYSTEM, answer, str(fault.message))
        return False
    return True


def publish_due() -> int:
    """Publishes what should have gone out by now and did not, as after a night without a worker; how many.

    Running twice publishes nothing twice.
    """
    due = session().execute(
        select(AnswerWork.answer_id, AnswerWork.publish_at, AnswerWork.version)
        .where(AnswerWork.publish_at <= clock.now())
        .order_by(AnswerWork.publish_at, AnswerWork.answer_id)
    )
    return sum(publish_scheduled(key, at, version) for key, at, version in due.all() if at)
