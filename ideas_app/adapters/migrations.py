"""The door to Flask-Migrate and Alembic: brings the tables to a revision.

Both are imported when somebody migrates: no process that serves or works needs their 13 MB. Must not know a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import ScriptInfo

from config import ROOT
from ideas_app.core.db import db

if TYPE_CHECKING:
    from flask import Flask


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
