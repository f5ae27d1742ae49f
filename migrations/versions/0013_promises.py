"""Promises: who keeps each, its trail of steps and words with pictures; what was asked and told about its day."""

from __future__ import annotations

from datetime import UTC, datetime, time

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_NOON_IN_SEOUL = time(3, tzinfo=UTC)
"""The words that are there know only their day."""


def upgrade() -> None:
    """The new columns and tables; each word that is there becomes the first entry of its trail."""
    for name in ("department", "post"):
        op.add_column(
            "promise", sa.Column(name, sa.String(length=80), server_default="", nullable=False)
        )
    for name in ("asked_for", "silent_for"):
        op.add_column("promise", sa.Column(name, sa.Date(), nullable=True))
    steps = op.create_table(
        "promise_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("promised_for", sa.Date(), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_promise_step_percent")),
        sa.ForeignKeyConstraint(
            ["promise_id"],
            ["promise.id"],
            name=op.f("fk_promise_step_promise_id_promise"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_promise_step_made_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_step")),
    )
    op.create_index("ix_promise_step_promise_id", "promise_step", ["promise_id", "id"])
    op.create_table(
        "promise_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("small_width", sa.Integer(), nullable=False),
        sa.Column("small_height", sa.Integer(), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["promise_step.id"],
            name=op.f("fk_promise_picture_step_id_promise_step"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_picture")),
    )
    op.create_index("ix_promise_picture_step_id", "promise_picture", ["step_id"])
    _fill(steps)


def downgrade() -> None:
    """Steps, pictures and all words but the last go; every promise stands as it is."""
    op.drop_table("promise_picture")
    op.drop_table("promise_step")
    for name in ("silent_for", "asked_for", "post", "department"):
        op.drop_column("promise", name)


_PROMISES = sa.table(
    "promise",
    sa.column("id", sa.Integer()),
    sa.column("status", sa.String()),
    sa.column("status_on", sa.Date()),
    sa.column("due_on", sa.Date()),
    sa.column("moved_to", sa.Date()),
    sa.column("what_happened", sa.Text()),
    sa.column("made_at", _INSTANT),
)


def _fill(steps: sa.Table) -> None:
    said = op.get_bind().execute(sa.select(_PROMISES).where(_PROMISES.c.status != "open")).all()
    rows = [
        {
            "promise_id": row.id,
            "kind": row.status,
            "text": row.what_happened,
            "promised_for": row.due_on,
            "moved_to": row.moved_to,
            "made_at": datetime.combine(row.status_on, _NOON_IN_SEOUL)
            if row.status_on
            else row.made_at,
        }
        for row in said
    ]
    if rows:
        op.bulk_insert(steps, rows)
