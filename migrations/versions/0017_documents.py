"""What counts of a year found; files that staff asked for; the centre's own form for documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
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
    """Nothing was counted or asked for yet, and documents have the plain form."""
    op.create_table(
        "report_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("counted_at", INSTANT, nullable=False),
        _account("counted_by", "SET NULL", nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("pictures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_run"),
    )
    op.create_index("ix_report_run_year", "report_run", ["year", "id"])
    op.create_table(
        "export_file",
        sa.Column("id", sa.Integer(), nullable=False),
        _account("account_id", "CASCADE"),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column(
            "campaign_id",
            sa.Integer(),
            sa.ForeignKey("campaign.id", ondelete="CASCADE"),
            nullable=True,
        ),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("replaced", sa.JSON(), nullable=False),
        sa.Column("fault", sa.String(length=200), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_export_file"),
        sa.UniqueConstraint("address", name="uq_export_file_address"),
    )
    op.create_index("ix_export_file_account_id", "export_file", ["account_id", "id"])
    op.create_table(
        "document_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        _account("uploaded_by", "SET NULL", nullable=True),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document_template"),
    )


def downgrade() -> None:
    """Files that were asked for and what counts found go; every figure can be counted again."""
    op.drop_table("document_template")
    op.drop_table("export_file")
    op.drop_table("report_run")
