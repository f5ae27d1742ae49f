"""The desk at work: who has what open, notes among moderators, decisions that can still be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _account(column: str, ondelete: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(
        column,
        sa.Integer(),
        sa.ForeignKey("account.id", ondelete=ondelete),
        nullable=nullable,
    )


def upgrade() -> None:
    """Nothing is open, noted or to be taken back yet; the keys are on for everybody."""
    # not in a batch: SQLite would copy the table, and others point at its rows
    keys = sa.Column("shortcuts_off", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("account", keys)
    op.create_table(
        "desk_lock",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), autoincrement=False, nullable=False),
        _account("account_id", "CASCADE"),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        _account("taken_from", "SET NULL", nullable=True),
        sa.PrimaryKeyConstraint("kind", "thing_id", name="pk_desk_lock"),
    )
    op.create_table(
        "desk_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "idea_id", sa.Integer(), sa.ForeignKey("idea.id", ondelete="CASCADE"), nullable=False
        ),
        _account("author_id", "SET NULL", nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentioned", sa.JSON(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_note"),
    )
    op.create_index("ix_desk_note_idea_id", "desk_note", ["idea_id", "id"])
    op.create_table(
        "desk_act",
        sa.Column("id", sa.Integer(), nullable=False),
        _account("actor_id", "CASCADE"),
        sa.Column(
            "batch_id",
            sa.Integer(),
            sa.ForeignKey("desk_act.id", ondelete="CASCADE"),
            nullable=True,
        ),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column(
            "idea_id", sa.Integer(), sa.ForeignKey("idea.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_desk_act"),
    )
    op.create_index("ix_desk_act_actor_id", "desk_act", ["actor_id", "until"])


def downgrade() -> None:
    """Locks, notes and what could be taken back go; every decision stays."""
    op.drop_table("desk_act")
    op.drop_table("desk_note")
    op.drop_table("desk_lock")
    op.drop_column("account", "shortcuts_off")
