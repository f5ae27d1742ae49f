"""Who writes into SQLite when, and when what was written is on disk. PostgreSQL knows both by itself.

SQLite has one writer at a time. Left to itself it makes the others sleep for up to a tenth of a second between two
looks, and the one who writes waits for the disk while it holds the lock. Here the threads of a process queue
up, a process looks every few tenths of a millisecond, and the disk is waited for once the lock is free
again, so that those who write at the same time wait together. The promise stays that of `synchronous=FULL`: what
was answered survives a power cut. Must not know any table.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from ideas_app.core import waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

PATIENCE = 10.0
"""Seconds that a writer waits for the others before it is told that the database is locked."""
_LOOK = 0.0003
"""Seconds between two looks whether another process has let go of the lock."""

_sync = getattr(os, "fdatasync", os.fsync)
_queues: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()
_making = threading.Lock()


class Turn:
    """A writer's time with a database that is no SQLite file: nothing to wait for."""

    def begin(self, connection: Connection) -> None:
        """Makes the transaction of a connection, in which something may have been read, one that writes."""

    def note(self) -> None:
        """Says that everything is written that will be committed."""
        waiting.let_go()

    def commit(self) -> bool:
        """Commits beneath SQLAlchemy; False where it has to be asked."""
        return False


class _FileTurn(Turn):
    """A writer's time with a SQLite file."""

    def __init__(self, path: str, *, outlasts_power_cut: bool) -> None:
        self._log = f"{path}-wal"
        self._outlasts_power_cut = outlasts_power_cut
        self._deadline = time.monotonic() + PATIENCE
        self._raw: Any = None
        self._changes = 0
        self._has_written = False

    def begin(self, connection: Connection) -> None:
        """Exchanges SQLite's transaction beneath SQLAlchemy's for one that holds the write lock.

        Raises `OperationalError` where another process does not let go of it.
        """
        raw: Any = connection.connection.driver_connection
        raw.rollback()
        if "waits_for_disk" not in connection.info:
            raw.execute("PRAGMA synchronous=NORMAL")  # `turn` waits, and for all at once
            connection.info["waits_for_disk"] = True
        raw.execute("PRAGMA busy_timeout=0")
        try:
            while not _takes_lock(raw):
                if time.monotonic() > self._deadline:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                    break
                time.sleep(_LOOK)
        finally:
            raw.execute(f"PRAGMA busy_timeout={int(PATIENCE * 1000)}")
        self._raw, self._changes = raw, raw.total_changes

    def note(self) -> None:
        """Remembers whether there is anything to wait for."""
        self._has_written = self._raw.total_changes != self._changes

    def commit(self) -> bool:
        """Exchanges the transaction for one that reads. Raises `DBAPIError` where SQLite cannot commit."""
        try:
            self._raw.execute("COMMIT")
        except sqlite3.Error as fault:
            raise DBAPIError.instance("COMMIT", None, fault, sqlite3.Error) from fault
        self._raw.execute("BEGIN")
        return True

    def wait_for_disk(self) -> None:
        """Returns once what was committed would survive a power cut. Raises `OSError` where the disk fails."""
        if not (self._has_written and self._outlasts_power_cut):
            return
        waiting.let_go()
        # whoever removed the log has put all of it into the database, and synced that
        with suppress(FileNotFoundError):
            log = os.open(self._log, os.O_RDONLY)
            try:
                _sync(log)
            finally:
                os.close(log)


def _takes_lock(raw: Any) -> bool:
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


@contextmanager
def turn(bind: Any, *, outlasts_power_cut: bool = True) -> Iterator[Turn]:
    """Within this block no other thread of the process writes into a SQLite file; when it is left, the disk has all,
    unless what was written need not outlast a power cut.

    After `PATIENCE` the block begins all the same, and will find the file locked.
    """
    path = _file_of(bind)
    if path is None:
        yield Turn()
        return
    mine = _FileTurn(path, outlasts_power_cut=outlasts_power_cut)
    with _making:
        queue = _queues.setdefault(bind, threading.Lock())
    is_ours = queue.acquire(timeout=PATIENCE)
    try:
        yield mine
    finally:
        if is_ours:
            queue.release()
    mine.wait_for_disk()


def _file_of(bind: Any) -> str | None:
    """The path of a SQLite file; None for everything else, also for the one connection of a test."""
    if not isinstance(bind, Engine) or bind.dialect.name != "sqlite":
        return None
    path = bind.url.database
    return path if path and path != ":memory:" else None
