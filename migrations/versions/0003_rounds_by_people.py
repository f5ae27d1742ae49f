"""Rounds that are asked for, changed by hand, signed by two people; where the log ends.

Columns are added and dropped by plain statements: SQLite would make a changed table anew, and dropping the
old one deletes the rows that hang on it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _round_columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("incompatible", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("incompatible_reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("progress", sa.Integer(), nullable=False, server_default="100"),
        sa.Column("list_digest", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
    )


def upgrade() -> None:
    """Lists so far stand as computed; the log ends where its last entry is."""
    for column in _round_columns():
        op.add_column("round", column)
    op.add_column("round_entry", sa.Column("final_rank", sa.Integer(), nullable=True))
    op.execute("UPDATE round_entry SET final_rank = rank")
    _add_people()
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.execute(
        "INSERT INTO audit_head (id, entry_id, entries, hash) "
        "SELECT 1, id, (SELECT count(*) FROM audit_entry), hash FROM audit_entry "
        "WHERE id = (SELECT max(id) FROM audit_entry)"
    )


def _key(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _add_people() -> None:
    op.create_table(
        "round_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        _key("round_change", "round_id", "round", "CASCADE"),
        _key("round_change", "entry_id", "round_entry", "CASCADE"),
        _key("round_change", "made_by", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_change")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_round_change_entry_id")),
    )
    op.create_index(op.f("ix_round_change_round_id"), "round_change", ["round_id"])
    op.create_table(
        "round_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("list_digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        _key("round_signature", "round_id", "round", "CASCADE"),
        _key("round_signature", "account_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_signature")),
        sa.UniqueConstraint(
            "round_id", "account_id", name=op.f("uq_round_signature_round_id_account_id")
        ),
    )
    op.create_table(
        "round_auditor",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=True),
        _key("round_auditor", "round_id", "round", "CASCADE"),
        _key("round_auditor", "account_id", "account", "CASCADE"),
        _key("round_auditor", "named_by", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("round_id", "account_id", name=op.f("pk_round_auditor")),
    )


def downgrade() -> None:
    """Only counted rounds can stay; what people changed and signed goes."""
    op.drop_table("audit_head")
    op.drop_table("round_auditor")
    op.drop_table("round_signature")
    op.drop_index(op.f("ix_round_change_round_id"), "round_change")
    op.drop_table("round_change")
    op.execute("DELETE FROM round WHERE state IN ('asked', 'failed')")
    op.execute("UPDATE round SET state = 'computed' WHERE state = 'confirmed'")
    op.execute("ALTER TABLE round_entry DROP COLUMN final_rank")
    for column in _round_columns():
        op.execute(f"ALTER TABLE round DROP COLUMN {column.name}")
