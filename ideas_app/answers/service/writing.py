"""Publishing what was drafted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.answers import policy, queries
from ideas_app.answers.events import AnswerChanged, AnswerPublished
from ideas_app.answers.models import Answer, Promise, Review
from ideas_app.answers.rules.desk import WORD_MAX
from ideas_app.answers.service.drafts import clear_draft, hold_work, require_version, save_draft
from ideas_app.answers.service.states import mark_answered
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.markup import render
from ideas_app.ideas.models import Family

if TYPE_CHECKING:
    from datetime import date, datetime

    from ideas_app.answers.models import AnswerWork
    from ideas_app.answers.rules import AnswerContent
    from ideas_app.core.actor import Actor


def write_answer(
    actor: Actor, answer: Answer, content: AnswerContent, *, reason: str = ""
) -> Answer:
    """Writes and publishes in one act: `save_draft`, then `publish`, with every rule of both."""
    save_draft(actor, answer, content)
    return publish(actor, answer, reason=reason)


def publish(
    actor: Actor,
    answer: Answer,
    *,
    version: int | None = None,
    reason: str | None = "",
    due_at: datetime | None = None,
) -> Answer:
    """Publishes the draft of an answer, or its changes; the ideas it is about stand as answered.

    Promises are added, never taken back. A family that was answered is not taken apart any more. Without the
    second pair of eyes that is needed only an administrator goes on, with a `reason` that the public log keeps;
    None closes that way. With `due_at` only while that is still the time set for it.

    Raises `Refused` for anybody but officials and for a missing approval, `Conflict` for another version or
    time, a missing draft or a family that was split meanwhile, `Invalid` with every fault of the draft.
    """
    policy.may_write(actor).require()
    family = _hold_family(answer)
    work = hold_work(answer)
    require_version(work, version)
    if due_at is not None and work.publish_at != due_at:
        raise Conflict("time_moved", _l("Another time was set meanwhile."))
    scheduled_by = work.scheduled_by if due_at is not None else None
    reason = require_publishable(actor, answer, work, day=clock.today(), reason=reason)
    content = queries.draft_of(answer, work)
    before = _snapshot(answer)
    first = answer.answered_at is None
    _fill(answer, content)
    answer.written_by = work.saved_by or actor.id
    if first:
        answer.answered_at = clock.now()
        if family is not None:
            family.answered_at = answer.answered_at
    else:
        answer.changed_at = clock.now()
    session().flush()
    added = _add_promises(answer, content)
    mark_answered(answer)
    after = _snapshot(answer)
    diff: dict[str, Any] = {
        name: [before[name], after[name]] for name in after if before[name] != after[name]
    }
    if added:
        diff["promises_added"] = added
    if work.review is Review.APPROVED:
        diff["approved_by"] = work.reviewed_by
    if scheduled_by is not None:
        diff["scheduled_by"] = scheduled_by
    tag = Tag.ANSWER_PUBLISHED if first else Tag.ANSWER_CHANGED
    audit.record(actor, tag, "answer", answer.id, reason=reason, diff=diff)
    clear_draft(work)
    outbox.publish(AnswerPublished(answer.id) if first else AnswerChanged(answer.id))
    return answer


def require_publishable(
    actor: Actor, answer: Answer, work: AnswerWork, *, day: date, reason: str | None
) -> str:
    """Raises unless a draft may be published by an actor and is whole on a day; the reason to be logged.

    `Conflict` without a draft, `Refused` without a needed approval, `Invalid` (field `alone`) where an
    administrator goes on without one and gives no reason, `Invalid` with every fault of the draft. With a
    `reason` of None nobody goes on without an approval.
    """
    policy.may_write(actor).require()
    if work.draft is None:
        message = _l("There is no draft to publish: nothing was changed since the last time.")
        raise Conflict("no_draft", message)
    faults = queries.faults_of_draft(answer, queries.draft_of(answer, work), day)
    if faults:
        raise Invalid(*faults)
    second = queries.needs_second(queries.get_row(answer.id).campaign)
    verdict = policy.may_publish(actor, work, needs_second=second)
    if verdict:
        return ""
    if reason is None or not policy.may_publish_alone(actor):
        verdict.require()
    reason = text.one_line(reason or "")
    if not reason:
        message = _l(
            "Nobody else has approved this draft. Say why it cannot wait: the reason stands in the public log."
        )
        raise Invalid(Fault("alone", "reason_missing", message))
    if text.length(reason) > WORD_MAX:
        message = _l("Too long: at most %(most)s characters.", most=WORD_MAX)
        raise Invalid(Fault("alone", "too_long", message))
    return reason


def _hold_family(answer: Answer) -> Family | None:
    """The family that is answered, as it is now; it is not split while this transaction runs."""
    if answer.family_id is None:
        return None
    family = session().get_one(Family, answer.family_id)
    session().refresh(family, with_for_update=True)
    if family.split_at is not None:
        message = _l("This family has been split: every idea is answered on its own.")
        raise Conflict("family_split", message)
    return family


def _fill(answer: Answer, content: AnswerContent) -> None:
    answer.decision = content.decision
    answer.headline = text.one_line(content.headline)
    answer.reason = text.normalise(content.reason)
    answer.reason_html = render(answer.reason)
    answer.department = text.one_line(content.department)
    answer.post = text.one_line(content.post)
    promised = [promise.due_on for promise in content.promises if promise.due_on]
    answer.next_on = content.next_on or min(promised, default=answer.next_on)


def _snapshot(answer: Answer) -> dict[str, Any]:
    return {
        "decision": answer.decision.value if answer.decision else None,
        "headline": answer.headline,
        "reason": answer.reason,
        "department": answer.department,
        "post": answer.post,
        "next_on": answer.next_on.isoformat() if answer.next_on else None,
    }


def _add_promises(answer: Answer, content: AnswerContent) -> int:
    """Adds promises that are not there yet; how many. One that was made is never taken back, only
    moved or dropped.
    """
    known = {(promise.text, promise.due_on) for promise in queries.list_promises(answer.id)}
    added = 0
    for promise in content.promises:
        wording = text.one_line(promise.text)
        if promise.due_on and (wording, promise.due_on) not in known:
            known.add((wording, promise.due_on))
            row = Promise(
                answer_id=answer.id, text=wording, due_on=promise.due_on, made_at=clock.now()
            )
            session().add(row)
            added += 1
    session().flush()
    session().expire(answer, ["promises"])
    return added
