"""The door to Flask-Migrate and Alembic: brings the tables to a revision.

Both are imported when somebody migrates: no process that serves or works needs their 13 MB. Must not know a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import ScriptInfo
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from config import ROOT
from ideas_app.core.db import db

if TYPE_CHECKING:
    from flask import Flask


_VERSIONS = ROOT / "migrations" / "versions"


class Commands(click.Command):
    """`flask db`: Flask-Migrate's own commands take over as soon as it is called."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context of Flask-Migrate's group."""
        script = parent.ensure_object(ScriptInfo) if parent else ScriptInfo()
        app = script.load_app()
        _prepare(app)
        return app.cli.commands["db"].make_context(info_name, args, parent, **extra)


def upgrade(revision: str = "head") -> None:
    """Brings the tables of the current application to a revision, the newest by default."""
    import flask_migrate

    _prepare(current_app)
    flask_migrate.upgrade(revision=revision)


def is_newest() -> bool:
    """Whether the tables are at the newest revision, told without importing Alembic: each file is named by its own."""
    newest = max(file.name.partition("_")[0] for file in _VERSIONS.glob("[0-9]*_*.py"))
    try:
        found = db.session.scalars(text("SELECT version_num FROM alembic_version")).all()
    except DBAPIError:
        found = []
    finally:
        db.session.rollback()
    return found == [newest]


def revisions() -> frozenset[str]:
    """Every revision that this version knows."""
    from alembic.script import ScriptDirectory

    _prepare(current_app)
    settings = current_app.extensions["migrate"].migrate.get_config()
    scripts = ScriptDirectory.from_config(settings)
    return frozenset(script.revision for script in scripts.walk_revisions())


def _prepare(app: Flask) -> None:
    """Tells Flask-Migrate where the revisions are, once an application."""
    from flask_migrate import Migrate

    if "migrate" not in app.extensions:
        Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
