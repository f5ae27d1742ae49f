"""The database: engine set-up, the session, and `transaction()`, the only commit in the code base.

Where a statement goes is decided here alone: to the primary, but to the replica within `from_replica()` - and
never there for what writes. Must not know any table.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as RoutableSession
from sqlalchemy import Engine, UpdateBase, event, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from config import REPLICA
from ideas_app.core import writers
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
    "mmap_size=2147418112",
    "temp_store=MEMORY",
)
_LITTLE = "PRAGMA cache_size=-2048"

_FRESH = 1.0
"""Seconds for which a connection that was given back counts as alive."""

_ROWS_AT_ONCE = 500
"""Rows of one insert: SQLite takes 32,766 values a statement."""


def session() -> Session:
    """The session of this request, command or job."""
    return db.session()


@contextmanager
def transaction() -> Iterator[Session]:
    """Everything in the block becomes real together, or none of it; on disk before the block is left.

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
    with writers.turn(current.get_bind()) as turn:
        current.info["in_transaction"] = True
        current.info["after_commit"] = after
        try:
            _begin_writing(current, turn)
            yield current
            current.flush()
            turn.note()
            current.commit()
            current.info["has_written"] = True
        except BaseException:
            current.rollback()
            after.clear()
            raise
        finally:
            current.info["in_transaction"] = False
    for run in after:
        run()


def _begin_writing(current: Session, turn: writers.Turn) -> None:
    """Goes from reading to writing, on the connection that the reading has.

    What was read is forgotten without ending the session's transaction: PostgreSQL shows each statement what is
    true at its time, and on SQLite the transaction of the database is exchanged beneath. A connection given
    back and taken again, with what surrounds it, would be a tenth of a support's work.
    """
    bind = current.get_bind()
    if not isinstance(bind, Engine) or current.new or current.dirty or current.deleted:
        current.rollback()
    current.expire_all()
    turn.begin(current.connection())


def connection() -> Connection:
    """The connection of the session's transaction: for statements of rows that many people ask for at once, which
    need neither entities nor the session's own bookkeeping. Entities that were changed must be flushed before.
    """
    return session().connection()


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


def keep_few_pages() -> None:
    """Has each SQLite connection of this process keep 2 MB of pages of its own, not 64: for servers, which have many.

    What they read stands in the mapped file, which all processes share. A command that writes much keeps its 64 MB:
    with less it writes the same page more than once.
    """
    for engine in db.engines.values():
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

    def ping(connection: Any) -> bool:
        if time.monotonic() - given_back.get(connection, -_FRESH) < _FRESH:
            return True
        return bool(try_it(connection))

    dialect.do_ping = ping


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
    with app.app_context():
        engines = db.engines
        prepare_engine(db.engine)
    if REPLICA in engines:
        prepare_engine(engines[REPLICA], reads_only=True)
        app.extensions["replica"] = Replica(lambda: engines[None], engines[REPLICA])
