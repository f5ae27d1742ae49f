"""Back-ups: one file that holds the whole database as it stood at one moment, and the way back.

Taken while the service runs, from one snapshot of the database, so that all tables agree. The file is a ZIP: a
manifest and the data, each member with its SHA-256. SQLite goes as the database file, PostgreSQL as one COPY a
table; neither needs a program beside Python. Must not know any table, nor who asked.
"""

from ideas_app.adapters.backups.archive import (
    BackupError,
    Manifest,
    check,
    read_manifest,
)
from ideas_app.adapters.backups.moving import drill_url, is_empty, is_sqlite, restore, write

__all__ = [
    "BackupError",
    "Manifest",
    "check",
    "drill_url",
    "is_empty",
    "is_sqlite",
    "read_manifest",
    "restore",
    "write",
]
