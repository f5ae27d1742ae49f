"""A city is the same on PostgreSQL as in the file that it was moved from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from bench.speed.moving import move
from ideas_app.comments.models import Comment
from ideas_app.core.columns import Base
from ideas_app.core.db import db, session
from ideas_app.ideas import queries
from ideas_app.ideas.models import Idea
from tests.comments.scenes import write
from tests.conftest import make_app, make_settings, migrate
from tests.factories import make_campaign, make_idea
from tests.people import Cast, make_account
from tests.votes.scenes import support

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask


@pytest.fixture
def url(make_database: Callable[[str], str]) -> str:
    """An empty database on a PostgreSQL."""
    made = make_database("moved")
    if made.startswith("sqlite"):
        pytest.skip("there is nowhere to move it")
    return made


def rows() -> dict[str, int]:
    """How many each table has."""
    tables = Base.metadata.sorted_tables
    return {
        one.name: session().scalar(select(func.count()).select_from(one)) or 0 for one in tables
    }


def told(idea_id: int) -> tuple[Any, ...]:
    idea = session().get_one(Idea, idea_id)
    said = session().scalars(select(Comment.text).order_by(Comment.id)).all()
    return idea.title, idea.is_listed, idea.published_at, idea.supports_count, list(said)


def city(app: Flask) -> int:
    """A campaign with an idea, a support and a comment; the idea's id."""
    migrate(app)
    with app.app_context():
        cast, campaign = Cast.assemble(), make_campaign()
        idea_id = make_idea(cast.mina, campaign, title="막차를 늦춰 주세요").id
        support(cast.jun, idea_id)
        write(cast.jun, idea_id)
        db.session.remove()
    return int(idea_id)


def test_a_city_is_moved_with_all_rows_and_goes_on_from_there(url: str, tmp_path: Path) -> None:
    file = tmp_path / "city.db"
    from_file = make_app(make_settings(tmp_path / "from", f"sqlite:///{file}"))
    idea_id = city(from_file)
    with from_file.app_context():
        before = rows(), told(idea_id)
        db.engine.dispose()
    move(file, url)
    here = make_app(make_settings(tmp_path / "to", url))
    with here.app_context():
        assert (rows(), told(idea_id)) == before
        found = queries.search_ideas(queries.Filters(q="막차"))
        assert [row.id for row in found.page] == [idea_id]
        # numbers go on behind those that are there
        assert make_idea(make_account("Haru"), make_campaign("next")).id > idea_id
        db.session.remove()
        db.engine.dispose()


def test_a_file_that_lacks_a_table_is_not_moved(url: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="the city has no"):
        move(tmp_path / "empty.db", url)
