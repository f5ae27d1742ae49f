"""How long a meeting took, and what an import changed of who was there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of the meetings that are there nobody has said how long they took; imports so far moved no presence."""
    # not in a batch: SQLite would copy the table, and what refers to it would go
    op.add_column("meeting", sa.Column("minutes", sa.Integer(), nullable=True))
    for name in ("presences_new", "presences_gone"):
        op.add_column(
            "roster_import", sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        )


def downgrade() -> None:
    """Lengths and counts go; meetings and presences stay."""
    for name in ("presences_gone", "presences_new"):
        op.drop_column("roster_import", name)
    op.drop_column("meeting", "minutes")
