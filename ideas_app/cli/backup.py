"""`flask backup` and `flask restore`: the whole database in one file, taken while serving, and back again.

Must not know how a database is copied: `adapters.backups` does. It brings the tables to the right revision, compares
keys, and has the doctor look at what came back.
"""

from __future__ import annotations

import hmac
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import text

from config import ROOT, Settings
from ideas_app.adapters import backups
from ideas_app.adapters.backups import BackupError, Manifest
from ideas_app.adapters.migrations import revisions, upgrade
from ideas_app.core import clock
from ideas_app.core.db import db, session
from ideas_app.core.tokens import person_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STEPS = 1000


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.option("--json", "as_json", is_flag=True, help="Print what was saved for machines.")
@with_appcontext
def backup(file: Path, force: bool, as_json: bool) -> None:
    """Write the whole database into FILE while the service goes on.

    FILE holds personal data and can be read by its owner only. Keep PERSON_KEY apart from it and as safe.

    Example: flask --app ideas_app backup /var/backups/ideas-2026-11-26.zip
    """
    if file.exists() and not force:
        raise click.ClickException(f"{file} exists; name another file, or add --force.")
    settings = _settings()
    manifest = Manifest(
        engine="sqlite" if backups.is_sqlite(settings.database_url) else "postgresql",
        revision=_revision(),
        made_at=clock.now().isoformat(timespec="seconds"),
        keys={"PERSON_KEY": _mark_of_key()},
    )
    session().close()
    with _plainly(), _bar("saving") as progress:
        manifest = backups.write(settings.database_url, file, manifest, progress)
    size = file.stat().st_size
    if as_json:
        click.echo(json.dumps({**asdict(manifest), "bytes": size}, ensure_ascii=False))
    else:
        _tell(manifest, f"{file}: {size:,} bytes,")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace what the database holds now.")
@click.option(
    "--check", "only_check", is_flag=True, help="Only read FILE and say whether it is whole."
)
@click.option(
    "--drill", is_flag=True, help="Restore into a database made for it, and look it over."
)
@with_appcontext
def restore(file: Path, force: bool, only_check: bool, drill: bool) -> None:
    """Put the back-up FILE in the place of the database. Stop the service first.

    Refuses a database in which somebody has an account, unless told --force. A back-up of an earlier version is
    brought to the present one. A SQLite file that was replaced is kept beside the new one.

    Example: flask --app ideas_app restore /var/backups/ideas-2026-11-26.zip --drill
    """
    with _plainly():
        with _bar("reading") as progress:
            manifest = backups.check(file, progress)
        if only_check:
            return _tell(manifest, f"{file} is whole:")
        if drill:
            return _drill(file, manifest)
        url = _settings().database_url
        if not force and not backups.is_empty(url):
            fault = "The database is in use; --force replaces what it holds. Nothing was done."
            raise BackupError(fault)
        _refuse_later(manifest)
        _let_go()
        with _bar("restoring") as progress:
            kept = backups.restore(
                url, file, manifest, lambda: upgrade(revision=manifest.revision), progress
            )
    upgrade()
    if kept:
        click.echo(f"The database that was there lies in {kept}.")
    if manifest.keys.get("PERSON_KEY") != _mark_of_key():
        click.secho(
            "WARNING: PERSON_KEY is not the one of the back-up: nobody on a roster will be recognised.",
            fg="red",
            err=True,
        )
    return _tell(manifest, "Restored:")


def _drill(file: Path, manifest: Manifest) -> None:
    """Restores for trial, by the commands that would be used in earnest. Raises `BackupError`."""
    with (
        TemporaryDirectory(prefix="ideas-drill-") as folder,
        backups.drill_url(_settings().database_url, Path(folder)) as url,
    ):
        environ = {**os.environ, "DATABASE_URL": url}
        for command in (("restore", str(file.absolute())), ("doctor",)):
            done = subprocess.run(  # noqa: S603  # our own interpreter
                [sys.executable, "-m", "flask", "--app", "ideas_app", *command],
                cwd=ROOT,
                env=environ,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                said = (done.stderr or done.stdout).strip().splitlines() or ["no word"]
                raise BackupError(f"The drill failed at `{command[0]}`: {said[-1]}")
    _tell(manifest, "The drill went well; the doctor found nothing. Restored for trial:")


def _refuse_later(manifest: Manifest) -> None:
    """Raises `BackupError` for tables that this version does not know."""
    if manifest.revision not in revisions():
        fault = f"The back-up has tables of revision {manifest.revision}, which this version does not know"
        raise BackupError(f"{fault}; use the version that made it, or a later one.")


def _revision() -> str:
    return str(session().execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _mark_of_key() -> str:
    return hmac.new(person_key(), b"mark of a back-up", "sha256").hexdigest()[:16]


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _let_go() -> None:
    """Closes our own connections: a file is replaced only when nobody has it open."""
    session().close()
    db.engine.dispose()


def _tell(manifest: Manifest, before: str) -> None:
    tables = len(manifest.tables)
    click.echo(f"{before} {manifest.rows:,} rows of {tables} tables, as of {manifest.made_at}")


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except BackupError as fault:
        raise click.ClickException(str(fault)) from None


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, on a terminal only; told how much is done of how much."""
    if not sys.stderr.isatty():
        yield lambda _done, _whole: None
        return
    with click.progressbar(length=_STEPS, label=label, file=sys.stderr) as bar:

        def show(done: int, whole: int) -> None:
            bar.update(_STEPS * done // max(whole, 1) - bar.pos)

        yield show
