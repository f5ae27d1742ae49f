"""Ballots on paper, ticks kept before they are cast, and the end of the links between people and ballots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All ballots so far were cast on screen, with nothing kept beside them."""
    # no batch: it would make the table anew on SQLite, and the ticks hang on its rows
    op.add_column("ballot", sa.Column("voter_key", sa.String(length=64), nullable=True))
    op.add_column(
        "ballot", sa.Column("is_paper", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("ballot", sa.Column("draft", sa.JSON(none_as_null=True), nullable=True))
    op.create_index(
        op.f("ix_ballot_campaign_id_voter_key"), "ballot", ["campaign_id", "voter_key"], unique=True
    )
    op.create_table(
        "paper_ballot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("voter_key", sa.String(length=64), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("registered_by", sa.Integer(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_by", sa.Integer(), nullable=True),
        sa.Column("first_picks", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("second_by", sa.Integer(), nullable=True),
        sa.Column("second_picks", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_paper_ballot_campaign_id_campaign"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_paper_ballot_person_id_person"),
            ondelete="SET NULL",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["account.id"],
                name=op.f(f"fk_paper_ballot_{column}_account"),
                ondelete="SET NULL",
            )
            for column in ("account_id", "registered_by", "first_by", "second_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_ballot")),
        sa.UniqueConstraint(
            "campaign_id", "account_id", name=op.f("uq_paper_ballot_campaign_id_account_id")
        ),
        sa.UniqueConstraint(
            "campaign_id", "voter_key", name=op.f("uq_paper_ballot_campaign_id_voter_key")
        ),
    )
    op.create_table(
        "ballot_unlinking",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ballots", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_ballot_unlinking_campaign_id_campaign"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_ballot_unlinking")),
    )


def downgrade() -> None:
    """Counted ballots stay; papers under way, kept ticks and the keys of paper voters go."""
    op.drop_table("ballot_unlinking")
    op.drop_table("paper_ballot")
    op.drop_index(op.f("ix_ballot_campaign_id_voter_key"), "ballot")
    for column in ("draft", "is_paper", "voter_key"):
        op.drop_column("ballot", column)
