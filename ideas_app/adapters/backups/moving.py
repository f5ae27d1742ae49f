"""Taking a back-up and putting one back, whichever the database is.

Must not know any table, nor migrations: whoever restores brings the tables to the back-up's revision.
"""

from __future__ import annotations

import os
import secrets
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from ideas_app.adapters.backups import postgres, sqlite
from ideas_app.adapters.backups.archive import BackupError, Manifest, Writer
from ideas_app.core.later import later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg import sql

    from ideas_app.adapters.backups.archive import Progress
else:
    sql = later("psycopg.sql")


def write(url: str, target: Path, manifest: Manifest, progress: Progress) -> Manifest:
    """Writes a back-up of the database at `url` (SQLAlchemy's form) into `target`; the manifest, filled in.

    Readable by its owner only, and there in whole or not at all. Raises `BackupError`.
    """
    draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            with zipfile.ZipFile(out, "w", allowZip64=True) as archive:
                writer = Writer(archive)
                scratch = draft.with_suffix(".copy")
                rows = (
                    sqlite.write(_file(url), writer, scratch, progress)
                    if is_sqlite(url)
                    else postgres.write(_plain(url), writer, progress)
                )
                manifest = replace(manifest, tables=rows, members=writer.members)
                writer.close(manifest)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    except OSError as error:
        fault = f"{target} cannot be written ({error.strerror}); name another file or make room."
        raise BackupError(fault) from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def restore(
    url: str, path: Path, manifest: Manifest, migrate: Callable[[], None], progress: Progress
) -> Path | None:
    """Puts a back-up in the place of what the database holds; where a former SQLite file lies now.

    `migrate` makes the tables of the back-up's revision in an empty database. Raises `BackupError`.
    """
    if manifest.engine != ("sqlite" if is_sqlite(url) else "postgresql"):
        fault = (
            f"The back-up is one of {manifest.engine}, DATABASE_URL names another kind of database."
        )
        raise BackupError(fault)
    if is_sqlite(url):
        return sqlite.restore(path, manifest, _file(url))
    postgres.clear(_plain(url))
    migrate()
    postgres.restore(_plain(url), path, manifest, progress)
    return None


def is_empty(url: str) -> bool:
    """Whether nothing of anybody would be lost."""
    return sqlite.is_empty(_file(url)) if is_sqlite(url) else postgres.is_empty(_plain(url))


@contextmanager
def drill_url(url: str, folder: Path) -> Iterator[str]:
    """The address of a new database of the same kind, which is gone afterwards. Raises `BackupError`."""
    name = f"ideas_drill_{secrets.token_hex(4)}"
    if is_sqlite(url):
        yield f"sqlite:///{folder / name}.db"
        return
    order = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
    with postgres.connect(_plain(url), autocommit=True) as server:
        try:
            server.execute(order)
        except Exception as error:
            fault = f"No database for the drill could be made ({str(error).strip()}); give the role CREATEDB."
            raise BackupError(fault) from error
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        with postgres.connect(_plain(url), autocommit=True) as server:
            server.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def is_sqlite(url: str) -> bool:
    """Whether an address names a SQLite file."""
    return make_url(url).get_backend_name() == "sqlite"


def _file(url: str) -> Path:
    name = make_url(url).database
    if not name or name == ":memory:":
        raise BackupError("A database in memory has no back-up.")
    return Path(name)


def _plain(url: str) -> str:
    """The address as libpq takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
