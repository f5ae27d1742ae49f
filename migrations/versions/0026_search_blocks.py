"""The old part of the full-text index in blocks, so that a search among a million texts is one among thousands."""

from __future__ import annotations

from alembic import op

from ideas_app.adapters.fulltext import postgres, sqlite

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS = ("idea", "comment", "answer", "programme")


def upgrade() -> None:
    """The blocks are empty: the worker moves texts into them, `flask search rebuild` does it at once."""
    words = postgres if op.get_bind().dialect.name == "postgresql" else sqlite
    for kind in KINDS:
        for statement in words.create_blocks(kind):
            op.execute(statement)


def downgrade() -> None:
    """What stood in blocks alone is found again after `flask search rebuild`."""
    for kind in KINDS:
        op.drop_table(f"fulltext_{kind}_block")
        op.drop_table(f"fulltext_{kind}_stale")
