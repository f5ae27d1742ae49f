"""Tallies follow their ideas whoever writes, and the mixed order is drawn as it would be sorted."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from ideas_app.campaigns.queries import house_of
from ideas_app.core.db import is_sqlite, session, transaction
from ideas_app.ideas import queries, rules
from ideas_app.ideas.models import Idea, RejectCode, State, Tally
from ideas_app.ideas.queries import Crowd, Filters, Sort, lists, mixed
from ideas_app.ideas.queries.lists import Shape
from ideas_app.ideas.service import recount
from ideas_app.pages import queries as pages
from tests.factories import make_campaign, make_idea, make_programme
from tests.statements import statements


def test_tallies_follow_every_way_of_writing(cast):
    campaign, other = make_campaign(), make_campaign("ideas-2027")
    programme = make_programme("ai-pot-2")
    ids = [make_idea(cast.mina, campaign, programme=programme).id for _ in range(3)]
    hidden = make_idea(cast.jun, other, state=State.SUBMITTED).id
    assert queries.find_wrong_tallies() == []
    found = queries.read_tallies("ideas-2026")
    assert (found.listed, found.programmes[programme.id], found.states["published"]) == (3, 3, 3)
    with transaction() as current:
        current.get_one(Idea, hidden).state = State.PUBLISHED
        current.get_one(Idea, hidden).is_listed = True
        current.execute(
            update(Idea)
            .where(Idea.id == ids[0])
            .values(state=State.REJECTED, is_listed=False, code=RejectCode.ABUSE)
        )
        current.execute(
            update(Idea).where(Idea.id == ids[1]).values(programme_id=None, state=State.ON_BALLOT)
        )
        current.execute(update(Idea).where(Idea.id == ids[2]).values(supports_count=7))
    assert queries.find_wrong_tallies() == []
    found = queries.read_tallies("ideas-2026")
    assert (found.listed, found.programmes[programme.id], found.groups()["rejected"]) == (2, 1, 0)
    with transaction() as current:
        current.execute(delete(Idea).where(Idea.id == hidden))
    assert queries.find_wrong_tallies() == []
    assert queries.read_tallies().listed == 2


def test_a_tally_that_is_wrong_is_found_and_mended(cast):
    make_idea(cast.mina, make_campaign())
    with transaction() as current:
        current.execute(update(Tally).where(Tally.kind == "state").values(number=9))
    assert len(queries.find_wrong_tallies()) == 1
    with transaction():
        recount()
    assert queries.find_wrong_tallies() == []


def test_settings_are_read_once_and_anew_after_a_change(cast):
    campaign = make_campaign()
    stamp = queries.read_tallies().stamp
    house_of(stamp)
    with statements() as seen:
        assert house_of(queries.read_tallies().stamp).campaigns[0].title == campaign.title
    assert len(seen) == 1
    with transaction() as current:
        current.get_one(type(campaign), campaign.id).title = "다른 이름"
    assert queries.read_tallies().stamp != stamp
    assert house_of(queries.read_tallies().stamp).campaigns[0].title == "다른 이름"


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**7), newest=st.integers(1, 2**30), start=st.integers(0, 200))
def test_drawing_is_shuffling_backwards(seed, newest, start):
    shuffle = rules.shuffle_of(seed, rules.shuffle_prime(newest))
    drawn = [one for one in rules.draw_ids(shuffle, start, 30) if one]
    keys = [shuffle.key_of(one) for one in drawn]
    assert keys == sorted(set(keys))
    assert all(start <= key < start + 30 for key in keys)


def test_the_mixed_order_is_the_same_drawn_and_sorted(cast, monkeypatch):
    campaign = make_campaign()
    for _ in range(40):
        make_idea(cast.mina, campaign)
    newest = queries.read_tallies().newest_id
    few, many = Crowd(newest, 40), Crowd(newest, 40)
    walks = []
    for crowd, least in ((few, 500), (many, 0)):
        monkeypatch.setattr("ideas_app.ideas.queries.mixed._FEW", least)
        dealt: list[int] = []
        after = None
        while True:
            with statements() as seen:
                page = queries.list_page(
                    Filters(sort=Sort.MIXED), seed=5, limit=7, after=after, crowd=crowd
                ).page
            assert len(seen) <= 2
            dealt += [row.id for row in page]
            after = page.next
            if after is None:
                break
        walks.append(dealt)
    assert len(walks[0]) == len(set(walks[0])) == 40
    assert sorted(walks[1]) == sorted(walks[0])
    assert walks[1][:2] == walks[0][:2]
    session().expire_all()


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(0, 60),
    readers=st.lists(st.integers(0, 3), min_size=60, max_size=60),
    seed=st.integers(0, 10**6),
    limit=st.integers(1, 20),
    start=st.integers(0, 2),
)
def test_a_page_dealt_from_few_is_the_page_dealt_from_all(count, readers, seed, limit, start):
    shuffle = rules.shuffle_of(seed, rules.shuffle_prime(60))
    shuffled = sorted(range(1, count + 1), key=shuffle.key_of)
    rare = sorted(shuffled, key=lambda one: (readers[one - 1], one))
    place = mixed._Place(seed, shuffle, -1, start, [])
    piles = mixed._piles(place, limit, is_few=False)
    found = [SimpleNamespace(id=one, pile=0) for one in shuffled[: piles.shuffled]]
    found += [SimpleNamespace(id=one, pile=1) for one in rare[: piles.rare]]
    if not mixed._is_enough(found, piles, is_end=False):
        return
    few, used = rules.deal_mixed(
        shuffled[: piles.shuffled], rare[: piles.rare], start=start, size=limit
    )
    assert (few, used) == rules.deal_mixed(shuffled, rare, start=start, size=limit)
    assert used < piles.shuffled, "nobody would know that more follows"


@pytest.mark.parametrize("is_lean", [True, False])
@pytest.mark.parametrize("sort", list(Sort))
def test_no_page_of_the_list_walks_through_all_ideas(app, sort, is_lean):
    if not is_sqlite():
        pytest.skip("a small table's plan on PostgreSQL tells nothing")
    if sort is Sort.MIXED:
        prepared = mixed._prepared(
            Shape.of(Filters(), 20, drawn=48, shuffled=18, rare=10), None, is_lean=is_lean
        )
    else:
        prepared = lists._prepared(Shape.of(Filters(sort=sort), 20), None, is_lean=is_lean)
    connection = session().connection()
    text = prepared._text_for(connection.dialect)
    values = text.values(dict.fromkeys(text._wanted, 1))
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text.sql}", values)
    steps = [row[3] for row in plan]
    assert not [
        step for step in steps if step.startswith(("SCAN idea", "SCAN field", "SCAN account"))
    ]
    assert all(
        "ix_idea_listed" in step or "PRIMARY KEY" in step for step in steps if " idea " in step
    )


def test_a_line_is_the_same_where_the_settings_are_known_already(cast):
    campaign = make_campaign()
    make_idea(cast.mina, campaign, programme=make_programme())
    make_idea(cast.jun, campaign, state=State.WITHDRAWN)
    house = house_of(queries.read_tallies().stamp)
    seen = set()
    for sort in queries.Sort:
        for view in (queries.Filters(sort=sort), queries.Filters(sort=sort, state="withdrawn")):
            known = queries.list_page(view, seed=7, house=house)
            assert known == queries.list_page(view, seed=7)
            seen.update(row.state for row in known.page)
    assert seen == {State.PUBLISHED, State.WITHDRAWN}


def test_what_came_after_the_settings_were_read_is_shown_all_the_same(cast, visitor, monkeypatch):
    make_idea(cast.mina, make_campaign(), title="막차를 늦춰 주세요")
    read = pages.offer_of

    def too_early(slug, **more):
        offer = read(slug, **more)
        return replace(offer, house=replace(offer.house, campaign_names={}))

    monkeypatch.setattr(pages, "offer_of", too_early)
    assert "막차를 늦춰 주세요" in visitor.get("/ideas").text
