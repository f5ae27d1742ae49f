"""Who handles which event, and writing events within a transaction.

Must not know any event or handler, nor who works on the rows.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import delete, insert

from ideas_app.core import clock
from ideas_app.core.db import is_in_transaction, is_sqlite, session
from ideas_app.core.outbox.rows import OutboxEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

INSIDE = "inside"
OUTSIDE = "outside"

E = TypeVar("E")
_handlers: dict[str, list[Callable[[Any], None]]] = defaultdict(list)
_kinds: dict[str, type[Any]] = {}
_lanes: dict[Callable[[Any], None], str] = {}
_abreast: dict[str, int] = {}
_muted: ContextVar[bool] = ContextVar("outbox_muted", default=False)
_held: ContextVar[tuple[timedelta, list[OutboxEvent]] | None] = ContextVar("held", default=None)
_waker: list[Callable[[Collection[str]], None]] = []
_TABLE: Any = OutboxEvent.__table__
_INSERT = insert(_TABLE)


def handles(
    kind: type[E], *, outside: bool = False, lane: str = "", abreast: int = 1
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Registers a function as handler of an event; it runs in a worker, inside its own transaction.

    With `outside` it runs without one: for slow doors such as a mail server, which must not hold the
    write lock of SQLite while they wait. It then opens transactions of its own where it writes.
    A `lane` of its own keeps what waits for other machines (mail, webhooks) from holding up the rest;
    `abreast` is how many of it a worker does at once.
    """

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        _kinds[kind.__name__] = kind
        own = (lane or OUTSIDE) if outside else INSIDE
        _lanes[function] = own
        _abreast[own] = max(abreast, _abreast.get(own, 1))
        if function not in _handlers[kind.__name__]:
            _handlers[kind.__name__].append(function)
        return function

    return register


def handler_name(function: Callable[..., Any]) -> str:
    """The name under which a handler's work is stored."""
    return f"{function.__module__.removeprefix('ideas_app.')}.{function.__name__}"


def lanes() -> dict[str, int]:
    """The lanes that handlers have, and how many events of each a worker handles at once.

    What runs inside a transaction does so one by one on SQLite, which has one writer, and by twos elsewhere.
    """
    return {**_abreast, INSIDE: 1 if is_sqlite() else 2}


def runs_outside(function: Callable[[Any], None]) -> bool:
    """Whether a handler runs without a transaction."""
    return _lanes[function] != INSIDE


def handler_of(row: OutboxEvent) -> tuple[Callable[[Any], None], Any]:
    """The handler and the event of a row. Raises `KeyError` where the code no longer has it."""
    wanted = {handler_name(function): function for function in _handlers[row.kind]}
    return wanted[row.handler], _kinds[row.kind](**row.payload)


def wake_with(waker: Callable[[Collection[str]], None]) -> None:
    """Sets what is called after a commit that published something, with the lanes concerned.

    It only saves workers the wait until their next look, so it may do nothing, but must never raise.
    """
    _waker[:] = [waker]


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
    held = _held.get()
    happened = clock.now()
    rows: list[dict[str, Any]] = [
        {
            "kind": type(event).__name__,
            "handler": handler_name(handler),
            "lane": _lanes[handler],
            "payload": dataclasses.asdict(event),
            "happened_at": happened,
            "due_at": happened + (held[0] if held else timedelta(0)),
        }
        for handler in _handlers[type(event).__name__]
    ]
    if held is not None:
        # whoever may take them back asks for their ids
        kept = [OutboxEvent(**row) for row in rows]
        held[1].extend(kept)
        session().add_all(kept)
    elif rows:
        session().execute(_INSERT, rows)
        _wake_after_commit({row["lane"] for row in rows})


class _Wake:
    """Calls the workers once for everything that one transaction published."""

    def __init__(self) -> None:
        self.lanes: set[str] = set()

    def __call__(self) -> None:
        for wake in _waker:
            wake(self.lanes)


def _wake_after_commit(lanes_concerned: set[str]) -> None:
    after = session().info["after_commit"]
    wake = next((each for each in after if isinstance(each, _Wake)), None)
    if wake is None:
        wake = _Wake()
        after.append(wake)
    wake.lanes |= lanes_concerned
