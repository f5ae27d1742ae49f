"""A made-up large city: everything in it is as its rows say, its texts are like those of people, and all differ."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from ideas_app.accounts import queries as account_queries
from ideas_app.cli.demo import city
from ideas_app.cli.demo.city.phrases import TITLE_MAX, WHY_MAX, Phrasebook, draw
from ideas_app.cli.demo.stage import read
from ideas_app.cli.doctor import examine
from ideas_app.core.db import session
from ideas_app.core.markup import render
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import Idea
from ideas_app.ideas.queries import Filters, search_ideas
from ideas_app.votes.models import Support
from tests.factories import make_campaign
from tests.people import make_account

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.people import Cast


@pytest.fixture
def staff(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the demonstration whom a city needs, and batches small enough for two of them."""
    make_account("Wonjin", Role.MODERATOR, email="moderator@example.org")
    make_account("Doyun", Role.ADMIN, email="admin@example.org")
    monkeypatch.setattr(city, "BATCH", 100)
    monkeypatch.setattr(city.ground, "LEAST_PEOPLE", 120)


@pytest.fixture(scope="module")
def book() -> Phrasebook:
    said = [entry["text"] for entry in read("comments_2025")["comments"]]
    return Phrasebook(read("ideas_2025")["ideas"], said, read("city"))


def test_in_a_city_the_doctor_finds_nothing_and_everything_is_there(staff: None) -> None:
    city.build_city(150)
    assert examine() == []
    ideas = session().scalars(select(Idea)).all()
    assert len(ideas) == 150
    assert len({(idea.title, idea.why) for idea in ideas}) == 150
    assert max(idea.comments_count for idea in ideas) >= 40
    assert sum(idea.supports_count for idea in ideas) > 600
    assert sum(idea.family_id is not None for idea in ideas) == 6
    assert any(idea.answer_due_latched_at for idea in ideas)


def test_the_people_of_a_city_sign_in_and_support_an_idea(
    staff: None, visitor: FlaskClient
) -> None:
    first = city.build_city(20)
    answer = visitor.post("/login", data={"email": first.email, "password": first.password})
    assert answer.status_code == 303
    own = account_queries.find_by_email(first.email)
    assert own is not None
    of_own = select(Support.idea_id).where(Support.account_id == own.id)
    others = select(Idea).where(Idea.is_listed, Idea.author_id != own.id, Idea.id.not_in(of_own))
    idea = session().scalars(others).first()
    assert idea is not None
    key, before = idea.id, idea.supports_count
    visitor.post(f"/ideas/{key}/support")
    session().expire_all()
    assert session().get_one(Idea, key).supports_count == before + 1
    assert examine() == []


def test_words_of_a_city_are_found_the_common_ones_often(staff: None) -> None:
    city.build_city(60)
    rare = session().scalars(select(Idea.title).where(Idea.is_listed).limit(1)).one()
    street = " ".join(rare.split()[:3])
    assert search_ideas(Filters(q=street)).total
    assert len(search_ideas(Filters(q="청년")).page.items) > 5


def test_a_load_that_is_stopped_leaves_a_smaller_city_and_nothing_wrong(staff: None) -> None:
    def stop(done: int, _total: int) -> None:
        if done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        city.build_city(150, notice=stop)
    assert session().scalar(select(func.count(Idea.id))) == 100
    assert examine() == []


def test_a_city_is_added_to_the_demonstration_only_and_once(app: Flask, cast: Cast) -> None:
    runner = app.test_cli_runner()
    make_campaign()
    refused = runner.invoke(args=["demo", "load", "--scale", "10"])
    assert (refused.exit_code, "not the demo's" in refused.output) == (1, True)
    make_campaign(slug="city-2025")
    refused = runner.invoke(args=["demo", "load", "--scale", "10"])
    assert (refused.exit_code, "a large city already" in refused.output) == (1, True)
    assert runner.invoke(args=["demo", "load", "--scale", "0"]).exit_code == 2


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 99))
def test_no_two_ideas_say_the_same_and_none_says_too_much(
    book: Phrasebook, one: int, other: int, seed: int
) -> None:
    first = book.idea(one, random.Random(seed))
    second = book.idea(other, random.Random(seed))
    assert (first == second) == (one == other)
    assert 10 <= len(first.title) <= TITLE_MAX
    assert 0 < len(first.why) <= WHY_MAX
    assert (first.why_html, first.how_html) == (render(first.why), render(first.how))


def test_a_common_word_is_drawn_as_much_oftener_as_its_rank_says() -> None:
    dice = random.Random(7)
    drawn = [draw(dice, range(100)) for _ in range(20_000)]
    first, tenth = drawn.count(0), drawn.count(9)
    assert 5 < first / tenth < 20
    assert set(drawn) >= set(range(100)) - {99}
