"""The database: engine set-up, the session, and `transaction()`, the only commit in the code base.

Where a statement goes is decided here alone: to the primary, but to the replica within `from_replica()` - and
never there for what writes. Must not know any table.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as RoutableSession
from sqlalchemy import Engine, UpdateBase, event, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from config import REPLICA
from ideas_app.core import bursts, writers
from ideas_app.core.columns import Base
from ideas_app.core.replicas import Replica

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask import Flask
    from sqlalchemy import Connection, ExceptionContext, Insert
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

T = TypeVar("T")


class RoutedSession(RoutableSession):
    """Asks the replica while `from_replica()` lasts, and the primary for everything that writes."""

    def get_bind(
        self, mapper: Any = None, clause: Any = None, bind: Any = None, **kwargs: Any
    ) -> Engine | Connection:
        """The engine for a statement."""
        writes = self._flushing or isinstance(clause, UpdateBase)
        if bind is None and self.info.get("asks_replica") and not writes:
            return self._db.engines[REPLICA]
        return super().get_bind(mapper=mapper, clause=clause, bind=bind, **kwargs)


db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={
        "class_": RoutedSession,
        "join_transaction_mode": "create_savepoint",
        "autoflush": True,
    },
)

_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # until `writers` waits for the disk itself
    "foreign_keys=ON",
    "busy_timeout=10000",
    "cache_size=-65536",
    "mmap_size=268435456",
    "temp_store=MEMORY",
)

_FRESH = 1.0
"""Seconds for which a connection that was given back counts as alive."""

_IDLE = 0
"""What libpq calls a connection on which no transaction has begun."""

_ROWS_AT_ONCE = 500
"""Rows of one insert: SQLite takes 32,766 values a statement."""


def session() -> Session:
    """The session of this request, command or job."""
    return db.session()


@contextmanager
def transaction(*, outlasts_power_cut: bool = True) -> Iterator[Session]:
    """Everything in the block becomes real together, or none of it; on disk before the block is left, unless it need
    not outlast a power cut.

    What was read before the block is forgotten, so the block decides on what is true now: on SQLite it
    holds the write lock from its first statement. Blocks inside a block join the outer one.
    """
    current = session()
    if current.info.get("in_transaction"):
        yield current
        return
    if current.info.get("asks_replica"):
        # whoever writes reads what is true now, and goes on doing so until the request ends
        current.info["asks_replica"] = False
        current.rollback()
    after: list[Callable[[], None]] = []
    bind = current.get_bind()
    with writers.turn(bind, outlasts_power_cut=outlasts_power_cut) as turn:
        current.info["in_transaction"] = True
        current.info["after_commit"] = after
        try:
            _begin_writing(current, bind, turn)
            yield current
            current.flush()
            _write_the_last(current, outlasts_power_cut=outlasts_power_cut)
            turn.note()
            current.commit()
            current.info["has_written"] = True
            current.info.pop("along", None)
        except BaseException:
            current.rollback()
            after.clear()
            raise
        finally:
            current.info["in_transaction"] = False
            current.info.pop("last", None)
            current.info.pop("waited", None)
    for run in after:
        run()


def _begin_writing(current: Session, bind: Any, turn: writers.Turn) -> None:
    """Goes from reading to writing, on the connection that the reading has.

    What was read is forgotten without ending the session's transaction: PostgreSQL shows each statement what is
    true at its time, and on SQLite the transaction of the database is exchanged beneath. A connection given
    back and taken again, with what surrounds it, would be a tenth of a support's work.
    """
    if not isinstance(bind, Engine) or current.new or current.dirty or current.deleted:
        current.rollback()
    current.expire_all()
    held, together = (
        reach() if current.in_transaction() else (current.connection(), sends_bursts(bind))
    )
    if together:
        _read_within(held, transaction=True)
    turn.begin(held)


def sends_bursts(bind: Any) -> bool:
    """Whether statements can be sent together: to PostgreSQL, but not on the one connection of a test, whose
    transaction nobody here begins or ends.
    """
    return isinstance(bind, Engine) and bind.dialect.name == "postgresql"


def _read_within(held: Connection, *, transaction: bool) -> None:
    """Whether the next statements begin a transaction of the database, where none has begun yet."""
    raw: Any = held.connection.driver_connection
    if raw.autocommit is transaction and raw.pgconn.transaction_status == _IDLE:
        raw.autocommit = not transaction


@event.listens_for(RoutedSession, "after_begin")
def _read_without_transaction(current: Session, _mark: Any, held: Connection) -> None:
    """Notes the connection, and lets PostgreSQL answer what is only read without BEGIN and ROLLBACK around it.

    Nothing is lost: it shows each statement what is true at its time within a transaction as well. Two ways to the
    server are saved, and psycopg keeps its prepared statements, all of which it throws away with a rollback.
    """
    together = sends_bursts(current.get_bind())
    if together and not current.info.get("in_transaction"):
        _read_within(held, transaction=False)
    if not current.info.get("asks_replica"):
        # to ask the session for it again takes longer than SQLite takes to answer
        current.info["reach"] = (held, together)


class _Waiting(Protocol):
    """A write that waits for the end of a transaction: see `together`."""

    def run(self) -> None:
        """Writes now."""

    def sent(self) -> bursts.Sent:
        """As a part of a burst."""


def _write_the_last(current: Session, *, outlasts_power_cut: bool) -> None:
    """What was kept for the end, on PostgreSQL together with the COMMIT: SQLAlchemy's own then finds nothing to do."""
    waiting: list[_Waiting] = [*current.info.get("along", ()), *current.info.pop("last", ())]
    if not waiting:
        return
    held, together = reach()
    if together:
        commit = bursts.Commit.USUAL if outlasts_power_cut else bursts.Commit.UNSURE
        if outlasts_power_cut and current.info.get("waited"):
            # others wait for the same rows: they go on while this one waits for the disk, and all share a turn of it
            commit = bursts.Commit.LOCKS_FIRST
        bursts.send(held, [each.sent() for each in waiting], commit=commit)
        return
    for each in waiting:
        each.run()


