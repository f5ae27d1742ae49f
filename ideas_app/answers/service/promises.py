"""Saying what became of a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.answers import policy, queries
from ideas_app.answers.events import PromiseChanged
from ideas_app.answers.models import Decision, Promise, PromiseStatus
from ideas_app.answers.service.states import move
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import State

if TYPE_CHECKING:
    from datetime import date

    from ideas_app.core.actor import Actor


WHAT_HAPPENED_MAX = 300


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
        move(queries.list_ideas_of(answer), frozenset({State.ANSWERED}), State.DONE)
