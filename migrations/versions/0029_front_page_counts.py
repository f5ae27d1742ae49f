"""Who took part in a campaign, and how many ideas each day brought: counted as it happens, so that the front page need
not walk through every support at each look. And indexes under what is public: newest first, by programme, by readers.

Triggers, as in 0027. A later step that makes the table `idea`, `support` or `comment` anew has to make its triggers
anew as well.
"""

# ruff: noqa: S608  # triggers are text, and all of it stands here
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_ACTS = (("support", "account_id"), ("comment", "author_id"))
"""Rows of an idea that are acts of a person, and the column that says whose; writing the idea is one as well."""
_DAY_TOLD_BY = ("campaign_id", "is_listed", "published_at")
_DAY = {
    "sqlite": "date({row}.published_at, '+9 hours')",
    "postgresql": "CAST(timezone('Asia/Seoul', {row}.published_at) AS date)",
}
_GATHERED = "{row}.is_listed AND {row}.published_at IS NOT NULL"
_ADDS = (
    "ON CONFLICT (campaign_id, account_id) DO UPDATE SET acts = partaker.acts + excluded.acts;\n"
)


def _act(row: str, whose: str) -> str:
    return (
        "INSERT INTO partaker (campaign_id, account_id, acts) "
        f"SELECT campaign_id, {row}.{whose}, 1 FROM idea WHERE id = {row}.idea_id {_ADDS}"
    )


def _unact(row: str, whose: str) -> str:
    mine = (
        f"campaign_id = (SELECT campaign_id FROM idea WHERE id = {row}.idea_id) "
        f"AND account_id = {row}.{whose}"
    )
    return (
        f"UPDATE partaker SET acts = acts - 1 WHERE {mine};\n"
        f"DELETE FROM partaker WHERE {mine} AND acts < 1;\n"
    )


def _people_of(row: str) -> str:
    acts = "".join(
        f" UNION ALL SELECT {whose} FROM {table} WHERE idea_id = {row}.id" for table, whose in _ACTS
    )
    return f"(SELECT {row}.author_id AS person{acts}) AS people"


def _arrive(row: str) -> str:
    return (
        f"INSERT INTO partaker (campaign_id, account_id, acts) SELECT {row}.campaign_id, person, count(*) "
        f"FROM {_people_of(row)} WHERE true GROUP BY person {_ADDS}"
    )


def _depart(row: str) -> str:
    theirs = (
        f"campaign_id = {row}.campaign_id AND account_id IN (SELECT person FROM {_people_of(row)})"
    )
    return (
        "UPDATE partaker SET acts = acts - (SELECT count(*) "
        f"FROM {_people_of(row)} WHERE person = partaker.account_id) WHERE {theirs};\n"
        f"DELETE FROM partaker WHERE {theirs} AND acts < 1;\n"
    )


def _move_day(kind: str, row: str, step: int) -> str:
    return (
        "INSERT INTO idea_day (campaign_id, day, number) "
        f"SELECT {row}.campaign_id, {_DAY[kind].format(row=row)}, {step} WHERE {_GATHERED.format(row=row)} "
        f"ON CONFLICT (campaign_id, day) DO UPDATE SET number = idea_day.number + {step};\n"
    )


