"""The verbs of answers: opening the clock, answering, extending once, saying what became of a promise.

Must not know how shortlists are computed; `answers` stands above `shortlists` and opens a clock for
each entry of a published one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.adapters.holidays import is_day_off
from ideas_app.answers import policy, queries
from ideas_app.answers.events import AnswerExtended, AnswerPublished, PromiseChanged
from ideas_app.answers.models import Answer, Decision, Promise, PromiseStatus
from ideas_app.answers.rules import DECIDED, AnswerContent, due_on, extension_fault, faults_of
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.queries import get_by_id
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.markup import render
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.shortlists import queries as shortlists

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ideas_app.core.actor import Actor
    from ideas_app.shortlists.models import Round, RoundEntry

WHAT_HAPPENED_MAX = 300


# -- opening the clock -----------------------------------------------------------------------------


def open_answer(actor: Actor, subject: Idea | Family, received_on: date) -> Answer:
    """Starts the clock of an idea or a family: due so many Korean working days after `received_on` as
    its campaign's rules say.

    Opening twice gives the answer that is there, its clock unchanged. An idea within a family is
    answered with the family. A family takes over the earliest clock that runs for one of its members:
    joining ideas puts no answer off.
    """
    policy.may_open(actor).require()
    if isinstance(subject, Idea) and subject.family_id is not None:
        subject = session().get_one(Family, subject.family_id)
    # two events about one subject must not both find nothing
    session().execute(
        select(type(subject).id).where(type(subject).id == subject.id).with_for_update()
    )
    existing = queries.find_of_subject(subject)
    if existing is not None:
        return existing
    if isinstance(subject, Family):
        running = queries.list_running_of_members(subject.id)
        if running:
            return _hand_over(running, subject)
    days = rules_of(get_by_id(subject.campaign_id)).answer_days
    answer = Answer(
        idea_id=subject.id if isinstance(subject, Idea) else None,
        family_id=subject.id if isinstance(subject, Family) else None,
        received_on=received_on,
        due_on=due_on(received_on, days, is_day_off),
        promises=[],
    )
    session().add(answer)
    session().flush()
    return answer


def close_answer(actor: Actor, idea: Idea) -> bool:
    """Stops a clock that runs for an idea, or its family, without cause; whether there was one.

    What the city has begun to write stays, and so does the clock of a family of which another member is
    still owed an answer.
    """
    policy.may_open(actor).require()
    subject = idea if idea.family_id is None else session().get_one(Family, idea.family_id)
    owed = select(Idea.id).where(
        Idea.family_id == idea.family_id, Idea.answer_due_latched_at.is_not(None)
    )
    if idea.family_id is not None and session().scalar(owed.limit(1)) is not None:
        return False
    answer = queries.find_of_subject(subject)
    if answer is None or answer.answered_at is not None or answer.written_by is not None:
        return False
    session().delete(answer)
    session().flush()
    return True


def _hand_over(running: list[Answer], family: Family) -> Answer:
    first, *others = running
    for answer in others:
        session().delete(answer)
    first.idea_id = None
    first.family_id = family.id
    session().flush()
    return first


def give_clocks_back(actor: Actor, family: Family, idea_ids: Iterable[int]) -> list[Answer]:
    """Ideas that left a family, or whose family was split, have the clocks that are their own.

    Each that had earned an answer with its own supports is owed one from the day on which it had,
    with the family's extension where the family's clock was that one. A split family is owed none.
    """
    policy.may_open(actor).require()
    session().refresh(family, with_for_update=True)
    of_family = queries.find_of_subject(family)
    opened = []
    for idea_id in idea_ids:
        idea = session().get_one(Idea, idea_id)
        if idea.family_id is not None or idea.answer_earned_at is None:
            continue
        answer = open_answer(actor, idea, clock.local_date(idea.answer_earned_at))
        if of_family and of_family.received_on == answer.received_on and not answer.extended_to:
            answer.extended_to = of_family.extended_to
            answer.extension_reason = of_family.extension_reason
        opened.append(answer)
    if family.split_at is not None and of_family and of_family.answered_at is None:
        session().delete(of_family)
    session().flush()
    return opened


def open_answers(actor: Actor, round_: Round) -> list[Answer]:
    """Opens an answer for each elected entry of a published round, counted from the day of its
    publication. Where the city has answered already, the ideas stand as answered at once.
    """
    received_on = clock.local_date(round_.published_at or clock.now())
    answers = [
        open_answer(actor, _subject_of(entry), received_on)
        for entry in shortlists.list_elected(round_)
    ]
    for answer in answers:
        if answer.answered_at is not None:
            _mark_answered(answer)
    return answers


def _subject_of(entry: RoundEntry) -> Idea | Family:
    if entry.idea_id is not None:
        return session().get_one(Idea, entry.idea_id)
    return session().get_one(Family, entry.family_id)


# -- answering -------------------------------------------------------------------------------------


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
    _mark_answered(answer)
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


def _mark_answered(answer: Answer) -> None:
    _move(queries.list_ideas_of(answer), DECIDED, State.ANSWERED)


def _move(found: Iterable[Idea], from_states: frozenset[State], to: State) -> None:
    for idea in found:
        if idea.state in from_states:
            ideas.change_state(idea, to)


def extend(actor: Actor, answer: Answer, to: date, reason: str) -> Answer:
    """Moves the due day once, with a reason that everybody reads.

    Raises `Refused` the second time, `Invalid` for a day that is not later or a missing reason.
    """
    session().refresh(answer, with_for_update=True)
    policy.may_extend(actor, answer).require()
    fault = extension_fault(to=to, due_on=answer.due_on, today=clock.today())
    if fault:
        raise Invalid(fault)
    answer.extended_to = to
    answer.extension_reason = text.normalise(reason)
    diff = {"due_on": [answer.due_on.isoformat(), to.isoformat()]}
    tag = Tag.ANSWER_EXTENDED
    audit.record(actor, tag, "answer", answer.id, reason=answer.extension_reason, diff=diff)
    outbox.publish(AnswerExtended(answer.id))
    return answer


# -- promises --------------------------------------------------------------------------------------


def change_promise(
    actor: Actor,
    promise: Promise,
    status: PromiseStatus,
    what_happened: str,
    *,
    moved_to: date | None = None,
) -> Promise:
    """Says what became of a promise: done, moved (to a later day) or dropped, each with a word on why.

    Raises `Refused` for a closed promise, `Invalid` for a missing word or a move without a later day.
    """
    session().refresh(promise, with_for_update=True)
    policy.may_change_promise(actor, promise).require()
    faults = _change_faults(promise, status, what_happened, moved_to)
    if faults:
        raise Invalid(*faults)
    before = promise.status
    promise.status = status
    promise.status_on = clock.today()
    promise.moved_to = moved_to if status is PromiseStatus.MOVED else None
    promise.what_happened = text.normalise(what_happened)
    diff = {
        "status": [before.value, status.value],
        "due_on": promise.due_on.isoformat(),
        "moved_to": promise.moved_to.isoformat() if promise.moved_to else None,
    }
    audit.record(actor, Tag.PROMISE_CHANGED, "promise", promise.id, diff=diff)
    outbox.publish(PromiseChanged(promise.id))
    _finish_when_kept(promise.answer_id)
    return promise


def _change_faults(
    promise: Promise, status: PromiseStatus, what_happened: str, moved_to: date | None
) -> list[Fault]:
    faults = []
    if status is PromiseStatus.OPEN:
        faults.append(Fault("status", "open", _l("Choose what became of the promise.")))
    if not what_happened.strip():
        message = _l("Say in a sentence what happened.")
        faults.append(Fault("what_happened", "missing", message))
    if text.length(what_happened) > WHAT_HAPPENED_MAX:
        message = _l("Too long: at most %(most)s characters.", most=WHAT_HAPPENED_MAX)
        faults.append(Fault("what_happened", "too_long", message))
    last = max(promise.moved_to or promise.due_on, clock.today())
    if status is PromiseStatus.MOVED and (moved_to is None or moved_to <= last):
        message = _l("Give the new date: a day to come, after the one promised.")
        faults.append(Fault("moved_to", "not_later", message))
    return faults


def _finish_when_kept(answer_id: int) -> None:
    """An adopted idea whose every promise was kept is done."""
    session().flush()
    answer = queries.get_answer(answer_id)
    promises = queries.list_promises(answer_id)
    kept = all(promise.status is PromiseStatus.DONE for promise in promises)
    if promises and kept and answer.decision in {Decision.ADOPTED, Decision.PARTLY}:
        _move(queries.list_ideas_of(answer), frozenset({State.ANSWERED}), State.DONE)
