"""Rows in bulk, with ids that are given here. Must not know which rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, insert, select

from ideas_app.core.db import is_sqlite, session


def insert_all(model: type[Any], rows: list[dict[str, Any]]) -> None:
    """Stores rows of the same columns."""
    if rows:
        session().execute(insert(model.__table__), rows)


def next_id(model: type[Any]) -> int:
    """The id after the last one."""
    return (session().scalar(select(func.max(model.id))) or 0) + 1


def catch_up(*models: type[Any]) -> None:
    """PostgreSQL's sequences go on behind the ids that were given here."""
    if is_sqlite():
        return
    for model in models:
        sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
        session().execute(
            select(func.setval(sequence, select(func.max(model.id)).scalar_subquery()))
        )
