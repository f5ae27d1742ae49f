"""The database is what the models say, one straight line of steps leads there, and each step leads back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from config import ROOT
from ideas_app.adapters.fulltext import KINDS, is_index_table
from ideas_app.comments.models import Comment
from ideas_app.core import clock
from ideas_app.core.columns import Base
from ideas_app.core.db import db, transaction
from ideas_app.ideas import queries as ideas
from ideas_app.pages import queries as pages
from ideas_app.votes.models import Support
from tests.conftest import make_app, make_settings, migrate
from tests.factories import make_campaign, make_idea
from tests.people import Cast, make_account
from tests.shortlists.scenes import closed_ballot, published

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))


def steps() -> list[str]:
    return [script.revision for script in SCRIPTS.walk_revisions()][::-1]


def test_the_steps_are_numbered_and_form_one_line() -> None:
    assert steps() == [f"{number:04d}" for number in range(1, len(steps()) + 1)]
    names = [path.name for path in (ROOT / "migrations" / "versions").glob("*.py")]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in names)


def test_the_migrated_database_has_exactly_the_tables_of_the_models(app: Flask) -> None:
    def concerns_models(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or not is_index_table(name)

    context = MigrationContext.configure(
        db.session.connection(), opts={"include_name": concerns_models}
    )
    differences = compare_metadata(context, Base.metadata)
    told = [difference for difference in differences if "modify_type" not in str(difference)]
    assert not told, "write a migration: flask db revision --autogenerate"


def test_the_index_has_a_table_for_each_kind(app: Flask) -> None:
    names = {name for name in inspect(db.engine).get_table_names() if is_index_table(name)}
    assert {f"fulltext_{kind}" for kind in KINDS} <= names


KEPT = ("account", "idea", "comment", "support", "ballot", "ballot_choice", "round", "round_entry")
"""Tables of the first step that later ones change, or on whose rows others hang."""


def rows_of_kept() -> dict[str, int]:
    counted = {
        name: int(db.session.execute(text(f"SELECT count(*) FROM {name}")).scalar() or 0)
        for name in KEPT
    }
    db.session.remove()
    return counted


def test_going_back_a_step_and_forth_again_loses_no_rows_of_earlier_steps(
    copy_database: Callable[[], str], tmp_path: Path
) -> None:
    app = make_app(make_settings(tmp_path, copy_database()))
    with app.app_context():
        cast = Cast.assemble()
        campaign, ideas = closed_ballot(cast, {"abc": 9, "d": 5})
        published(cast, campaign)
        with transaction() as current:
            given = {"idea_id": ideas["a"].id, "account_id": cast.jun.id}
            current.add(Support(**given, given_at=clock.now()))
            current.add(
                Comment(
                    idea_id=ideas["a"].id,
                    author_id=cast.jun.id,
                    text="막차",
                    written_at=clock.now(),
                )
            )
        db.session.remove()
        before = rows_of_kept()
    assert all(before.values()), before
    for revision in steps()[:0:-1]:
        for target in ("-1", revision, "-1"):
            migrate(app, target)
            with app.app_context():
                assert rows_of_kept() == before, (revision, target)


def test_who_took_part_is_counted_from_the_rows_that_stand_there(
    copy_database: Callable[[], str], tmp_path: Path
) -> None:
    app = make_app(make_settings(tmp_path, copy_database()))
    for _later in steps()[steps().index("0029") :]:
        migrate(app, "-1")
    with app.app_context():
        cast = Cast.assemble()
        campaign = make_campaign()
        idea = make_idea(cast.mina, campaign)
        with transaction() as current:
            for person in (cast.jun, cast.hyun):
                given = {"idea_id": idea.id, "account_id": person.id}
                current.add(Support(**given, given_at=clock.now()))
        asked = campaign.id
        db.session.remove()
    migrate(app)
    with app.app_context():
        assert pages.count_people(asked) == 3
        assert pages.find_wrong_people() == []
        assert ideas.find_wrong_tallies() == []
        db.session.remove()
        db.engine.dispose()


def test_going_back_to_nothing_leaves_nothing_and_forth_again_works(
    copy_database: Callable[[], str], tmp_path: Path
) -> None:
    app = make_app(make_settings(tmp_path, copy_database()))
    with app.app_context():
        make_account("Mina")
        db.session.remove()
    migrate(app, "base")
    with app.app_context():
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    migrate(app)
    with app.app_context():
        assert "idea" in inspect(db.engine).get_table_names()
        db.engine.dispose()
