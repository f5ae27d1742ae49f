"""SQLite: the database file itself, copied by SQLite in one read transaction, which writers do not wait for.

Must not know any table.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from ideas_app.adapters.backups.archive import BLOCK, BackupError, copy_pieces, open_archive
from ideas_app.core import clock

if TYPE_CHECKING:
    from pathlib import Path

    from ideas_app.adapters.backups.archive import Manifest, Progress, Writer

MEMBER = "database.sqlite3"
_BESIDE = ("-wal", "-shm")


def write(database: Path, writer: Writer, scratch: Path, progress: Progress) -> dict[str, int]:
    """Puts a copy of the database into the archive; the rows of each table. `scratch`: a file beside the target.

    The copy is looked over before it is kept: a back-up of a broken database helps nobody. Raises `BackupError`.
    """
    try:
        scratch.touch(mode=0o600, exist_ok=False)
        with closing(sqlite3.connect(scratch)) as copy:
            with closing(sqlite3.connect(database)) as source:
                # all pages in one step: a copy in several begins anew after every commit of somebody else
                source.backup(copy, pages=-1)
            # the copy travels without its side files
            copy.execute("PRAGMA journal_mode=DELETE")
            _look_over(copy, str(database))
            rows = _count(copy)
        size, done = scratch.stat().st_size, 0
        with writer.member(MEMBER) as take, scratch.open("rb") as copied:
            while piece := copied.read(BLOCK):
                take(piece)
                done += len(piece)
                progress(done, size)
        return rows
    finally:
        scratch.unlink(missing_ok=True)


def restore(archive_path: Path, manifest: Manifest, database: Path) -> Path | None:
    """Puts the copy in the place of the database, whole or not at all; where the former one lies now.

    Raises `BackupError` while a process still has the database open.
    """
    beside = database.with_name(f"{database.name}.restoring")
    try:
        with open_archive(archive_path) as archive, beside.open("wb") as out:
            with archive.open(MEMBER) as member:
                copy_pieces(member, out.write)
            out.flush()
            os.fsync(out.fileno())
        beside.chmod(0o600)
        with closing(sqlite3.connect(beside)) as copy:
            _look_over(copy, str(archive_path))
            if _count(copy) != manifest.tables:
                raise BackupError(f"{archive_path} does not hold the rows that it names.")
        kept = _put_aside(database)
        beside.replace(database)
    finally:
        beside.unlink(missing_ok=True)
    return kept


def _put_aside(database: Path) -> Path | None:
    """Renames the present database, if there is one that nobody has open."""
    if not database.exists():
        return None
    try:
        with closing(sqlite3.connect(database, timeout=1)) as present:
            # leaving WAL needs the file for oneself: it fails while the service still runs
            present.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise BackupError("The service still runs on this database; stop it first.") from error
    for ending in _BESIDE:
        with suppress(FileNotFoundError):
            database.with_name(database.name + ending).unlink()
    kept = database.with_name(f"{database.name}.before-{clock.now():%Y%m%dT%H%M%SZ}")
    database.rename(kept)
    return kept


def is_empty(database: Path) -> bool:
    """Whether there is no row of anybody's in the database: none of its tables, or only the revision."""
    if not database.exists():
        return True
    with closing(sqlite3.connect(database)) as present:
        names = _names(present)
        return "account" not in names or not present.execute("SELECT 1 FROM account").fetchone()


def _names(database: sqlite3.Connection) -> list[str]:
    found = database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return [name for (name,) in found]


def _count(database: sqlite3.Connection) -> dict[str, int]:
    return {
        name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608  # names of the schema
        for name in _names(database)
    }


def _look_over(database: sqlite3.Connection, what: str) -> None:
    (verdict,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    orphan = database.execute("PRAGMA foreign_key_check").fetchone()
    if verdict != "ok" or orphan:
        fault = verdict if verdict != "ok" else f"a row of {orphan[0]} refers to nothing"
        raise BackupError(f"{what} is damaged ({fault}).")
