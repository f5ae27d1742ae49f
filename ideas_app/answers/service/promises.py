"""Saying what became of promises, one or many; taking a wrong "kept" back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.answers import policy, queries
from ideas_app.answers.events import PromiseChanged
from ideas_app.answers.models import Decision, Promise, PromiseStatus, PromiseStep, StepKind
from ideas_app.answers.rules.promises import (
    KIND_OF,
    Word,
    sentence_faults,
    status_after_reopening,
    word_faults,
)
from ideas_app.answers.service.pictures import hang
from ideas_app.answers.service.states import move
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ideas_app.answers.models import PromisePicture
    from ideas_app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Change:
    """A word on one of many promises. `seen` is the last entry of its trail that was on the screen."""

    promise_id: int
    word: Word
    seen: int


def change_promise(
    actor: Actor,
    promise: Promise,
    status: PromiseStatus,
    what_happened: str,
    *,
    moved_to: date | None = None,
    pictures: Sequence[PromisePicture] = (),
) -> Promise:
    """Says what became of a promise: done, moved (to a later day) or dropped, each with a word on why.

    The word joins the promise's trail, with pictures if there are any. Raises `Refused` for a closed
    promise, `Invalid` for a missing word or a move without a later day.
    """
    session().refresh(promise, with_for_update=True)
    policy.may_change_promise(actor, promise).require()
    word = Word(status, what_happened, moved_to)
    faults = word_faults(word, promised_for=promised_for(promise), today=clock.today())
    if faults:
        raise Invalid(*faults)
    _say(actor, promise, word, pictures)
    return promise


def change_promises(actor: Actor, changes: Sequence[Change]) -> int:
    """Says what became of several promises: all of them or, where one word cannot stand, none; how many.

    Raises `Refused` for anybody but officials, `Invalid` with every fault, each at `<promise id>-<field>`.
    """
    policy.may_write(actor).require()
    held = {promise.id: promise for promise in queries.hold_promises(c.promise_id for c in changes)}
    last = queries.last_steps_of(held)
    faults = []
    for change in changes:
        found = _faults_of(actor, held.get(change.promise_id), change, last)
        faults += [
            Fault(f"{change.promise_id}-{fault.field}", fault.code, fault.message)
            for fault in found
        ]
    if faults:
        raise Invalid(*faults)
    for change in changes:
        _say(actor, held[change.promise_id], change.word, ())
    return len(changes)


def _faults_of(
    actor: Actor, promise: Promise | None, change: Change, last: dict[int, int]
) -> list[Fault]:
    if promise is None:
        return [Fault("status", "no_promise", _l("There is no such promise."))]
    verdict = policy.may_change_promise(actor, promise)
    if not verdict:
        return [Fault("status", verdict.code, verdict.reason)]
    if last.get(promise.id, 0) != change.seen:
        message = _l("A colleague has said something meanwhile. Open the promise and look again.")
        return [Fault("status", "changed_meanwhile", message)]
    today = clock.today()
    return word_faults(change.word, promised_for=promised_for(promise), today=today)


def promised_for(promise: Promise) -> date:
    """The day that holds now."""
    return promise.moved_to or promise.due_on


def _say(
    actor: Actor, promise: Promise, word: Word, pictures: Sequence[PromisePicture]
) -> PromiseStep:
    """Writes a word that was found good: the promise as it stands now, its trail, the log, the event."""
    before, day = promise.status, promised_for(promise)
    promise.status = word.status
    promise.status_on = clock.today()
    promise.what_happened = text.normalise(word.what_happened)
    if word.status is PromiseStatus.MOVED:
        promise.moved_to = word.moved_to
    step = PromiseStep(
        promise_id=promise.id,
        kind=KIND_OF[word.status],
        text=promise.what_happened,
        promised_for=day,
        moved_to=word.moved_to if word.status is PromiseStatus.MOVED else None,
        made_at=clock.now(),
        made_by=actor.id,
    )
    session().add(step)
    hang(step, pictures)
    diff = {
        "status": [before.value, word.status.value],
        "due_on": day.isoformat(),
        "moved_to": step.moved_to.isoformat() if step.moved_to else None,
    }
    audit.record(actor, Tag.PROMISE_CHANGED, "promise", promise.id, diff=diff)
    outbox.publish(PromiseChanged(promise.id))
    _finish_when_kept(promise.answer_id)
    return step


def reopen_promise(actor: Actor, promise: Promise, reason: str) -> Promise:
    """Takes a wrong "kept" back, with a reason that everybody reads: the promise stands as before it.

    An idea that was done with it is answered again. Raises `Refused` for any other promise and after
    some days, `Invalid` without a reason.
    """
    session().refresh(promise, with_for_update=True)
    policy.may_reopen_promise(actor, promise, today=clock.today()).require()
    faults = sentence_faults("reason", reason)
    if faults:
        raise Invalid(*faults)
    said = text.normalise(reason)
    promise.status = status_after_reopening(promise.moved_to)
    promise.status_on = clock.today()
    promise.what_happened = said
    step = PromiseStep(
        promise_id=promise.id,
        kind=StepKind.REOPENED,
        text=said,
        promised_for=promised_for(promise),
        made_at=clock.now(),
        made_by=actor.id,
    )
    session().add(step)
    session().flush()
    diff = {"status": [PromiseStatus.DONE.value, promise.status.value]}
    audit.record(actor, Tag.PROMISE_REOPENED, "promise", promise.id, reason=said, diff=diff)
    outbox.publish(PromiseChanged(promise.id))
    answer = queries.get_answer(promise.answer_id)
    move(queries.list_ideas_of(answer), frozenset({State.DONE}), State.ANSWERED)
    return promise


def _finish_when_kept(answer_id: int) -> None:
    """An adopted idea whose every promise was kept is done."""
    session().flush()
    answer = queries.get_answer(answer_id)
    promises = queries.list_promises(answer_id)
    kept = all(promise.status is PromiseStatus.DONE for promise in promises)
    if promises and kept and answer.decision in {Decision.ADOPTED, Decision.PARTLY}:
        move(queries.list_ideas_of(answer), frozenset({State.ANSWERED}), State.DONE)
