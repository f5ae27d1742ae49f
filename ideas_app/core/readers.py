"""Connections to read from past the session, each outside of transactions: for what is only read where no session has
begun.

Taken out of the engine's pool for good, as the way through pool and session takes as long as a short statement.
Whoever reads at the same time opens another, and a few of them stay. Must not know any table.
"""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from ideas_app.core import bursts
from ideas_app.core.engines import leave_values_out
from ideas_app.core.later import later

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg
    from sqlalchemy import Engine
else:
    psycopg = later("psycopg")

_STAY = {"sqlite": 1, "postgresql": 4}
"""How many wait for the next request, by kind of database: one to a file holds 0.4 MB of definitions and is opened in
2 ms, one to a server is a process there and holds next to nothing here."""
_LASTS = 1800.0
"""Seconds after which a connection to a server is exchanged for a new one, as those of the pool are."""


class _Idle(NamedTuple):
    """A connection that nobody reads from."""

    raw: Any
    opened: float


_idle: WeakKeyDictionary[Engine, list[_Idle]] = WeakKeyDictionary()


def read_file(engine: Engine, sql: str, values: Any) -> list[Any]:
    """The rows of a statement on SQLite. Raises `DBAPIError` as SQLAlchemy would."""
    taken: _Idle | None = None
    try:
        taken = _take(engine) or _open(engine)
        found: list[Any] = taken.raw.execute(sql, values).fetchall()
    except BaseException as fault:
        _give_up(taken)
        if not isinstance(fault, sqlite3.Error):
            raise
        # told as SQLAlchemy would tell it, so that nobody above needs to know
        raise _told(engine, sql, values, fault, sqlite3.Error) from fault
    _give_back(engine, taken)
    return found


def read_server(engine: Engine, parts: Sequence[bursts.Sent]) -> list[list[Any]]:
    """The rows of each statement on PostgreSQL, sent together. Raises `DBAPIError` as SQLAlchemy would.

    A connection that was lost while it waited, as after a restart of the server, is found out by asking and costs one
    more try: to ask each time whether it is still there would be a way to the server before every page.
    """
    bursts.tell(engine, parts)
    while True:
        waited = taken = _take(engine)
        try:
            taken = taken or _open(engine)
            found = bursts.run(taken.raw, parts)
        except BaseException as fault:
            is_lost = taken is not None and taken.raw.closed
            _give_up(taken)
            if not isinstance(fault, psycopg.Error):
                raise
            if is_lost and waited is not None:
                # the others are no better: none of them is to cost a wait of its own
                _close_all(engine)
                continue
            leave_values_out(fault)
            sql = "; ".join(part.sql.decode() for part in parts)
            values = tuple(value for part in parts for value in part.values)
            raise _told(engine, sql, values, fault, psycopg.Error) from fault
        _give_back(engine, taken)
        return found


def _told(engine: Engine, sql: str, values: Any, fault: Exception, base: type[Exception]) -> Any:
    return DBAPIError.instance(sql, values, fault, base, hide_parameters=engine.hide_parameters)


def _take(engine: Engine) -> _Idle | None:
    try:
        taken = _idle[engine].pop()
    except (KeyError, IndexError):
        return None
    if engine.dialect.name != "sqlite" and time.monotonic() - taken.opened > _LASTS:
        taken.raw.close()
        return None
    return taken


def _open(engine: Engine) -> _Idle:
    if engine not in _idle:
        _idle.setdefault(engine, [])  # another thread may be here as well
        event.listen(engine, "engine_disposed", _close_all)
    return _Idle(take_out(engine), time.monotonic())


def take_out(engine: Engine) -> Any:
    """A connection of the driver that the pool never sees again: outside of transactions, and the caller's to close."""
    proxied = engine.raw_connection()
    raw: Any = proxied.driver_connection
    proxied.detach()
    if engine.dialect.name == "postgresql":
        raw.autocommit = True
    return raw


def _give_back(engine: Engine, taken: _Idle) -> None:
    idle = _idle[engine]
    if len(idle) < _STAY[engine.dialect.name]:
        idle.append(taken)
    else:
        taken.raw.close()


def _give_up(taken: _Idle | None) -> None:
    if taken is not None:
        taken.raw.close()


def _close_all(engine: Engine) -> None:
    idle = _idle.get(engine, [])
    while idle:
        idle.pop().raw.close()
