"""Log-in by others, the second factor of staff, and when a person last showed who they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _account() -> sa.Column[int]:
    return sa.Column(
        "account_id",
        sa.Integer(),
        sa.ForeignKey("account.id", ondelete="CASCADE"),
        nullable=False,
    )


def upgrade() -> None:
    """Nobody has another way in yet; open sessions go on, and are asked again before grave acts."""
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        _account(),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
        sa.UniqueConstraint("issuer", "subject", name="uq_identity_issuer_subject"),
        sa.UniqueConstraint("account_id", "issuer", name="uq_identity_account_id_issuer"),
    )
    op.create_table(
        "second_factor",
        _account(),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_second_factor"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        _account(),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.UniqueConstraint(
            "account_id", "code_hash", name="uq_recovery_code_account_id_code_hash"
        ),
    )
    op.add_column("login_session", sa.Column("confirmed_at", INSTANT, nullable=True))
    op.add_column("login_session", sa.Column("factor_at", INSTANT, nullable=True))


def downgrade() -> None:
    """Other ways in go: who has no password sets one by mail."""
    op.drop_column("login_session", "factor_at")
    op.drop_column("login_session", "confirmed_at")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
    op.drop_table("identity")
