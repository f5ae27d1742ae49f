"""Runs migrations through the application's own engine, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from alembic import context
from flask import current_app

from ideas_app.adapters.fulltext import is_index_table
from ideas_app.core.columns import Base
from ideas_app.core.db import db


def run() -> None:
    """Upgrades or downgrades within one transaction a migration; batch mode, because SQLite cannot alter."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _migrate(connection)
        return
    with db.engine.connect() as own:
        _migrate(own)


def _migrate(connection: object) -> None:
    context.configure(
        connection=connection,  # type: ignore[arg-type]
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
        include_name=lambda name, kind, _parents: kind != "table" or not is_index_table(name),
    )
    with context.begin_transaction():
        context.run_migrations()


current_app.logger.debug("migrating")
run()
