"""Several statements in one send to PostgreSQL: the pipeline mode of libpq, beneath SQLAlchemy's connection.

Every way to the server and back costs both sides a turn of their processors, and an act of many people's pays it for
each statement, for BEGIN and for COMMIT. Here they go out together; each statement still sees what is true when its
turn comes, as if it had been sent alone, and the first that fails ends all after it. What is sent again and again is
parsed and planned once a connection, under a name. Must not know any table.
"""

from __future__ import annotations

import select
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from ideas_app.core.later import later

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import psycopg
    from psycopg import adapt, pq
    from sqlalchemy import Connection, Engine
else:
    psycopg, adapt, pq = later("psycopg"), later("psycopg.adapt"), later("psycopg.pq")

_BEGIN, _COMMIT = b"BEGIN", b"COMMIT"
_ASYNC = b"SET LOCAL synchronous_commit TO off"
# the shortest thing that is written into the log: its own commit waits until all before it is on disk
_WAIT_FOR_DISK = b"SELECT pg_logical_emit_message(true, 'ideas', '')"
_planned: WeakKeyDictionary[Any, dict[bytes, bytes]] = WeakKeyDictionary()
"""What each of the driver's connections has planned: the name by statement."""


class Commit(StrEnum):
    """How a burst ends its transaction."""

    USUAL = "usual"
    """On disk first, then its locks are free."""
    LOCKS_FIRST = "locks first"
    """Its locks are free first; the answer comes once it is on disk all the same."""
    UNSURE = "unsure"
    """Not waiting for the disk at all: a power cut may take it back."""


_ENDS: dict[Commit | None, tuple[bytes, ...]] = {
    None: (),
    Commit.USUAL: (_COMMIT,),
    Commit.LOCKS_FIRST: (_ASYNC, _COMMIT, _WAIT_FOR_DISK),
    Commit.UNSURE: (_ASYNC, _COMMIT),
}


class Sent(NamedTuple):
    """A statement with numbered places ($1), and its values in that order."""

    sql: bytes
    values: tuple[Any, ...]


def send(
    connection: Connection, parts: Sequence[Sent], *, commit: Commit | None = None
) -> list[list[Any]]:
    """Sends statements together; the rows of each, as psycopg reads them.

    Begins a transaction where none has begun, unless the connection only reads; with `commit` ends it in the same
    send. Raises what SQLAlchemy would raise for each.
    """
    raw: Any = connection.connection.driver_connection
    tell(connection, parts)
    try:
        return run(raw, parts, commit=commit)
    except psycopg.Error as fault:
        # SQLAlchemy's own way from here on: values left out of the words, a broken connection given up
        connection._handle_dbapi_exception(fault, None, None, None, None)  # noqa: SLF001


def tell(sender: Connection | Engine, parts: Sequence[Sent]) -> None:
    """Lets whoever listens to the statements of a connection or an engine hear of these too."""
    for each in sender.dispatch.before_cursor_execute:
        for part in parts:
            each(sender, None, part.sql.decode(), part.values, None, False)  # noqa: FBT003  # as SQLAlchemy calls it


def run(raw: Any, parts: Sequence[Sent], *, commit: Commit | None = None) -> list[list[Any]]:
    """The same on a connection of the driver, and told to nobody. Raises `psycopg.Error`; what broke is closed then."""
    return _Burst(raw).run(parts, commit)


def forget_plans(raw: Any) -> None:
    """To be called where the driver rolls back: it then lets go of all that was planned, ours included."""
    _planned.pop(raw, None)


