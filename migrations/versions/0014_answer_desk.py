"""Answers at work: with whom they are, drafts, the second pair of eyes, set times; templates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _account(column: str) -> sa.Column[int]:
    return sa.Column(
        column, sa.Integer(), sa.ForeignKey("account.id", ondelete="SET NULL"), nullable=True
    )


def upgrade() -> None:
    """Nothing is drafted yet, and every answer is still nobody's."""
    op.create_table(
        "answer_work",
        sa.Column(
            "answer_id",
            sa.Integer(),
            sa.ForeignKey("answer.id", ondelete="CASCADE"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("department", sa.String(length=80), nullable=False),
        _account("assignee_id"),
        sa.Column("draft", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
        _account("saved_by"),
        sa.Column("saved_at", INSTANT, nullable=True),
        sa.Column("review", sa.String(length=24), nullable=False),
        _account("asked_of"),
        _account("asked_by"),
        sa.Column("asked_at", INSTANT, nullable=True),
        _account("reviewed_by"),
        sa.Column("reviewed_at", INSTANT, nullable=True),
        sa.Column("review_word", sa.Text(), nullable=False),
        sa.Column("publish_at", INSTANT, nullable=True),
        _account("scheduled_by"),
        sa.PrimaryKeyConstraint("answer_id", name="pk_answer_work"),
    )
    op.create_table(
        "answer_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("decision", sa.String(length=24), nullable=True),
        sa.Column("headline", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _account("changed_by"),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer_template"),
    )


def downgrade() -> None:
    """Drafts and templates go; what was published stays."""
    op.drop_table("answer_template")
    op.drop_table("answer_work")
