"""Claiming rows and running their handlers.

A claim is a lease: it ends after `LEASE` unless whoever holds it says that it still lives, so the rows of a
worker that was killed come back within a minute, and a handler may take as long as it needs. At the end a
handler that runs inside a transaction commits only while the claim is still its own: of two workers that were
both handed a row (one of them stood still for too long), the work of one counts. Must not know any handler.
"""

from __future__ import annotations

import logging
import secrets
import threading
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select, update

from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox.publishing import handler_of, runs_outside
from ideas_app.core.outbox.rows import OutboxEvent

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.sql import ColumnElement

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
LEASE = timedelta(seconds=60)
"""How long a claim holds without a sign of life: `renew_claims` is to be called several times within it."""


class Later(Exception):
    """A handler's way to say: not now, through no fault of the event. Not counted as an attempt."""

    def __init__(self, by: timedelta, why: str) -> None:
        super().__init__(why)
        self.by = by
        self.why = why


class GivenUp(Exception):
    """A handler's way to say: trying again by itself would be wrong; somebody has to look at it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _LostClaimError(Exception):
    """Somebody else works on the row now."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that is ours for now."""

    event_id: int
    mark: str


_held: dict[int, Claim] = {}
"""What this process works on, so that one thread can renew it all."""
_held_lock = threading.Lock()
_running: ContextVar[tuple[int, datetime] | None] = ContextVar("running_event", default=None)


def running_event() -> int | None:
    """The id of the event that is being handled here, if one is."""
    running = _running.get()
    return running[0] if running else None


def once_key() -> str:
    """A text that is the same for each attempt at the event being handled, and never given to another.

    Outside a handler: a fresh one. With its instant, as SQLite may give the id of a deleted row again.
    """
    running = _running.get()
    if running is None:
        return secrets.token_hex(16)
    return f"{running[0]}-{int(running[1].timestamp() * 1_000_000)}"


def _is_open() -> tuple[ColumnElement[bool], ...]:
    return (OutboxEvent.done_at.is_(None), OutboxEvent.dead_at.is_(None))


def due_lanes() -> list[str]:
    """The lanes in which something waits for a worker."""
    query = select(OutboxEvent.lane).where(*_is_open(), OutboxEvent.due_at <= clock.now())
    found = session().scalars(query.distinct()).all()
    session().rollback()
    return sorted(found)


def claim_one(lane: str | None = None) -> Claim | None:
    """Claims the event that is due for longest, of one lane or of any; None when nothing is due.

    An event that was handed out `MAX_ATTEMPTS` times and never came back (it kills its workers) is dead.
    """
    now = clock.now()
    due = select(OutboxEvent).where(*_is_open(), OutboxEvent.due_at <= now)
    if lane is not None:
        due = due.where(OutboxEvent.lane == lane)
    due = due.order_by(OutboxEvent.due_at, OutboxEvent.id).limit(1)
    while True:
        # a look without the write lock first: most looks find nothing
        seen = session().scalar(due.with_only_columns(OutboxEvent.id))
        session().rollback()
        if seen is None:
            return None
        with transaction() as current:
            row = current.scalar(due.with_for_update(skip_locked=True))
            if row is None:
                return None
            if row.attempts >= MAX_ATTEMPTS:
                row.dead_at, row.claim = now, None
                row.error = row.error or "WorkerLost"
                continue
            row.claim = secrets.token_hex(8)
            row.due_at = now + LEASE
            row.attempts += 1
            return Claim(row.id, row.claim)


def renew_claims() -> int:
    """Says that this process lives and still works on what it holds; how many claims were prolonged."""
    with _held_lock:
        held = list(_held.values())
    return sum(_renew(claim) for claim in held)


def _renew(claim: Claim) -> int:
    # each in a transaction of its own: one that waits for a handler's end must not hold up another's
    with transaction() as current:
        mine = (OutboxEvent.id == claim.event_id, OutboxEvent.claim == claim.mark)
        found = current.execute(
            update(OutboxEvent)
            .where(*mine, *_is_open())
            .values(due_at=clock.now() + LEASE)
            .returning(OutboxEvent.id)
            .execution_options(synchronize_session=False)
        )
        return len(found.all())


