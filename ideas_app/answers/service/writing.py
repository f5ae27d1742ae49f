"""Writing an answer and publishing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.answers import policy, queries
from ideas_app.answers.events import AnswerPublished
from ideas_app.answers.models import Answer, Promise
from ideas_app.answers.rules import AnswerContent, faults_of
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
    from ideas_app.core.actor import Actor


def write_answer(actor: Actor, answer: Answer, content: AnswerContent) -> Answer:
    """Publishes an answer, or changes a published one; the ideas it is about stand as answered.

    Promises are added, never taken back. A family that was answered is not taken apart any more.
    Raises `Refused` for anybody but officials, `Conflict` for a family that was split meanwhile,
    `Invalid` with every fault of the content.
    """
    policy.may_write(actor).require()
    family = _hold_family(answer)
    session().refresh(answer, with_for_update=True)
    faults = faults_of(
        content,
        today=clock.today(),
        had_next_on=answer.next_on,
        has_promises=bool(queries.list_promises(answer.id)),
    )
    faults += _length_faults(content)
    if faults:
        raise Invalid(*faults)
    before = _snapshot(answer)
    first = answer.answered_at is None
    _fill(answer, content)
    answer.written_by = actor.id
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
    tag = Tag.ANSWER_PUBLISHED if first else Tag.ANSWER_CHANGED
    audit.record(actor, tag, "answer", answer.id, diff=diff)
    if first:
        outbox.publish(AnswerPublished(answer.id))
    return answer


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


def _length_faults(content: AnswerContent) -> list[Fault]:
    limits = (("headline", content.headline, 200), ("department", content.department, 80))
    return [
        Fault(name, "too_long", _l("Too long: at most %(most)s characters.", most=most))
        for name, value, most in (*limits, ("post", content.post, 80))
        if len(text.one_line(value)) > most
    ]


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