class _Burst:
    """One send and its answers."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._pg = raw.pgconn
        # behind a pooler the next transaction may get another connection: nothing has a name there
        self._is_pooled = raw.prepare_threshold is None
        self._planned = _planned.setdefault(raw, {})
        self._new: dict[bytes, bytes] = {}

    def run(self, parts: Sequence[Sent], commit: Commit | None) -> list[list[Any]]:
        pg = self._pg
        asked = [(part.sql, [_written(value) for value in part.values]) for part in parts]
        begins = not self._raw.autocommit and pg.transaction_status == pq.TransactionStatus.IDLE
        if len(asked) == 1 and commit is None and not begins:
            ((sql, values),) = asked
            if sql in self._planned:
                return [self._alone(self._planned[sql], values)]
        # of each command whether its rows are wanted
        wanted: list[bool] = []
        try:
            pg.enter_pipeline_mode()
            if begins:
                pg.send_query_params(_BEGIN, None)
                wanted.append(False)
            for sql, values in asked:
                wanted += self._add(sql, values)
            for words in _ENDS[commit]:
                pg.send_query_params(words, None)
                wanted.append(False)
            pg.pipeline_sync()
            results = self._read()
            pg.exit_pipeline_mode()
        except BaseException:
            # what is still under way on it nobody knows any more
            self._raw.close()
            raise
        for result in results:
            self._require(result)
        self._planned |= self._new
        return [self._rows(result) for result, is_it in zip(results, wanted, strict=True) if is_it]

    def _alone(self, name: bytes, values: list[bytes | None]) -> list[Any]:
        """One planned statement needs no pipeline: libpq's own way to send and to wait takes two thirds of its time."""
        result = self._pg.exec_prepared(name, values)
        self._require(result)
        return self._rows(result)

    def _require(self, result: Any) -> None:
        """Raises what the server said of a statement that it could not carry out."""
        if result.status in {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}:
            return
        # a plan may be at fault that a change of the tables made stale
        forget_plans(self._raw)
        raise psycopg.errors.error_from_result(result, encoding=self._pg._encoding)  # noqa: SLF001

    def _add(self, sql: bytes, values: list[bytes | None]) -> list[bool]:
        pg = self._pg
        if self._is_pooled:
            pg.send_query_params(sql, values)
            return [True]
        name = self._planned.get(sql) or self._new.get(sql)
        if name is not None:
            pg.send_query_prepared(name, values)
            return [True]
        name = b"ideas_%d" % (len(self._planned) + len(self._new))
        self._new[sql] = name
        # it may still be there from before a rollback; to close what is not there is no fault
        pg.send_close_prepared(name)
        pg.send_prepare(name, sql)
        pg.send_query_prepared(name, values)
        return [False, False, True]

    def _read(self) -> list[Any]:
        """The results of all commands. Waits as long as it takes, without keeping other threads from their work."""
        pg = self._pg
        found: list[Any] = []
        waits = select.poll()
        waits.register(pg.socket, select.POLLIN)
        while pg.flush():
            # the server may want to be heard before it reads on
            waits.modify(pg.socket, select.POLLIN | select.POLLOUT)
            waits.poll()
            pg.consume_input()
            waits.modify(pg.socket, select.POLLIN)
        while True:
            while pg.is_busy():
                waits.poll()
                pg.consume_input()
            result = pg.get_result()
            if result is None:
                if pg.status != pq.ConnStatus.OK:
                    raise psycopg.OperationalError
                continue
            if result.status == pq.ExecStatus.PIPELINE_SYNC:
                return found
            found.append(result)

    def _rows(self, result: Any) -> list[Any]:
        if not result.ntuples:
            return []
        reader = adapt.Transformer(self._raw)
        reader.set_pgresult(result)
        rows: list[Any] = reader.load_rows(0, result.ntuples, tuple)
        return rows


def _written(value: Any) -> bytes | None:
    """A value as PostgreSQL reads it. Raises `TypeError` for a kind that no statement here sends."""
    if value is None:
        return None
    write = _WRITERS.get(type(value)) or next(
        (one for kind, one in _WRITERS.items() if isinstance(value, kind)), None
    )
    if write is None:
        msg = f"a {type(value).__name__} cannot be sent in a burst"
        raise TypeError(msg)
    return write(value)


_WRITERS: dict[type, Callable[[Any], bytes]] = {
    int: lambda value: b"%d" % value,
    str: str.encode,
    bool: lambda value: b"t" if value else b"f",
    datetime: lambda value: value.isoformat().encode(),
    date: lambda value: value.isoformat().encode(),
    float: lambda value: repr(value).encode(),
}