def holds_claims() -> bool:
    """Whether this process works on anything now."""
    return bool(_held)


def run_one(claim: Claim) -> bool:
    """Runs a claimed event's handler; whether it went well. A failure is noted and tried again later."""
    with _held_lock:
        _held[claim.event_id] = claim
    token = None
    try:
        handler, event, happened = _load(claim)
        token = _running.set((claim.event_id, happened))
        _run(claim, handler, event)
    except _LostClaimError:
        log.warning("outbox event %s was taken over by another worker", claim.event_id)
        return False
    except Later as later:
        log.info("outbox event %s waits: %s", claim.event_id, later.why)
        _put_off(claim, later)
        return False
    except GivenUp as fault:
        log.warning("outbox event %s is given up: %s", claim.event_id, fault.why)
        _note_failure(claim, fault)
        return False
    except Exception as fault:
        log.exception("outbox event %s failed", claim.event_id)
        _note_failure(claim, fault)
        return False
    finally:
        if token is not None:
            _running.reset(token)
        with _held_lock:
            _held.pop(claim.event_id, None)
    return True


def _load(claim: Claim) -> tuple[Callable[[Any], None], Any, datetime]:
    """The handler and the event of a row, and when it happened; leaves no read open behind it."""
    current = session()
    row = current.get_one(OutboxEvent, claim.event_id, populate_existing=True)
    handler, event = handler_of(row)
    happened = row.happened_at
    current.rollback()
    return handler, event, happened


def _run(claim: Claim, handler: Callable[[Any], None], event: Any) -> None:
    if runs_outside(handler):
        handler(event)
    with transaction():
        if not runs_outside(handler):
            handler(event)
        row = _own_row(claim)
        row.done_at = clock.now()
        row.claim = row.error = None


def _own_row(claim: Claim) -> OutboxEvent:
    """The row, locked. Raises `_LostClaimError` when it is no longer ours."""
    mine = (OutboxEvent.id == claim.event_id, OutboxEvent.claim == claim.mark)
    query = select(OutboxEvent).where(*mine, *_is_open()).with_for_update()
    row = session().scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise _LostClaimError
    return row


def _put_off(claim: Claim, later: Later) -> None:
    with transaction() as current:
        mine = (OutboxEvent.id == claim.event_id, OutboxEvent.claim == claim.mark)
        row = current.scalar(select(OutboxEvent).where(*mine).with_for_update())
        if row is not None:
            row.due_at = clock.now() + later.by
            row.attempts -= 1
            row.claim, row.error = None, later.why


def _note_failure(claim: Claim, fault: Exception) -> None:
    with transaction() as current:
        # also a claim that was lost by now is noted, unless somebody holds the row
        mine = or_(OutboxEvent.claim == claim.mark, OutboxEvent.claim.is_(None))
        query = select(OutboxEvent).where(OutboxEvent.id == claim.event_id, mine, *_is_open())
        row = current.scalar(query.with_for_update().execution_options(populate_existing=True))
        if row is None:
            return
        row.error = fault.why if isinstance(fault, GivenUp) else type(fault).__name__
        row.claim = None
        if isinstance(fault, GivenUp) or row.attempts >= MAX_ATTEMPTS:
            row.dead_at = clock.now()
        else:
            row.due_at = clock.now() + timedelta(seconds=10 * 3 ** (row.attempts - 1))


def drain(
    limit: int = 10_000, *, lane: str | None = None, stop: Callable[[], bool] = lambda: False
) -> int:
    """Handles what is due now, of one lane or all; the number of events handled well. For workers and tests.

    Ends early where `stop` says so: between two events, never within one.
    """
    handled = 0
    for _ in range(limit):
        if stop():
            break
        claim = claim_one(lane)
        if claim is None:
            break
        handled += run_one(claim)
    return handled
