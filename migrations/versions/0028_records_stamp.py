"""The stamp of the records: drawn anew by the database with every change of what is counted of programmes and of who
took part, so that the front page need not count it at each look.

Triggers, as in 0027. A later step that makes the table `programme`, `participation`, `person` or `tally` anew has to
make its triggers anew as well.
"""

# ruff: noqa: S608  # triggers are text, and all of it stands here
from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_STAMPED = (
    ("programme", "slug, year, status, outcome, category, certificate, is_specialist"),
    ("participation", None),
    ("person", "born_on, neighbourhood"),
    ("tally", None),
)
_CHANCE = {
    "sqlite": "abs(random() % 9007199254740991)",
    "postgresql": "floor(random() * 9007199254740991)::bigint",
}


def _follow_on_sqlite(move: str) -> None:
    for table, columns in _STAMPED:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            of = f" OF {columns}" if columns and verb == "UPDATE" else ""
            op.execute(
                f"CREATE TRIGGER {table}_records_{verb.lower()} AFTER {verb}{of} ON {table} "
                f"BEGIN {move}; END"
            )


def _follow_on_postgres(move: str) -> None:
    op.execute(
        "CREATE FUNCTION records_stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
        f"{move};\nRETURN NULL; END $$"
    )
    for table, columns in _STAMPED:
        of = f" OF {columns}" if columns else ""
        op.execute(
            f"CREATE TRIGGER {table}_records AFTER INSERT OR DELETE OR UPDATE{of} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION records_stamp()"
        )


def upgrade() -> None:
    """Draws the first number, then follows the tables."""
    kind = op.get_bind().dialect.name
    op.execute(f"INSERT INTO stamp (name, value) VALUES ('records', {_CHANCE[kind]})")
    move = f"UPDATE stamp SET value = {_CHANCE[kind]} WHERE name = 'records'"
    if kind == "sqlite":
        _follow_on_sqlite(move)
    else:
        _follow_on_postgres(move)


def downgrade() -> None:
    """What is counted under the stamp is in the tables themselves."""
    if op.get_bind().dialect.name == "sqlite":
        for table, _columns in _STAMPED:
            for verb in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_records_{verb}")
    else:
        for table, _columns in _STAMPED:
            op.execute(f"DROP TRIGGER {table}_records ON {table}")
        op.execute("DROP FUNCTION records_stamp()")
    op.execute("DELETE FROM stamp WHERE name = 'records'")
