"""Work in the background: leases and lanes of the outbox, chores done once, mails sent once, webhooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OPEN = sa.text("done_at IS NULL AND dead_at IS NULL")


def _instant(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Adds the tables and columns; events that wait go on waiting."""
    op.add_column(
        "outbox_event",
        sa.Column("lane", sa.String(length=20), server_default="inside", nullable=False),
    )
    op.add_column("outbox_event", sa.Column("claim", sa.String(length=32), nullable=True))
    op.drop_index("ix_outbox_event_due", table_name="outbox_event")
    op.create_index(
        "ix_outbox_event_open",
        "outbox_event",
        ["lane", "due_at", "id"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.add_column("campaign", sa.Column("phase_told", sa.String(length=20), nullable=True))
    op.create_table(
        "chore_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        _instant("due_at", nullable=False),
        _instant("asked_at", nullable=False),
        _instant("done_at"),
        sa.Column("was_skipped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chore_run")),
        sa.UniqueConstraint("name", "due_at", name=op.f("uq_chore_run_name_due_at")),
    )
    _make_mail()
    _make_webhooks()


def _make_mail() -> None:
    op.create_table(
        "mail_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.String(length=80), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        _instant("made_at", nullable=False),
        _instant("handing_at"),
        _instant("sent_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_delivery_key")),
    )
    op.create_index("ix_mail_delivery_state", "mail_delivery", ["state", "id"])
    op.create_index("ix_mail_delivery_event_id", "mail_delivery", ["event_id"])


def _make_webhooks() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(length=80), nullable=False),
        sa.Column("old_secret", sa.String(length=80), nullable=True),
        _instant("old_secret_until"),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("off_because", sa.String(length=20), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        _instant("failing_since"),
        _instant("made_at", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endpoint_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=80), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        _instant("happened_at", nullable=False),
        _instant("tried_at"),
        _instant("next_at"),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoint.id"],
            name=op.f("fk_webhook_delivery_endpoint_id_webhook_endpoint"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("message_id", name=op.f("uq_webhook_delivery_message_id")),
    )
    op.create_index("ix_webhook_delivery_endpoint_id", "webhook_delivery", ["endpoint_id", "id"])


def downgrade() -> None:
    """Notes of chores, mails and webhooks go; events that wait stay."""
    op.drop_table("webhook_delivery")
    op.drop_table("webhook_endpoint")
    op.drop_table("mail_delivery")
    op.drop_table("chore_run")
    op.drop_column("campaign", "phase_told")
    op.drop_index("ix_outbox_event_open", table_name="outbox_event")
    op.create_index("ix_outbox_event_due", "outbox_event", ["done_at", "due_at"])
    op.drop_column("outbox_event", "claim")
    op.drop_column("outbox_event", "lane")
