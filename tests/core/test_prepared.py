"""Statements that are put together once: which values they carry, and which they leave open."""

from __future__ import annotations

import pytest
from sqlalchemy import Integer, String, func, literal, select

from ideas_app.core.db import session
from ideas_app.core.prepared import Prepared, given
from ideas_app.ideas.models import Idea, State
from tests.factories import make_campaign, make_idea

NEWEST = Prepared(
    select(Idea.id, func.substr(Idea.why, 1, 3).label("start"), literal("such").label("word"))
    .where(Idea.id > given("after", Integer()), Idea.title != given("title", String()))
    .where(Idea.state.in_([State.PUBLISHED, State.ANSWERED]))
    .order_by(Idea.id.desc())
    .limit(2)
)


@pytest.fixture
def ideas(app, cast):
    campaign = make_campaign()
    return [make_idea(cast.mina, campaign).id for _ in range(4)]


def test_it_gives_the_rows_that_its_statement_and_its_values_ask_for(ideas):
    found = NEWEST.all(after=ideas[0], title="none of them")
    assert [row.id for row in found] == ideas[:1:-1]
    assert {(len(row.start), row.word) for row in found} == {(3, "such")}
    assert NEWEST.all(after=ideas[-1], title="") == []


def test_on_postgresql_its_own_numbers_are_written_out_so_that_it_is_planned_once(ideas):
    told = session().connection()
    if told.dialect.name != "postgresql":
        pytest.skip("SQLite plans without looking at values")
    text = NEWEST.numbered(told.dialect)
    assert "LIMIT 2" in text.sql
    assert "substr(idea.why, 1, 3)" in text.sql
    assert "$1" in text.sql
    # what is no number of its own stays a place: nothing that came from outside is written into a statement
    assert "such" not in text.sql


def test_a_value_that_is_missing_is_told_by_its_name(ideas):
    with pytest.raises(KeyError, match="title"):
        NEWEST.all(after=0)
