"""Tallies of the list's filters, and the stamp of the campaigns' settings; the database moves both by itself.

Triggers, so that no writer can forget one: neither a bulk statement nor a command. A later step that makes the table
`idea`, `campaign`, `phase`, `field` or `programme` anew has to make its triggers anew as well.
"""

# ruff: noqa: S608  # triggers are text, and all of it stands here
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_READABLE = (
    "({row}.state IN ('published', 'on_ballot', 'shortlisted', 'not_shortlisted', 'answered', 'done', 'withdrawn')"
    " OR ({row}.state = 'rejected' AND ({row}.code IS NULL"
    " OR {row}.code NOT IN ('personal_data', 'abuse', 'advertising'))))"
)
_LINES = (
    ("field", "CAST({row}.field_id AS VARCHAR(24))", "{row}.is_listed"),
    (
        "programme",
        "CAST({row}.programme_id AS VARCHAR(24))",
        "{row}.is_listed AND {row}.programme_id IS NOT NULL",
    ),
    ("state", "{row}.state", _READABLE),
)
_TOLD_BY = ("campaign_id", "field_id", "programme_id", "state", "code", "is_listed")
_STAMPED = (
    ("campaign", None),
    ("phase", None),
    ("field", None),
    ("programme", "slug, title, title_en"),
)


def _move(row: str, step: int) -> str:
    return "".join(
        f"INSERT INTO idea_tally (campaign_id, kind, key, number) "
        f"SELECT {row}.campaign_id, '{kind}', {key.format(row=row)}, {step} "
        f"WHERE {clause.format(row=row)} "
        f"ON CONFLICT (campaign_id, kind, key) DO UPDATE SET number = idea_tally.number + {step};\n"
        for kind, key, clause in _LINES
    )


def _differs(word: str) -> str:
    return " OR ".join(f"OLD.{name} {word} NEW.{name}" for name in _TOLD_BY)


def _follow_on_sqlite() -> None:
    for verb, body in (("INSERT", _move("NEW", 1)), ("DELETE", _move("OLD", -1))):
        op.execute(
            f"CREATE TRIGGER idea_tally_{verb.lower()} AFTER {verb} ON idea BEGIN {body} END"
        )
    op.execute(
        f"CREATE TRIGGER idea_tally_update AFTER UPDATE OF {', '.join(_TOLD_BY)} ON idea "
        f"WHEN {_differs('IS NOT')} BEGIN {_move('OLD', -1)} {_move('NEW', 1)} END"
    )
    for table, columns in _STAMPED:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            of = f" OF {columns}" if columns and verb == "UPDATE" else ""
            op.execute(
                f"CREATE TRIGGER {table}_stamp_{verb.lower()} AFTER {verb}{of} ON {table} "
                "BEGIN UPDATE stamp SET value = abs(random() % 9007199254740991) "
                "WHERE name = 'campaigns'; END"
            )


def _follow_on_postgres() -> None:
    op.execute(
        "CREATE FUNCTION idea_tally_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
        f"IF TG_OP <> 'INSERT' THEN\n{_move('OLD', -1)} END IF;\n"
        f"IF TG_OP <> 'DELETE' THEN\n{_move('NEW', 1)} END IF;\n"
        "RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER idea_tally_rows AFTER INSERT OR DELETE ON idea "
        "FOR EACH ROW EXECUTE FUNCTION idea_tally_follow()"
    )
    op.execute(
        f"CREATE TRIGGER idea_tally_update AFTER UPDATE OF {', '.join(_TOLD_BY)} ON idea "
        f"FOR EACH ROW WHEN ({_differs('IS DISTINCT FROM')}) EXECUTE FUNCTION idea_tally_follow()"
    )
    op.execute(
        "CREATE FUNCTION campaigns_stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
        "UPDATE stamp SET value = floor(random() * 9007199254740991)::bigint "
        "WHERE name = 'campaigns';\nRETURN NULL; END $$"
    )
    for table, columns in _STAMPED:
        of = f" OF {columns}" if columns else ""
        op.execute(
            f"CREATE TRIGGER {table}_stamp AFTER INSERT OR DELETE OR UPDATE{of} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION campaigns_stamp()"
        )


def upgrade() -> None:
    """Counts what is there, then follows it."""
    op.create_table(
        "idea_tally",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "kind", "key", name="pk_idea_tally"),
    )
    op.create_table(
        "stamp",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_stamp"),
    )
    for kind, key, clause in _LINES:
        written = key.format(row="idea")
        op.execute(
            "INSERT INTO idea_tally (campaign_id, kind, key, number) "
            f"SELECT campaign_id, '{kind}', {written}, count(*) FROM idea "
            f"WHERE {clause.format(row='idea')} GROUP BY campaign_id, {written}"
        )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    chance = (
        "abs(random() % 9007199254740991)"
        if on_sqlite
        else "floor(random() * 9007199254740991)::bigint"
    )
    op.execute(f"INSERT INTO stamp (name, value) VALUES ('campaigns', {chance})")
    if on_sqlite:
        _follow_on_sqlite()
    else:
        _follow_on_postgres()


def downgrade() -> None:
    """Tallies can be counted again at any time."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER idea_tally_{verb}")
            for table, _columns in _STAMPED:
                op.execute(f"DROP TRIGGER {table}_stamp_{verb}")
    else:
        for table, _columns in _STAMPED:
            op.execute(f"DROP TRIGGER {table}_stamp ON {table}")
        op.execute("DROP TRIGGER idea_tally_rows ON idea")
        op.execute("DROP TRIGGER idea_tally_update ON idea")
        op.execute("DROP FUNCTION idea_tally_follow()")
        op.execute("DROP FUNCTION campaigns_stamp()")
    op.drop_table("stamp")
    op.drop_table("idea_tally")
