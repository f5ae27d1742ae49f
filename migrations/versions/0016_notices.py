"""Notices by channel: what people chose, what goes by which mail, and the daily mails that were begun."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOVED = {
    "ideas": (
        "tell_submitted", "tell_edited", "tell_withdrawn", "tell_published", "tell_returned",
        "tell_rejected", "tell_hidden", "tell_restored", "tell_fixed", "tell_appeal",
    ),
    "comments": ("tell_comment", "tell_comment_hidden", "tell_comment_restored"),
    "families": ("tell_family", "tell_joined", "tell_left", "tell_objection", "tell_split"),
    "shortlists": ("tell_shortlist",),
    "answers": ("tell_answer_due", "tell_answer", "tell_extension", "tell_promise"),
    "staff": ("tell_note",),
    "mails": ("mail_notice", "forget_notices"),
}  # fmt: skip
"""Handlers that moved: what waits in the outbox finds them under their new names."""


def upgrade() -> None:
    """Nobody has chosen anything yet; every notice that is there stands in its inbox, its mail decided on."""
    # not in a batch: SQLite would copy the table
    op.add_column(
        "notice",
        sa.Column("in_inbox", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column(
        "notice",
        sa.Column("mailing", sa.String(length=8), nullable=False, server_default="none"),
    )
    op.add_column("notice", sa.Column("digest_on", sa.Date(), nullable=True))
    op.create_index("ix_notice_mailing", "notice", ["mailing", "digest_on"])
    op.create_table(
        "notice_setting",
        _account(),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("in_inbox", sa.Boolean(), nullable=False),
        sa.Column("mailing", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "topic", name="pk_notice_setting"),
    )
    op.create_table(
        "daily_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        _account(),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_daily_mail"),
        sa.UniqueConstraint("account_id", "kind", "day", name="uq_daily_mail_account_id_kind_day"),
    )
    _rename(lambda room, name: (f"notifications.jobs.{name}", f"notifications.jobs.{room}.{name}"))


def downgrade() -> None:
    """What people chose goes; notices stay, but those that stood in no inbox."""
    _rename(lambda room, name: (f"notifications.jobs.{room}.{name}", f"notifications.jobs.{name}"))
    op.drop_table("daily_mail")
    op.drop_table("notice_setting")
    op.execute(sa.text("DELETE FROM notice WHERE NOT in_inbox"))
    op.drop_index("ix_notice_mailing", table_name="notice")
    for column in ("digest_on", "mailing", "in_inbox"):
        op.drop_column("notice", column)


def _account() -> sa.Column[int]:
    return sa.Column(
        "account_id", sa.Integer(), sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False
    )


def _rename(names) -> None:  # type: ignore[no-untyped-def]
    outbox = sa.table("outbox_event", sa.column("handler", sa.String()))
    for room, moved in MOVED.items():
        for name in moved:
            before, after = names(room, name)
            op.execute(outbox.update().where(outbox.c.handler == before).values(handler=after))
