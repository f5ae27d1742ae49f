"""Counts the statements that a block sends to the database, so that a list costs the same for ten rows as for one."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from ideas_app.core.columns import Base
from ideas_app.core.db import is_sqlite, session

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def statements(*, singly: bool = False) -> Iterator[list[str]]:
    """The SQL of every statement within the block, in its order; transaction control is left out. `singly`: of those
    alone that go out once for each of many rows.
    """
    seen: list[str] = []
    bind = session().get_bind()

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_more: Any) -> None:
        is_control = sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN"))
        if not is_control and (isinstance(values, list) or not singly):
            seen.append(sql)

    event.listen(bind, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(bind, "before_cursor_execute", note)


@contextmanager
def plans() -> Iterator[list[str]]:
    """The plan of each statement within the block that reads, known once it is over."""
    found: list[str] = []
    with _reads() as sent:
        yield found
    found += [_plan_of(sql, values) for sql, values in sent]


@contextmanager
def _reads() -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []
    bind = session().get_bind()

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_more: Any) -> None:
        if sql.startswith(("SELECT", "WITH")):
            sent.append((sql, values))

    event.listen(bind, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(bind, "before_cursor_execute", note)


def _plan_of(sql: str, values: Any) -> str:
    """As the database tells it; PostgreSQL is told to take an index wherever one serves."""
    connection = session().connection()
    if is_sqlite():
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
        return "\n".join(row[3] for row in rows)
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {sql}", values))


@contextmanager
def scans(*, walks: bool = True) -> Iterator[list[str]]:
    """The tables that statements within the block read from end to end, known once it is over; and each statement.
    `walks`: whether to walk along an index counts as well, as a page of a list does until it is full.

    By the plans of the database itself, which on PostgreSQL is told to take an index wherever one serves: the few
    rows of a test would be read faster without.
    """
    found: list[str] = []
    with _reads() as sent:
        yield found
    along = "" if walks else r"\b(?! USING)"
    for sql, values in sent:
        read = re.findall(rf"(?:SCAN|Seq Scan on) (\w+){along}", _plan_of(sql, values))
        found += [f"{table}: {sql}" for table in read if table in Base.metadata.tables]
