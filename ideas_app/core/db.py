"""The database: engine set-up, the session, and `transaction()`, the only commit in the code base.

Where a statement goes is decided here alone: to the primary, but to the replica within `from_replica()` - and
never there for what writes. Must not know any table.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as RoutableSession
from sqlalchemy import Engine, UpdateBase, event, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from config import REPLICA
from ideas_app.core import bursts, waiting, writers
from ideas_app.core.columns import Base
from ideas_app.core.engines import prepare_engine, read_within
from ideas_app.core.replicas import Replica

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask import Flask
    from sqlalchemy import Connection, Insert
    from sqlalchemy.orm import Session, SessionTransaction

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
            is_committed = _write_the_last(current, outlasts_power_cut=outlasts_power_cut)
            turn.note()
            _commit(current, turn, is_done=is_committed)
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
        read_within(held, transaction=True)
    turn.begin(held)


def sends_bursts(bind: Any) -> bool:
    """Whether statements can be sent together: to PostgreSQL, but not on the one connection of a test, whose
    transaction nobody here begins or ends.
    """
    return isinstance(bind, Engine) and bind.dialect.name == "postgresql"


@event.listens_for(RoutedSession, "after_begin")
def _read_without_transaction(current: Session, mark: SessionTransaction, held: Connection) -> None:
    """Notes the connection, and lets PostgreSQL answer what is only read without BEGIN and ROLLBACK around it.

    Nothing is lost: it shows each statement what is true at its time within a transaction as well. Two ways to the
    server are saved, and psycopg keeps its prepared statements, all of which it throws away with a rollback.
    """
    if mark.parent is None:
        current.info.pop("has_flushed", None)
    together = sends_bursts(current.get_bind())
    if together and not current.info.get("in_transaction"):
        read_within(held, transaction=False)
    if not current.info.get("asks_replica"):
        # to ask the session for it again takes longer than SQLite takes to answer
        current.info["reach"] = (held, together)


class _Waiting(Protocol):
    """A write that waits for the end of a transaction: see `together`."""

    def run(self) -> None:
        """Writes now."""

    def sent(self) -> bursts.Sent:
        """As a part of a burst."""


def _write_the_last(current: Session, *, outlasts_power_cut: bool) -> bool:
    """What was kept for the end, on PostgreSQL together with the COMMIT; whether that was done."""
    writes: list[_Waiting] = [*current.info.get("along", ()), *current.info.pop("last", ())]
    if not writes:
        return False
    held, together = reach()
    if together:
        commit = bursts.Commit.USUAL if outlasts_power_cut else bursts.Commit.UNSURE
        if outlasts_power_cut and current.info.get("waited"):
            # others wait for the same rows: they go on while this one waits for the disk, and all share a turn of it
            commit = bursts.Commit.LOCKS_FIRST
        waiting.let_go()
        bursts.send(held, [each.sent() for each in writes], commit=commit)
        return True
    for each in writes:
        each.run()
    return False


def _commit(current: Session, turn: writers.Turn, *, is_done: bool) -> None:
    """Ends the database's transaction, and the session's with it where entities took part.

    Where none did the session has nothing to forget, and goes back to reading on the same connection, as it came from
    there: SQLAlchemy's own end takes 0.03 ms more (`docs/performance.md`).
    """
    if current.info.get("has_flushed") or len(current.identity_map):
        current.commit()
    elif is_done:
        read_within(reach()[0], transaction=False)
    elif not turn.commit():
        current.commit()


@event.listens_for(RoutedSession, "after_flush")
def _note_entities(current: Session, _context: Any) -> None:
    """From here to the end of the session's transaction SQLAlchemy keeps rows that it has to forget with it."""
    current.info["has_flushed"] = True


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
