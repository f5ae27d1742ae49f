"""The database: engine set-up, the session, and `transaction()`, the only commit in the code base.

Must not know any table.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, literal_column
from sqlalchemy.dialects import postgresql, sqlite

from ideas_app.core.columns import Base

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask import Flask
    from sqlalchemy import Connection, Engine, ExceptionContext, Insert
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"join_transaction_mode": "create_savepoint", "autoflush": True},
)

_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL may lose the last votes when the power fails
    "foreign_keys=ON",
    "busy_timeout=10000",
    "cache_size=-65536",
    "mmap_size=268435456",
    "temp_store=MEMORY",
)

_ROWS_AT_ONCE = 500
"""Rows of one insert: SQLite takes 32,766 values a statement."""


def session() -> Session:
    """The session of this request, command or job."""
    return db.session()


@contextmanager
def transaction() -> Iterator[Session]:
    """Everything in the block becomes real together, or none of it.

    What was read before the block is forgotten, so the block decides on what is true now: on SQLite it
    holds the write lock from its first statement. Blocks inside a block join the outer one.
    """
    current = session()
    if current.info.get("in_transaction"):
        yield current
        return
    current.rollback()
    current.info["in_transaction"] = True
    after: list[Callable[[], None]] = []
    current.info["after_commit"] = after
    try:
        current.connection(execution_options={"writes": True})
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        after.clear()
        raise
    finally:
        current.info["in_transaction"] = False
    for run in after:
        run()


def is_in_transaction() -> bool:
    """Whether the caller stands inside `transaction()`."""
    return bool(session().info.get("in_transaction"))


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


def prepare_engine(engine: Engine) -> None:
    """Keeps values out of what the database says of a fault. Sets up SQLite connections: pragmas, and explicit
    BEGIN so that writers take their lock first.
    """
    event.listen(engine, "handle_error", _leave_values_out)
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _SQLITE_PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


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
    """Binds the session to the application and prepares its engine."""
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