def _differs(word: str, columns: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{name} {word} NEW.{name}" for name in columns)


def _clear() -> str:
    # while the idea still stands, which tells the campaign; a cascade would come when it is gone
    return "".join(f"DELETE FROM {table} WHERE idea_id = OLD.id;\n" for table, _whose in _ACTS)


def _follow_on_sqlite() -> None:
    triggers = {}
    for table, whose in _ACTS:
        moved = ("idea_id", whose)
        triggers |= {
            f"{table}_partaker_insert AFTER INSERT ON {table}": _act("NEW", whose),
            f"{table}_partaker_delete AFTER DELETE ON {table}": _unact("OLD", whose),
            f"{table}_partaker_update AFTER UPDATE OF {', '.join(moved)} ON {table} "
            f"WHEN {_differs('IS NOT', moved)}": _unact("OLD", whose) + _act("NEW", whose),
        }
    triggers |= {
        "idea_partaker_insert AFTER INSERT ON idea": _arrive("NEW"),
        "idea_partaker_clear BEFORE DELETE ON idea": _clear(),
        "idea_partaker_delete AFTER DELETE ON idea": _depart("OLD"),
        "idea_partaker_update AFTER UPDATE OF campaign_id, author_id ON idea "
        f"WHEN {_differs('IS NOT', ('campaign_id', 'author_id'))}": _depart("OLD") + _arrive("NEW"),
        "idea_day_insert AFTER INSERT ON idea": _move_day("sqlite", "NEW", 1),
        "idea_day_delete AFTER DELETE ON idea": _move_day("sqlite", "OLD", -1),
        f"idea_day_update AFTER UPDATE OF {', '.join(_DAY_TOLD_BY)} ON idea "
        f"WHEN {_differs('IS NOT', _DAY_TOLD_BY)}": _move_day("sqlite", "OLD", -1)
        + _move_day("sqlite", "NEW", 1),
    }
    for name, body in triggers.items():
        op.execute(f"CREATE TRIGGER {name} BEGIN {body} END")


def _function(name: str, body: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n{body} END $$"
    )


def _follow_on_postgres() -> None:
    for table, whose in _ACTS:
        # who supports holds the idea before its row here, so who comments has to as well: in one order nobody
        # waits for one who waits
        held = (
            "PERFORM 1 FROM idea WHERE id = NEW.idea_id FOR NO KEY UPDATE;\n"
            if table == "comment"
            else ""
        )
        _function(
            f"{table}_partaker",
            f"IF TG_OP <> 'INSERT' THEN\n{_unact('OLD', whose)} END IF;\n"
            f"IF TG_OP <> 'DELETE' THEN\n{held}{_act('NEW', whose)} END IF;\nRETURN NULL;",
        )
        op.execute(
            f"CREATE TRIGGER {table}_partaker_rows AFTER INSERT OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_partaker()"
        )
        moved = ("idea_id", whose)
        op.execute(
            f"CREATE TRIGGER {table}_partaker_update AFTER UPDATE OF {', '.join(moved)} ON {table} "
            f"FOR EACH ROW WHEN ({_differs('IS DISTINCT FROM', moved)}) EXECUTE FUNCTION {table}_partaker()"
        )
    _function("idea_partaker_clear", f"{_clear()} RETURN OLD;")
    op.execute(
        "CREATE TRIGGER idea_partaker_clear BEFORE DELETE ON idea "
        "FOR EACH ROW EXECUTE FUNCTION idea_partaker_clear()"
    )
    _function(
        "idea_partaker",
        f"IF TG_OP <> 'INSERT' THEN\n{_depart('OLD')} END IF;\n"
        f"IF TG_OP <> 'DELETE' THEN\n{_arrive('NEW')} END IF;\nRETURN NULL;",
    )
    _function(
        "idea_day",
        f"IF TG_OP <> 'INSERT' THEN\n{_move_day('postgresql', 'OLD', -1)} END IF;\n"
        f"IF TG_OP <> 'DELETE' THEN\n{_move_day('postgresql', 'NEW', 1)} END IF;\nRETURN NULL;",
    )
    for name, columns in (
        ("idea_partaker", ("campaign_id", "author_id")),
        ("idea_day", _DAY_TOLD_BY),
    ):
        op.execute(
            f"CREATE TRIGGER {name}_rows AFTER INSERT OR DELETE ON idea "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
        op.execute(
            f"CREATE TRIGGER {name}_update AFTER UPDATE OF {', '.join(columns)} ON idea "
            f"FOR EACH ROW WHEN ({_differs('IS DISTINCT FROM', columns)}) EXECUTE FUNCTION {name}()"
        )


def _unfollow(kind: str) -> None:
    if kind == "sqlite":
        for name in ("support_partaker", "comment_partaker", "idea_partaker", "idea_day"):
            for verb in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {name}_{verb}")
        op.execute("DROP TRIGGER idea_partaker_clear")
        return
    for table, name in (
        *(("support", "support_partaker"), ("comment", "comment_partaker")),
        *(("idea", "idea_partaker"), ("idea", "idea_day")),
    ):
        op.execute(f"DROP TRIGGER {name}_rows ON {table}")
        op.execute(f"DROP TRIGGER {name}_update ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
    op.execute("DROP TRIGGER idea_partaker_clear ON idea")
    op.execute("DROP FUNCTION idea_partaker_clear()")


def _count(kind: str) -> None:
    acts = "".join(
        f" UNION ALL SELECT idea.campaign_id, {table}.{whose}, count(*) FROM {table} "
        f"JOIN idea ON idea.id = {table}.idea_id GROUP BY idea.campaign_id, {table}.{whose}"
        for table, whose in _ACTS
    )
    op.execute(
        "INSERT INTO partaker (campaign_id, account_id, acts) SELECT campaign_id, person, sum(number) FROM ("
        "SELECT campaign_id, author_id AS person, count(*) AS number FROM idea GROUP BY campaign_id, author_id"
        f"{acts}) AS people GROUP BY campaign_id, person"
    )
    day = _DAY[kind].format(row="idea")
    op.execute(
        f"INSERT INTO idea_day (campaign_id, day, number) SELECT campaign_id, {day}, count(*) FROM idea "
        f"WHERE {_GATHERED.format(row='idea')} GROUP BY campaign_id, {day}"
    )


_WIDER = (
    ("ix_idea_listed_supported", "supports_count"),
    ("ix_idea_listed_least_read", "readers_count"),
)


def upgrade() -> None:
    """Counts what is there, then follows it."""
    # no foreign keys, as in 0027: the acts have them, and with the last act the row is gone
    op.create_table(
        "partaker",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("acts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "account_id", name="pk_partaker"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "idea_day",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "day", name="pk_idea_day"),
        sqlite_with_rowid=False,
    )
    kind = op.get_bind().dialect.name
    _count(kind)
    if kind == "sqlite":
        _follow_on_sqlite()
    else:
        _follow_on_postgres()
    for name, column in _WIDER:
        op.drop_index(name, "idea")
        op.create_index(name, "idea", ["is_listed", column, "id", "campaign_id"])
    op.create_index(
        "ix_idea_listed_published", "idea", ["is_listed", "published_at", "id", "campaign_id"]
    )
    op.drop_index("ix_idea_programme_id", "idea")
    grown = sa.text("programme_id IS NOT NULL")
    op.create_index(
        "ix_idea_programme_id",
        "idea",
        ["programme_id"],
        sqlite_where=grown,
        postgresql_where=grown,
    )
    said = sa.text("answer IS NOT NULL")
    op.create_index(
        "ix_reading_answered",
        "reading",
        ["account_id", "read_at", "idea_id"],
        sqlite_where=said,
        postgresql_where=said,
    )


def downgrade() -> None:
    """All of it can be counted again at any time."""
    op.drop_index("ix_reading_answered", "reading")
    op.drop_index("ix_idea_programme_id", "idea")
    op.create_index("ix_idea_programme_id", "idea", ["programme_id"])
    op.drop_index("ix_idea_listed_published", "idea")
    for name, column in _WIDER:
        op.drop_index(name, "idea")
        op.create_index(name, "idea", ["is_listed", column, "id"])
    _unfollow(op.get_bind().dialect.name)
    op.drop_table("idea_day")
    op.drop_table("partaker")
