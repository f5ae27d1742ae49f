"""What is set up on each engine and its connections, for SQLite and for PostgreSQL. Must not know any table."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event

from ideas_app.core import bursts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, ExceptionContext

_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # until `writers` waits for the disk itself
    "foreign_keys=ON",
    "busy_timeout=10000",
    "cache_size=-65536",
    "mmap_size=2147418112",
    "temp_store=MEMORY",
)
_LITTLE = "PRAGMA cache_size=-2048"

_FRESH = 1.0
"""Seconds for which a connection that was given back counts as alive."""

_IDLE = 0
"""What libpq calls a connection on which no transaction has begun."""


def read_within(held: Connection, *, transaction: bool) -> None:
    """Whether the next statements begin a transaction of the database, where none has begun yet."""
    raw: Any = held.connection.driver_connection
    if raw.autocommit is transaction and raw.pgconn.transaction_status == _IDLE:
        raw.autocommit = not transaction


def prepare_engine(engine: Engine, *, reads_only: bool = False) -> None:
    """Keeps values out of what the database says of a fault. Sets up SQLite connections: pragmas, and explicit
    BEGIN, so that what is read together is of one moment.
    """
    event.listen(engine, "handle_error", _leave_values_out)
    if engine.dialect.name != "sqlite":
        _try_idle_ones_only(engine)
        _begin_for_cursors(engine)
        _forget_plans_on_rollback(engine)
        return
    pragmas = ("query_only=ON", *_SQLITE_PRAGMAS[3:]) if reads_only else _SQLITE_PRAGMAS

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.connection.driver_connection.execute("BEGIN")  # type: ignore[union-attr]  # sqlite3's


def keep_few_pages(engines: Iterable[Engine]) -> None:
    """Has each SQLite connection of this process keep 2 MB of pages of its own, not 64: for servers, which have many.

    What they read stands in the mapped file, which all processes share. A command that writes much keeps its 64 MB:
    with less it writes the same page more than once.
    """
    for engine in engines:
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", lambda made, _record: made.execute(_LITTLE).close())
            engine.dispose()


def _try_idle_ones_only(engine: Engine) -> None:
    """Lets `pool_pre_ping` pass over connections that answered within the last second: trying each is a way to the
    server and back before every request, a seventh of those that a support needs.
    """
    given_back: WeakKeyDictionary[Any, float] = WeakKeyDictionary()
    dialect: Any = engine.dialect
    try_it = dialect.do_ping

    @event.listens_for(engine, "checkin")
    def note(connection: Any, _record: Any) -> None:
        if connection is not None:  # None for one that was found broken
            given_back[connection] = time.monotonic()
            if connection.autocommit and not connection.closed:
                connection.autocommit = False

    def ping(connection: Any) -> bool:
        if time.monotonic() - given_back.get(connection, -_FRESH) < _FRESH:
            return True
        return bool(try_it(connection))

    dialect.do_ping = ping


def _begin_for_cursors(engine: Engine) -> None:
    """A cursor in the server, which hands out many rows bit by bit, lives in a transaction only."""
    dialect: Any = engine.dialect
    usual = dialect.execution_ctx_cls

    class Context(usual):  # type: ignore[misc,valid-type]  # the driver's own
        def create_server_side_cursor(self) -> Any:
            read_within(self.root_connection, transaction=True)
            return super().create_server_side_cursor()

    dialect.execution_ctx_cls = Context


def _forget_plans_on_rollback(engine: Engine) -> None:
    dialect: Any = engine.dialect
    roll_back = dialect.do_rollback

    def do_rollback(raw: Any) -> None:
        driver = getattr(raw, "driver_connection", raw)
        if driver.pgconn.transaction_status != _IDLE:
            bursts.forget_plans(driver)
        roll_back(raw)

    dialect.do_rollback = do_rollback

    @event.listens_for(engine, "rollback_savepoint")
    def forget(connection: Connection, _name: str, _context: None) -> None:
        bursts.forget_plans(connection.connection.driver_connection)


_NAMING_VALUES = ("22", "42601")
"""Beginnings of SQLSTATE whose first line quotes what was sent: data that cannot be read, search words."""


def leave_values_out(fault: BaseException) -> tuple[str, str] | None:
    """Takes out of PostgreSQL's words the row or the text that it stumbled over, before anybody can log them: what was
    said and what stays, which names the rule and the table. None where nothing is known of it; SQLite names no values.
    """
    diag = getattr(fault, "diag", None)
    if diag is None or not diag.sqlstate:
        return None
    said = str(fault)
    quotes = diag.sqlstate.startswith(_NAMING_VALUES)
    kept = f"{type(fault).__name__} ({diag.sqlstate})" if quotes else str(diag.message_primary)
    fault.args = (kept,)
    return said, kept


def _leave_values_out(context: ExceptionContext) -> None:
    words = leave_values_out(context.original_exception)
    if words is not None and context.sqlalchemy_exception is not None:
        args = context.sqlalchemy_exception.args
        context.sqlalchemy_exception.args = tuple(str(part).replace(*words) for part in args)
