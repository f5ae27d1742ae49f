"""Counts and keys of the list's orders, and supports that are set aside."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ORDERS = ("rated", "rising", "debated")


def upgrade() -> None:
    """Columns, tables, and the keys of the ideas that are there: nobody has said "not sure" yet."""
    with op.batch_alter_table("idea") as batch:
        for name in ("unsure_count", "concerns_count", "rated_key", "debated_key"):
            batch.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False))
        batch.add_column(
            sa.Column("rising_key", sa.BigInteger(), server_default="0", nullable=False)
        )
        for order in ORDERS:
            batch.create_index(f"ix_idea_listed_{order}", ["is_listed", f"{order}_key", "id"])
    _fill()
    op.create_table(
        "set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("condition", sa.JSON(), nullable=False),
        sa.Column("supports_count", sa.Integer(), nullable=False),
        sa.Column("unlatched", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restored_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_set_aside_campaign_id_campaign"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
    )
    op.create_index(op.f("ix_set_aside_campaign_id"), "set_aside", ["campaign_id"])
    op.create_table(
        "aside_support",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_aside_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{name}.id"],
                name=op.f(f"fk_aside_support_{name}_id_{name}"),
                ondelete="CASCADE",
            )
            for name in ("set_aside", "idea", "account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aside_support")),
        sa.UniqueConstraint(
            "idea_id", "account_id", name=op.f("uq_aside_support_idea_id_account_id")
        ),
    )
    op.create_index(op.f("ix_aside_support_set_aside_id"), "aside_support", ["set_aside_id"])
    op.create_index("ix_aside_support_account_id", "aside_support", ["account_id"])


def _fill() -> None:
    """Keys as `ideas.rules.orders` had them when this step was written."""
    instant = sa.DateTime(timezone=True)
    idea = sa.table(
        "idea",
        *(sa.column(name) for name in ("id", "supports_count", "concerns_count")),
        *(sa.column(f"{order}_key") for order in ORDERS),
        sa.column("published_at", instant),
    )
    op.execute(
        "UPDATE idea SET concerns_count = (SELECT count(DISTINCT author_id) FROM comment "
        "WHERE comment.idea_id = idea.id AND stance = 'against' AND deleted_at IS NULL "
        "AND hidden_at IS NULL)"
    )
    connection = op.get_bind()
    columns = (idea.c.id, idea.c.supports_count, idea.c.concerns_count, idea.c.published_at)
    for key, ups, doubts, published_at in connection.execute(sa.select(*columns)).all():
        share = 1 / (1 + 1.96 * 1.96 / ups) if ups else 0.0
        voices = ups + doubts
        rising = 0.0
        if published_at is not None:
            age = published_at.replace(tzinfo=published_at.tzinfo or UTC)
            days = (age - datetime(2020, 1, 1, tzinfo=UTC)) / timedelta(days=5)
            rising = math.log10(max(ups, 1)) + days
        keys = {
            "rated_key": round(1_000_000 * share),
            "rising_key": round(1_000_000 * rising),
            "debated_key": round(1000 * voices / max(abs(ups - doubts), 1)) if voices >= 20 else 0,
        }
        connection.execute(sa.update(idea).where(idea.c.id == key).values(keys))


def downgrade() -> None:
    """Supports that are set aside count again: a support is never lost on the way back."""
    op.execute(
        "INSERT INTO support (idea_id, account_id, given_at) "
        "SELECT idea_id, account_id, given_at FROM aside_support "
        "WHERE NOT EXISTS (SELECT 1 FROM support WHERE support.idea_id = aside_support.idea_id "
        "AND support.account_id = aside_support.account_id)"
    )
    op.execute(
        "UPDATE idea SET supports_count = "
        "(SELECT count(*) FROM support WHERE support.idea_id = idea.id)"
    )
    op.execute(
        "UPDATE family SET supports_count = (SELECT count(DISTINCT support.account_id) FROM support "
        "JOIN idea ON idea.id = support.idea_id WHERE idea.family_id = family.id)"
    )
    op.drop_table("aside_support")
    op.drop_table("set_aside")
    # plainly, not by a new table: dropping the old one would delete the rows that hang on it
    for order in ORDERS:
        op.drop_index(f"ix_idea_listed_{order}", "idea")
    for name in ("unsure_count", "concerns_count", "rated_key", "rising_key", "debated_key"):
        op.drop_column("idea", name)
