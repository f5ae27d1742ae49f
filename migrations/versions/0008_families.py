"""Families: drafts, people who left one, alike ideas set apart, days to object of each member.

Keeps apart when an idea itself had enough supports and when its family had: a split brings back
exactly the former.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ANSWER_SUPPORTS = 20
"""The default rule when this was written; a campaign's own settings come first."""


def upgrade() -> None:
    """Adds the tables and columns and fills them from what is known."""
    # not in a batch: SQLite would build these tables anew, and the old ones cannot go while rows name them
    op.add_column("family", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("idea", sa.Column("answer_earned_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("family_member") as batch:
        batch.add_column(sa.Column("objection_until", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("left_reason", sa.Text(), nullable=True))
    _fill()
    with op.batch_alter_table("family_member") as batch:
        batch.alter_column(
            "objection_until", existing_type=sa.DateTime(timezone=True), nullable=False
        )
    op.create_table(
        "family_leaver",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["family.id"],
            name=op.f("fk_family_leaver_family_id_family"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_family_leaver_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("family_id", "account_id", name=op.f("pk_family_leaver")),
    )
    op.create_index("ix_family_leaver_account_id", "family_leaver", ["account_id"])
    op.create_table(
        "family_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("idea_ids", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("edited_by", sa.Integer(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_family_draft_campaign_id_campaign"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["edited_by"],
            ["account.id"],
            name=op.f("fk_family_draft_edited_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_draft")),
    )
    op.create_table(
        "set_apart",
        sa.Column("first", sa.String(length=20), nullable=False),
        sa.Column("second", sa.String(length=20), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_by", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_set_apart_campaign_id_campaign"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["said_by"],
            ["account.id"],
            name=op.f("fk_set_apart_said_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("first", "second", name=op.f("pk_set_apart")),
    )
    op.create_index("ix_set_apart_campaign_id", "set_apart", ["campaign_id"])


def downgrade() -> None:
    """Drafts, leavers and pairs go; families and their members stay."""
    op.drop_table("set_apart")
    op.drop_table("family_draft")
    op.drop_table("family_leaver")
    with op.batch_alter_table("family_member") as batch:
        batch.drop_column("left_reason")
        batch.drop_column("objection_until")
    op.drop_column("idea", "answer_earned_at")
    op.drop_column("family", "answered_at")


_FILLS = (
    """
    UPDATE family_member SET objection_until =
    (SELECT objection_until FROM family WHERE family.id = family_member.family_id)
    """,
    """
    UPDATE family_member SET left_reason = (
        SELECT max(resolution) FROM objection
        WHERE objection.family_id = family_member.family_id
        AND objection.idea_id = family_member.idea_id AND objection.outcome = 'left')
    WHERE left_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM family
        WHERE family.id = family_member.family_id AND family.split_at <= family_member.left_at)
    """,
    """
    UPDATE family SET answered_at =
    (SELECT answered_at FROM answer WHERE answer.family_id = family.id)
    """,
    """
    UPDATE idea SET answer_earned_at = answer_due_latched_at
    WHERE family_id IS NULL OR answer_due_latched_at <
    (SELECT formed_at FROM family WHERE family.id = idea.family_id)
    """,
)


def _fill() -> None:
    connection = op.get_bind()
    for statement in _FILLS:
        connection.execute(sa.text(statement))
    # within a family it cannot be told who earned the answer but by the idea's own number of today
    for campaign_id, settings in connection.execute(sa.text("SELECT id, settings FROM campaign")):
        connection.execute(
            sa.text(
                "UPDATE idea SET answer_earned_at = answer_due_latched_at WHERE campaign_id = :id"
                " AND family_id IS NOT NULL AND supports_count >= :least"
            ),
            {"id": campaign_id, "least": _least(settings)},
        )


def _least(settings: Any) -> int:
    values = json.loads(settings) if isinstance(settings, str) else settings
    return int((values or {}).get("answer_supports", _ANSWER_SUPPORTS))
