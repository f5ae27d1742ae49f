"""What readers of the reading stack said of an idea, beside the fact that they read it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Readers so far have said nothing: the column starts empty."""
    with op.batch_alter_table("reading") as batch:
        batch.add_column(sa.Column("answer", sa.String(length=24), nullable=True))


def downgrade() -> None:
    """The answers go, the fact of reading stays."""
    with op.batch_alter_table("reading") as batch:
        batch.drop_column("answer")
