"""Evaluations: colleagues asked about an idea or a family, their scores and what they found feasible."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
LIVE = sa.text("declined_at IS NULL AND taken_back_at IS NULL")


def _points(column: str, target: str, ondelete: str, *, nullable: bool = True) -> sa.Column[int]:
    key = sa.ForeignKey(f"{target}.id", ondelete=ondelete)
    return sa.Column(column, sa.Integer(), key, nullable=nullable)


def _instant(column: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(column, INSTANT, nullable=nullable)


def _words(column: str, length: int | None = None) -> sa.Column[str]:
    kind = sa.String(length=length) if length else sa.Text()
    return sa.Column(column, kind, nullable=False)


def _choice(column: str) -> sa.Column[str]:
    return sa.Column(column, sa.String(length=24), nullable=True)


def upgrade() -> None:
    """Nobody has been asked yet."""
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        _points("idea_id", "idea", "CASCADE"),
        _points("family_id", "family", "CASCADE"),
        _points("account_id", "account", "CASCADE", nullable=False),
        _points("asked_by", "account", "SET NULL"),
        _instant("asked_at", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _words("question"),
        sa.Column("scores", sa.JSON(), nullable=False),
        _instant("scored_at"),
        _choice("feasibility"),
        _choice("cost"),
        _words("cost_note", 200),
        _choice("duration"),
        _choice("law"),
        _words("law_note", 200),
        _words("department", 80),
        _words("obstacles", 200),
        _words("reason"),
        _instant("saved_at"),
        _instant("closed_at"),
        _instant("reopened_at"),
        _instant("declined_at"),
        _words("decline_reason"),
        _instant("taken_back_at"),
        sa.CheckConstraint(
            "(idea_id IS NULL) <> (family_id IS NULL)", name="ck_evaluation_one_subject"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation"),
    )
    op.create_index("ix_evaluation_account_id", "evaluation", ["account_id", "due_on"])
    op.create_index("ix_evaluation_asked_by", "evaluation", ["asked_by"])
    for subject in ("idea", "family"):
        op.create_index(
            f"uq_evaluation_live_{subject}",
            "evaluation",
            [f"{subject}_id", "account_id"],
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        )


def downgrade() -> None:
    """What was evaluated goes; ideas, answers and the log stay."""
    op.drop_table("evaluation")
