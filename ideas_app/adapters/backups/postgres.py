"""PostgreSQL: one COPY a table, all in one snapshot, and the numbers that sequences had reached.

Must not know any table: names, their order and their sequences are read from the catalogue.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ideas_app.adapters.backups.archive import BackupError, copy_pieces, open_archive
from ideas_app.core.later import later

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import psycopg
    from psycopg import sql

    from ideas_app.adapters.backups.archive import Manifest, Progress, Writer
else:
    psycopg, sql = later("psycopg"), later("psycopg.sql")

SEQUENCES = "sequences.json"
REVISION_TABLE = "alembic_version"
_TABLES = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
ORDER BY c.relname
"""
_REFERENCES = """
SELECT child.relname, parent.relname FROM pg_constraint k
JOIN pg_class child ON child.oid = k.conrelid JOIN pg_class parent ON parent.oid = k.confrelid
WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace AND k.conrelid <> k.confrelid
"""
_SEQUENCES = """
SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL
"""
_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def connect(url: str, **options: Any) -> psycopg.Connection[Any]:
    """A connection of our own: a snapshot must not be shared with a session."""
    try:
        return psycopg.connect(url, **options)
    except psycopg.OperationalError as error:
        raise BackupError(f"PostgreSQL does not answer: {str(error).strip()}") from error


def write(url: str, writer: Writer, progress: Progress) -> dict[str, int]:
    """Puts every table into the archive; the rows of each."""
    with connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        order = _in_order(connection)
        rows = {}
        for number, name in enumerate(order, start=1):
            statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))
            with writer.member(_member(name)) as take, connection.cursor() as cursor:
                with cursor.copy(statement) as copied:
                    for piece in copied:
                        take(bytes(piece))
                rows[name] = cursor.rowcount
            progress(number, len(order))
        with writer.member(SEQUENCES) as take:
            reached = dict(connection.execute(_SEQUENCES).fetchall())
            take(json.dumps(reached, sort_keys=True).encode())
        return rows


def restore(url: str, archive_path: Path, manifest: Manifest, progress: Progress) -> None:
    """Fills tables that migrations have just made, in one transaction. Raises `BackupError`, nothing done then."""
    with connect(url) as connection, open_archive(archive_path) as archive:
        order = [name for name in _in_order(connection) if name != REVISION_TABLE]
        if set(order) != set(manifest.tables) - {REVISION_TABLE}:
            odd = ", ".join(sorted(set(order) ^ set(manifest.tables) - {REVISION_TABLE}))
            raise BackupError(f"The tables are not those of the back-up: {odd}.")
        # rows come as they were: what a trigger would make of them comes with them
        _set_triggers(connection, order, "DISABLE")
        for name in reversed(order):
            # what a migration put there comes back with the rest; a log that refuses it is empty anyway
            table = sql.Identifier(name)
            if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(table)).fetchone():
                connection.execute(sql.SQL("DELETE FROM {}").format(table))
        for number, name in enumerate(order, start=1):
            found = _fill(connection, archive, name)
            if found != manifest.tables[name]:
                fault = f"{name} has {found} rows, the back-up names {manifest.tables[name]}"
                raise BackupError(f"{fault}; nothing was restored.")
            progress(number, len(order))
        for name, value in json.loads(archive.read(SEQUENCES)).items():
            connection.execute("SELECT setval(%s::regclass, %s)", [f'"{name}"', value])
        _set_triggers(connection, order, "ENABLE")


def _set_triggers(connection: psycopg.Connection[Any], names: Sequence[str], how: str) -> None:
    """Stops or starts all triggers but those of foreign keys; for the owner of the tables, in this transaction."""
    for name in names:
        statement = sql.SQL("ALTER TABLE {} {} TRIGGER USER")
        connection.execute(statement.format(sql.Identifier(name), sql.SQL(how)))


def _fill(connection: psycopg.Connection[Any], archive: Any, name: str) -> int:
    statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))
    with connection.cursor() as cursor:
        with archive.open(_member(name)) as member, cursor.copy(statement) as copied:
            copy_pieces(member, copied.write)
        return cursor.rowcount


def clear(url: str) -> None:
    """Drops every table and function of the schema, in one transaction."""
    with connect(url) as connection:
        for (name,) in connection.execute(_TABLES).fetchall():
            connection.execute(
                sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(name))
            )
        for (name,) in connection.execute(_FUNCTIONS).fetchall():
            # already quoted by regprocedure, arguments and all
            connection.execute(sql.SQL("DROP FUNCTION IF EXISTS ") + sql.SQL(name))


def is_empty(url: str) -> bool:
    """Whether there is nobody's row in the database: no tables, or no account."""
    with connect(url) as connection:
        names = {name for (name,) in connection.execute(_TABLES)}
        if "account" not in names:
            return True
        return connection.execute("SELECT 1 FROM account LIMIT 1").fetchone() is None


def _member(name: str) -> str:
    return f"tables/{name}.copy"


def _in_order(connection: psycopg.Connection[Any]) -> list[str]:
    """Tables, those that others refer to first. Raises `BackupError` where they refer in a circle."""
    waiting: dict[str, set[str]] = {name: set() for (name,) in connection.execute(_TABLES)}
    for child, parent in connection.execute(_REFERENCES):
        waiting[child].add(parent)
    order: list[str] = []
    while waiting:
        ready = sorted(name for name, needs in waiting.items() if not needs & waiting.keys())
        if not ready:
            raise BackupError(f"Tables refer to one another in a circle: {sorted(waiting)}.")
        order += ready
        for name in ready:
            del waiting[name]
    return order
