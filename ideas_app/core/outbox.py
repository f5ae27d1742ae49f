"""Events that commit with the change that caused them, and are handled later, each handler once.

Publishing writes a row; `flask worker` claims rows, calls the handlers, retries with back-off and keeps what
failed for good visible. Must not know any event or handler: features register theirs with `@handles`.
"""

from __future__ import annotations

import dataclasses
import logging
from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Index, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core import clock
from ideas_app.core.columns import Base, counter, instant, intpk, json_object, text
from ideas_app.core.db import is_in_transaction, session, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
CLAIM = timedelta(minutes=5)
"""How long a claimed event is left alone before another worker may take it: the first may have died."""

E = TypeVar("E")
_handlers: dict[str, list[Callable[[Any], None]]] = defaultdict(list)
_kinds: dict[str, type[Any]] = {}
_outside: set[Callable[[Any], None]] = set()
_muted: ContextVar[bool] = ContextVar("outbox_muted", default=False)
_held: ContextVar[tuple[timedelta, list[OutboxEvent]] | None] = ContextVar("held", default=None)


class OutboxEvent(Base):
    """One event for one handler, so that a handler that fails does not run the others twice."""

    __tablename__ = "outbox_event"
    __table_args__ = (Index("ix_outbox_event_due", "done_at", "due_at"),)

    id: Mapped[intpk]
    kind: Mapped[str] = mapped_column(String(80))
    handler: Mapped[str] = mapped_column(String(120))
    payload: Mapped[json_object]
    happened_at: Mapped[instant]
    due_at: Mapped[instant]
    attempts: Mapped[counter]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    error: Mapped[text | None]


def handles(
    kind: type[E], *, outside: bool = False
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Registers a function as handler of an event; it runs in a worker, inside its own transaction.

    With `outside` it runs without one: for slow doors such as a mail server, which must not hold the
    write lock of SQLite while they wait. It then opens transactions of its own where it writes.
    """

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        _kinds[kind.__name__] = kind
        if outside:
            _outside.add(function)
        if function not in _handlers[kind.__name__]:
            _handlers[kind.__name__].append(function)
        return function

    return register


def handler_name(function: Callable[[Any], None]) -> str:
    """The name under which a handler's work is stored."""
    return f"{function.__module__.removeprefix('ideas_app.')}.{function.__name__}"


@contextmanager
def muted() -> Iterator[None]:
    """Within this block nothing is published: for years past that are entered late, whose mails would be noise."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


@contextmanager
def delayed(by: timedelta) -> Iterator[list[OutboxEvent]]:
    """Within this block what is published is handed out only after so long; yields its rows.

    For acts that can be taken back for a while: `take_back` withdraws the rows before their time.
    """
    rows: list[OutboxEvent] = []
    token = _held.set((by, rows))
    try:
        yield rows
    finally:
        _held.reset(token)


def take_back(event_ids: Sequence[int]) -> bool:
    """Withdraws events that nobody was handed yet: all of them or, with False, none that can be told.

    The caller undoes its transaction on False: then somebody has been told already.
    """
    mine = (OutboxEvent.id.in_(event_ids), OutboxEvent.attempts == 0)
    gone = session().execute(delete(OutboxEvent).where(*mine).returning(OutboxEvent.id))
    return len(gone.all()) == len(event_ids)


def publish(event: Any) -> None:
    """Writes an event (a frozen dataclass of plain values) for each of its handlers, within the transaction.

    Raises `RuntimeError` outside a transaction: an event must never outlive a change that was undone.
    """
    if not is_in_transaction():
        msg = f"{type(event).__name__} was published outside transaction()"
        raise RuntimeError(msg)
    if _muted.get():
        return
    happened = clock.now()
    delay, rows = _held.get() or (timedelta(0), [])
    for handler in _handlers[type(event).__name__]:
        row = OutboxEvent(
            kind=type(event).__name__,
            handler=handler_name(handler),
            payload=dataclasses.asdict(event),
            happened_at=happened,
            due_at=happened + delay,
        )
        rows.append(row)
        session().add(row)


def claim_one() -> int | None:
    """Claims the oldest due event for `CLAIM`; its id, or None when nothing is due."""
    now = clock.now()
    with transaction() as current:
        due = current.scalar(
            select(OutboxEvent)
            .where(OutboxEvent.done_at.is_(None), OutboxEvent.dead_at.is_(None))
            .where(OutboxEvent.due_at <= now)
            .order_by(OutboxEvent.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if due is None:
            return None
        due.due_at = now + CLAIM
        due.attempts += 1
        return due.id


def run_one(event_id: int) -> bool:
    """Runs a claimed event's handler; whether it went well. A failure is noted and tried again later."""
    try:
        handler, event = _load(event_id)
        if handler in _outside:
            handler(event)
        with transaction() as current:
            if handler not in _outside:
                handler(event)
            row = current.get_one(OutboxEvent, event_id)
            row.done_at = clock.now()
            row.error = None
    except Exception as fault:
        log.exception("outbox event %s failed", event_id)
        _note_failure(event_id, fault)
        return False
    return True


def _load(event_id: int) -> tuple[Callable[[Any], None], Any]:
    """The handler and the event of a row; leaves no read open behind it."""
    current = session()
    row = current.get_one(OutboxEvent, event_id, populate_existing=True)
    wanted = {handler_name(function): function for function in _handlers[row.kind]}
    found = wanted[row.handler], _kinds[row.kind](**row.payload)
    current.rollback()
    return found


def _note_failure(event_id: int, fault: Exception) -> None:
    with transaction() as current:
        row = current.get_one(OutboxEvent, event_id)
        row.error = type(fault).__name__
        if row.attempts >= MAX_ATTEMPTS:
            row.dead_at = clock.now()
        else:
            row.due_at = clock.now() + timedelta(seconds=10 * 3 ** (row.attempts - 1))


def drain(limit: int = 10_000) -> int:
    """Handles what is due now, oldest first; the number of events handled well. For workers and tests."""
    handled = 0
    for _ in range(limit):
        event_id = claim_one()
        if event_id is None:
            break
        handled += run_one(event_id)
    return handled
