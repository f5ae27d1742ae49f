"""The neighbourhood that a person may say, and the pictures of a round beside its result."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has said a neighbourhood yet, and rounds of before have no pictures: both start empty."""
    op.add_column("account", sa.Column("neighbourhood", sa.String(length=40), nullable=True))
    op.add_column("round", sa.Column("pictures", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Both go; the pictures can be drawn again."""
    # plainly, not by a new table: others refer to these rows
    op.drop_column("round", "pictures")
    op.drop_column("account", "neighbourhood")
