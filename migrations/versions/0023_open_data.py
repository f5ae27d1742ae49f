"""Bundles of open data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nothing is kept yet: a worker makes the first bundles within the hour."""
    op.create_table(
        "open_bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "campaign_id",
            sa.Integer(),
            sa.ForeignKey("campaign.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("holds", sa.JSON(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_open_bundle"),
        sa.UniqueConstraint(
            "campaign_id", "lang", "edition", name="uq_open_bundle_campaign_id_lang_edition"
        ),
    )


def downgrade() -> None:
    """Bundles go, archived years too; the present ones can be made again."""
    op.drop_table("open_bundle")
