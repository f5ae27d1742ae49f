"""Periods, the register of what was destroyed, the access log and its check, the house's texts in versions.

The triggers: what was destroyed and checked is never changed; a record of access not either, nor deleted within
two years.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TEXTS = Path(__file__).parents[2] / "ideas_app" / "terms" / "texts"
KINDS = ("privacy", "terms", "rules", "accessibility")
SHIPPED_ON = date(2026, 3, 1)

_FIXED = ("access_check", "destruction_record")
_SQLITE = """
CREATE TRIGGER {table}_no_{verb_lower} BEFORE {verb} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_YOUNG_SQLITE = "WHEN julianday('now') - julianday(OLD.at) < 730"
_POSTGRES = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN {body} END $$
"""


def _protect() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in (*_FIXED, "access_record"):
            for verb in ("UPDATE", "DELETE"):
                is_aged = table == "access_record" and verb == "DELETE"
                when = _YOUNG_SQLITE if is_aged else ""
                names = {"table": table, "verb": verb, "verb_lower": verb.lower(), "when": when}
                op.execute(_SQLITE.format(**names))
        return
    refuse = "RAISE EXCEPTION 'this table is append-only';"
    young = f"IF OLD.at > now() - interval '730 days' THEN {refuse} END IF; RETURN OLD;"
    op.execute(_POSTGRES.format(name="kept_is_append_only", body=refuse))
    op.execute(_POSTGRES.format(name="access_record_is_young", body=young))
    for table in _FIXED:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION kept_is_append_only()"
        )
    op.execute(
        "CREATE TRIGGER access_record_no_change BEFORE UPDATE OR TRUNCATE ON access_record "
        "FOR EACH STATEMENT EXECUTE FUNCTION kept_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER access_record_no_delete BEFORE DELETE ON access_record "
        "FOR EACH ROW EXECUTE FUNCTION access_record_is_young()"
    )


def _unprotect() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in (*_FIXED, "access_record"):
            for verb in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{verb}")
        return
    for table in _FIXED:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    for verb in ("change", "delete"):
        op.execute(f"DROP TRIGGER access_record_no_{verb} ON access_record")
    op.execute("DROP FUNCTION kept_is_append_only()")
    op.execute("DROP FUNCTION access_record_is_young()")


def upgrade() -> None:
    """Nothing was announced or destroyed yet; the texts that were shipped are version 1. Every account counts as
    used today: when somebody was last signed in was not kept, and nobody may lose an account by that.
    """
    _make_retention_tables()
    _make_access_tables()
    _make_text_tables()
    _protect()
    op.add_column("account", sa.Column("seen_at", INSTANT, nullable=True))
    account = sa.table("account", sa.column("seen_at", INSTANT), sa.column("deleted_at", INSTANT))
    op.execute(
        account.update().where(account.c.deleted_at.is_(None)).values(seen_at=datetime.now(UTC))
    )


def _make_retention_tables() -> None:
    op.create_table(
        "retention_period",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_retention_period"),
    )
    op.create_table(
        "retention_warning",
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("warned_on", sa.Date(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("period", "subject_id", name="pk_retention_warning"),
    )
    op.create_table(
        "destruction_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("table", sa.String(length=80), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_destruction_record"),
        sa.UniqueConstraint("hash", name="uq_destruction_record_hash"),
    )
    op.create_index("ix_destruction_record_run", "destruction_record", ["run"])


def _make_access_tables() -> None:
    op.create_table(
        "access_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_role", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_type", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("whose", sa.String(length=20), nullable=False),
        sa.Column("whose_ids", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_record"),
    )
    op.create_index("ix_access_record_at", "access_record", ["at"])
    op.create_table(
        "access_check",
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("records", sa.Integer(), server_default="0", nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("month_on", name="pk_access_check"),
    )


def _make_text_tables() -> None:
    texts = op.create_table(
        "house_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body_ko", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("note_ko", sa.Text(), nullable=False),
        sa.Column("note_en", sa.Text(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column(
            "published_by",
            sa.Integer(),
            sa.ForeignKey("account.id", ondelete="SET NULL"),
            nullable=True,
        ),
        sa.Column("filled_ko", sa.Text(), nullable=True),
        sa.Column("filled_en", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_house_text"),
        sa.UniqueConstraint("kind", "version", name="uq_house_text_kind_version"),
    )
    op.create_table(
        "policy_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policy_contact"),
    )
    now = datetime.now(UTC)
    op.bulk_insert(
        texts,
        [
            {
                "kind": kind,
                "version": 1,
                "body_ko": (TEXTS / f"{kind}.ko.md").read_text(encoding="utf-8"),
                "body_en": (TEXTS / f"{kind}.en.md").read_text(encoding="utf-8"),
                "note_ko": "처음 만든 글입니다.",
                "note_en": "The first version.",
                "in_force_on": SHIPPED_ON,
                "saved_at": now,
                "published_at": now,
            }
            for kind in KINDS
        ],
    )


def downgrade() -> None:
    """The texts are again those of the code; what was destroyed and who looked is no longer known."""
    _unprotect()
    op.drop_column("account", "seen_at")
    for table in (
        "policy_contact",
        "house_text",
        "access_check",
        "access_record",
        "destruction_record",
        "retention_warning",
        "retention_period",
    ):
        op.drop_table(table)
