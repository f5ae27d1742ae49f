"""Indexes under what the page of an idea asks of its past."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ASKED = {
    "family_member": ("idea_id",),
    "round_entry": ("idea_id", "family_id"),
    "ballot_entry": ("idea_id", "family_id"),
}


def upgrade() -> None:
    """Each finds the few rows of one idea, or of its family, where the whole table was read."""
    for table, columns in _ASKED.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """The rows stay as they are."""
    for table, columns in _ASKED.items():
        for column in columns:
            op.drop_index(f"ix_{table}_{column}", table_name=table)
