"""Moves a city from its SQLite file into an empty PostgreSQL: minutes where seeding it once more would take an hour.

Both databases then hold the very same rows. The words of the search lie in tables of the same names, which SQLite keeps
by row number and PostgreSQL by `id`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from pathlib import Path

    Connection = psycopg.Connection[tuple[Any, ...]]

_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY tablename
"""
_COLUMNS = """
SELECT column_name, data_type = 'boolean' FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)
"""
_NUMBERED = """
SELECT column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s
AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL
"""


def move(city: Path, url: str) -> None:
    """Fills a database of the newest schema with all rows of the file. Needs a superuser of PostgreSQL: triggers and
    references rest meanwhile, as what they would write and check is among the rows.

    Raises `SystemExit` for a table or a column that the file does not have.
    """
    with psycopg.connect(url) as target, closing(sqlite3.connect(city)) as source:
        target.execute("SET session_replication_role = replica")
        target.execute("SET timezone = 'UTC'")
        target.execute("SET maintenance_work_mem = '512MB'")
        tables = [str(name) for (name,) in target.execute(_TABLES)]
        indexes = target.execute(_INDEXES).fetchall()
        for name, _words in indexes:
            target.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        for table in tables:
            target.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            _copy(source, target, table)
            _number_on(target, table)
        for _name, words in indexes:
            target.execute(words)


def _copy(source: sqlite3.Connection, target: Connection, table: str) -> None:
    columns = target.execute(_COLUMNS, (table,)).fetchall()
    there = {row[1] for row in source.execute(f'PRAGMA table_xinfo("{table}")')}  # a name of ours
    # the numbers of SQLite's own tables of words
    own = {"id": "rowid"} if table.startswith("fulltext_") and "id" not in there else {}
    missing = {name for name, _is_boolean in columns} - there - own.keys()
    if missing:
        raise SystemExit(f"the city has no {', '.join(sorted(missing))} in its table {table}")
    names = [str(name) for name, _is_boolean in columns]
    booleans = [place for place, (_name, is_boolean) in enumerate(columns) if is_boolean]
    asked = ", ".join(own.get(name, f'"{name}"') for name in names)
    fields = sql.SQL(", ").join(map(sql.Identifier, names))
    wanted = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), fields)
    with target.cursor().copy(wanted) as filled:
        for row in source.execute(f'SELECT {asked} FROM "{table}"'):  # noqa: S608  # names of ours
            if not booleans:
                filled.write_row(row)
                continue
            values = list(row)
            for place in booleans:
                values[place] = None if values[place] is None else bool(values[place])
            filled.write_row(values)


def _number_on(target: Connection, table: str) -> None:
    """New rows get the numbers behind those that are there."""
    for column, sequence in target.execute(_NUMBERED, (table,)).fetchall():
        highest = sql.SQL("SELECT setval(%s, coalesce(max({}), 0) + 1, false) FROM {}")
        place = (sql.Identifier(column), sql.Identifier(table))
        target.execute(highest.format(*place), (sequence,))