def _write_what_waits(_fault: BaseException | None) -> None:
    """What no transaction of the request took along. It is worth neither a wait for the disk nor an error."""
    current = session() if db.session.registry.has() else None
    if current is None or not current.info.get("along"):
        return
    try:
        with transaction(outlasts_power_cut=False):
            pass
    except SQLAlchemyError as fault:
        log.info("a note was lost: %s", type(fault).__name__)
    finally:
        current.info.pop("along", None)


def connection() -> Connection:
    """The connection of the session's transaction: for statements of rows that many people ask for at once, which
    need neither entities nor the session's own bookkeeping. Entities that were changed must be flushed before.
    """
    return reach()[0]


def reach() -> tuple[Connection, bool]:
    """The same, and whether statements can be sent together on it: see `sends_bursts`."""
    current = session()
    if current.info.get("asks_replica"):
        return current.connection(), sends_bursts(current.get_bind())
    found: tuple[Connection, bool] | None = current.info.get("reach")
    if found is None or found[0].closed:
        current.connection()
        found = current.info["reach"]
    return found


def is_in_transaction() -> bool:
    """Whether the caller stands inside `transaction()`."""
    return bool(session().info.get("in_transaction"))


def has_written() -> bool:
    """Whether a `transaction()` of this request, command or job has ended well."""
    return bool(session().info.get("has_written"))


def replica_of(app: Flask) -> Replica | None:
    """What is known of the application's replica; None where there is none."""
    found: Replica | None = app.extensions.get("replica")
    return found


def from_replica(work: Callable[[], T], *, again_on: tuple[type[Exception], ...] = ()) -> T:
    """Does `work`, which only reads, on the replica - on the primary where the replica is away or behind.

    Should the replica fail on the way, or `work` raise one of `again_on` there (what is not there yet may only be
    late), the work is done once more on the primary. A `transaction()` within leaves the replica for good.
    """
    current, replica = session(), replica_of(current_app)
    if replica is None or current.info.get("in_transaction") or not replica.is_fresh():
        return work()
    faults: tuple[type[Exception], ...] = (SQLAlchemyError, *again_on)
    current.rollback()
    current.info["asks_replica"] = True
    try:
        return work()
    except faults as fault:
        if not current.info["asks_replica"]:
            raise
        if isinstance(fault, SQLAlchemyError):
            replica.note_fault(fault)
    finally:
        current.info["asks_replica"] = False
    current.rollback()
    return work()


@cache
def _ignoring(table: Any, dialect: str) -> Insert:
    """The statement of `insert_ignore`, put together once for each table: every vote asks for it."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    # counts what comes back: psycopg's rowcount says -1 for an insert that returns its key
    made = insert(table.__table__).on_conflict_do_nothing()
    return made.returning(literal_column("1"))


def insert_ignore(table: Any, values: dict[str, Any]) -> int:
    """Inserts a row unless a unique rule forbids it; the number of rows made (0 or 1). Safe under concurrency."""
    current = session()
    statement = _ignoring(table, current.get_bind().dialect.name)
    return len(current.execute(statement, values).all())


def insert_ignore_all(table: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """As `insert_ignore` for many rows of the same columns, some hundreds a statement; the ids of those made.

    For tables with an `id`. Safe under concurrency.
    """
    current = session()
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    made: list[int] = []
    for at in range(0, len(rows), _ROWS_AT_ONCE):
        some = insert(table.__table__).values(list(rows[at : at + _ROWS_AT_ONCE]))
        returned = some.on_conflict_do_nothing().returning(table.__table__.c.id)
        made += current.scalars(returned).all()
    return sorted(made)


def is_sqlite() -> bool:
    """Whether the database is SQLite."""
    return session().get_bind().dialect.name == "sqlite"


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
            _read_within(self.root_connection, transaction=True)
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


def _leave_values_out(context: ExceptionContext) -> None:
    """Takes out of PostgreSQL's words the row or the text that it stumbled over, before anybody can log them.

    What stays names the rule and the table. SQLite names no values by itself.
    """
    fault = context.original_exception
    diag = getattr(fault, "diag", None)
    if diag is None or not diag.sqlstate:
        return
    said = str(fault)
    quotes = diag.sqlstate.startswith(_NAMING_VALUES)
    kept = f"{type(fault).__name__} ({diag.sqlstate})" if quotes else str(diag.message_primary)
    fault.args = (kept,)
    if context.sqlalchemy_exception is not None:
        words = [str(part).replace(said, kept) for part in context.sqlalchemy_exception.args]
        context.sqlalchemy_exception.args = tuple(words)


def init_db(app: Flask) -> None:
    """Binds the session to the application and prepares its engines."""
    db.init_app(app)
    app.teardown_request(_write_what_waits)
    with app.app_context():
        engines = db.engines
        prepare_engine(db.engine)
    if REPLICA in engines:
        prepare_engine(engines[REPLICA], reads_only=True)
        app.extensions["replica"] = Replica(lambda: engines[None], engines[REPLICA])
