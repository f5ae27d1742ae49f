"""Meetings of a programme, who was there, people's word that they took part, check codes of certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _to(table: str, column: str, ondelete: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(
        column, sa.Integer(), sa.ForeignKey(f"{table}.id", ondelete=ondelete), nullable=nullable
    )


def upgrade() -> None:
    """Nobody has met, been seen or claimed anything yet."""
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        _to("programme", "programme_id", "CASCADE"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=True),
        sa.Column("code_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
        sa.UniqueConstraint("programme_id", "number", name="uq_meeting_programme_id_number"),
        sa.UniqueConstraint("code", name="uq_meeting_code"),
    )
    op.create_table(
        "presence",
        sa.Column(
            "meeting_id",
            sa.Integer(),
            sa.ForeignKey("meeting.id", ondelete="CASCADE"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "participation_id",
            sa.Integer(),
            sa.ForeignKey("participation.id", ondelete="CASCADE"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("by_code", sa.Boolean(), nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", "participation_id", name="pk_presence"),
    )
    op.create_index("ix_presence_participation_id", "presence", ["participation_id"])
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        _to("account", "account_id", "CASCADE"),
        _to("programme", "programme_id", "CASCADE"),
        _to("meeting", "meeting_id", "SET NULL", nullable=True),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("word", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        _to("account", "decided_by", "SET NULL", nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_claim"),
    )
    op.create_index("ix_claim_state", "claim", ["state", "id"])
    op.create_index("ix_claim_account_id", "claim", ["account_id"])
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        _to("participation", "participation_id", "CASCADE"),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_certificate"),
        sa.UniqueConstraint("participation_id", name="uq_certificate_participation_id"),
        sa.UniqueConstraint("code", name="uq_certificate_code"),
    )


def downgrade() -> None:
    """Meetings, presences, claims and check codes go; every record stays."""
    op.drop_table("certificate")
    op.drop_table("claim")
    op.drop_table("presence")
    op.drop_table("meeting")
