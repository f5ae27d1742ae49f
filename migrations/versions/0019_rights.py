"""Every consent keeps its history, and its words; requests about one's own data, with their clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
OLD = "uq_consent_account_id_kind_version"
NEW = "uq_consent_in_force"


def _account(column: str) -> sa.Column[int]:
    key = sa.ForeignKey("account.id", ondelete="SET NULL")
    return sa.Column(column, sa.Integer(), key, nullable=True)


def upgrade() -> None:
    """A consent that was taken back and given again is two rows; at most one of a version is in force."""
    with op.batch_alter_table("consent") as consent:
        consent.drop_constraint(OLD, type_="unique")
    in_force = sa.text("withdrawn_at IS NULL")
    op.create_index(
        NEW,
        "consent",
        ["account_id", "kind", "version"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )
    op.create_table(
        "consent_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consent_text"),
        sa.UniqueConstraint("kind", "version", "lang", name="uq_consent_text_kind_version_lang"),
    )
    op.create_table(
        "data_request",
        sa.Column("id", sa.Integer(), nullable=False),
        _account("account_id"),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("about", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.Column("contact", sa.String(length=320), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_to", sa.Date(), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=False),
        sa.Column("proof", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        _account("settled_by"),
        sa.Column("forgotten_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_data_request"),
    )
    op.create_index("ix_data_request_state", "data_request", ["state", "due_on"])
    op.create_index("ix_data_request_account_id", "data_request", ["account_id"])


def downgrade() -> None:
    """Of each version of a consent the newest row stays; requests and words go."""
    op.drop_table("data_request")
    op.drop_table("consent_text")
    op.drop_index(NEW, table_name="consent")
    op.execute(
        "DELETE FROM consent WHERE id NOT IN "
        "(SELECT max(id) FROM consent GROUP BY account_id, kind, version)"
    )
    with op.batch_alter_table("consent") as consent:
        consent.create_unique_constraint(OLD, ["account_id", "kind", "version"])
