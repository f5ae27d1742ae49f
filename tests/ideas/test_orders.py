"""The orders of the list: their formulas, and what the database makes of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import housekeeping
from ideas_app.core.db import is_sqlite, session, transaction
from ideas_app.ideas import queries, rules
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.queries import Filters, Sort
from ideas_app.ideas.service import place_in_orders
from tests.factories import make_campaign, make_idea, make_programme
from tests.statements import statements

COUNTS = st.integers(0, 5000)
DAY = datetime(2026, 3, 10, tzinfo=UTC)


@given(ups=COUNTS, unsure=COUNTS)
def test_a_cautious_share_lies_between_nothing_and_the_share_itself(ups, unsure):
    bound = rules.wilson_lower_bound(ups, ups + unsure)
    assert 0 <= bound <= 1
    if ups + unsure:
        assert bound <= ups / (ups + unsure) + 1e-12


@given(ups=st.integers(1, 2000), times=st.integers(2, 9))
def test_more_voices_of_the_same_mind_make_the_share_surer(ups, times):
    assert rules.rated_key(ups * times, ups * times) > rules.rated_key(ups, ups)


def test_the_formula_gives_the_published_figures():
    # 1 of 1 is 0.2065 and 10 of 10 is 0.7225 at z = 1.96: the textbook values of Wilson's interval
    assert rules.rated_key(1, 0) == 206_543
    assert rules.rated_key(10, 0) == 722_460
    assert rules.rated_key(0, 0) == 0


@given(ups=st.integers(1, 500), hours=st.integers(0, 24 * 300))
def test_ten_times_the_supports_weigh_as_much_as_five_days(ups, hours):
    earlier = DAY + timedelta(hours=hours)
    later = earlier + rules.RISING_SPAN
    assert abs(rules.rising_key(10 * ups, earlier) - rules.rising_key(ups, later)) <= 1


@given(ups=COUNTS, unsure=COUNTS, concerned=COUNTS)
def test_debate_needs_twenty_voices_and_is_hottest_at_a_draw(ups, unsure, concerned):
    key = rules.debated_key(ups, unsure, concerned)
    voices = ups + unsure + concerned
    assert (key == 0) == (voices < rules.DEBATED_LEAST)
    assert key <= 1000 * voices
    if ups == unsure + concerned and voices >= rules.DEBATED_LEAST:
        assert key == 1000 * voices


@given(seed=st.randoms(use_true_random=False), count=st.integers(0, 30), size=st.integers(1, 12))
def test_the_mixed_order_deals_everything_once_whatever_the_size_of_a_page(seed, count, size):
    shuffled = list(range(count))
    rare = list(range(count))
    seed.shuffle(shuffled)
    seed.shuffle(rare)
    dealt: list[int] = []
    while True:
        left = [one for one in shuffled if one not in dealt]
        page, _used = rules.deal_mixed(
            left, [one for one in rare if one not in dealt], start=len(dealt), size=size
        )
        dealt += page
        if not page:
            break
    assert sorted(dealt) == list(range(count))
    for place in range(2, count, 3):
        assert dealt[place] == next(one for one in rare if one not in dealt[:place])


@pytest.fixture
def crowd(cast):
    campaign = make_campaign()
    return [make_idea(cast.mina, campaign).id for _turn in range(40)]


def test_every_third_place_of_the_list_is_the_least_seen_idea(crowd):
    rare = crowd[5:9]
    with transaction():
        for idea_id in crowd:
            session().get_one(Idea, idea_id).readers_count = 0 if idea_id in rare else 9
    dealt = [row.id for row in queries.list_filtered(Filters(), seed=4)]
    # the shuffle may have dealt one of them before its turn: it hangs on the ids
    for place in (2, 5, 8, 11):
        left = [idea_id for idea_id in rare if idea_id not in dealt[:place]]
        assert dealt[place] == left[0] if left else dealt[place] in crowd


@pytest.mark.parametrize("seed", range(6))
def test_pages_of_the_mixed_order_stand_still_while_ideas_come_and_readers_are_counted(
    cast, crowd, seed
):
    change = Random(seed)  # a test, not a secret
    seen: list[int] = []
    after, day = None, seed
    while True:
        page = queries.list_filtered(Filters(), seed=day, limit=7, after=after)
        seen += [row.id for row in page]
        after, day = page.next, day + 7919  # the next page is asked for after midnight
        make_idea(cast.jun, get_campaign("ideas-2026"))
        with transaction():
            session().get_one(Idea, change.choice(crowd)).readers_count = change.randrange(30)
        if after is None:
            break
    assert len(seen) == len(set(seen))
    assert set(crowd) <= set(seen)


def test_the_orders_go_by_their_keys_and_debated_leaves_out_the_quiet(cast):
    campaign = make_campaign()
    few, many, split = (make_idea(cast.mina, campaign).id for _turn in range(3))
    counts = {few: (3, 0, 0), many: (90, 30, 0), split: (12, 9, 3)}
    with transaction():
        for idea_id, (ups, unsure, concerned) in counts.items():
            idea = session().get_one(Idea, idea_id)
            idea.supports_count, idea.unsure_count, idea.concerns_count = ups, unsure, concerned
        session().flush()
        place_in_orders(counts)

    def order(sort: Sort) -> list[int]:
        return [row.id for row in queries.list_filtered(Filters(sort=sort))]

    assert order(Sort.RATED) == [many, few, split]
    assert order(Sort.DEBATED) == [split, many]
    assert order(Sort.RISING) == [many, split, few]


@pytest.mark.parametrize("sort", [Sort.RATED, Sort.RISING, Sort.DEBATED])
def test_each_stored_order_walks_along_its_index(app, sort):
    if not is_sqlite():
        pytest.skip("the plan of an empty table says nothing on PostgreSQL")
    with statements() as seen:
        queries.list_filtered(Filters(sort=sort))
    inner = f"SELECT id FROM idea WHERE is_listed ORDER BY {sort.value}_key DESC, id DESC LIMIT 21"
    plan = session().execute(text(f"EXPLAIN QUERY PLAN {inner}")).all()
    assert f"ix_idea_listed_{sort.value}" in str(plan)
    assert f"{sort.value}_key DESC, idea.id DESC" in seen[0].replace("\n", "")


# ---- deep pages ----


def walk(filters: Filters) -> list[int]:
    """The ids of all pages, three rows each."""
    seen: list[int] = []
    after = None
    while True:
        page = queries.list_filtered(filters, limit=3, after=after)
        seen += [row.id for row in page]
        after = page.next
        if after is None:
            return seen


@pytest.mark.parametrize("sort", [sort for sort in Sort if sort not in {Sort.MIXED, Sort.DEBATED}])
def test_pages_among_equal_keys_hold_every_idea_once_and_in_order(cast, sort):
    campaign = make_campaign()
    ids = [make_idea(cast.mina, campaign).id for _turn in range(8)]
    with transaction():
        for place, idea_id in enumerate(ids):
            idea = session().get_one(Idea, idea_id)
            # two kinds of idea: of each so many are equal that a page ends among them
            idea.supports_count = idea.readers_count = idea.rated_key = idea.rising_key = place % 2
            idea.active_at = DAY + timedelta(days=place % 2)
    places = (
        range(8) if sort is Sort.NEW else sorted(range(8), key=lambda place: (place % 2, place))
    )
    order = [ids[place] for place in places]
    assert walk(Filters(sort=sort)) == (order if sort is Sort.LEAST_READ else order[::-1])


@pytest.mark.parametrize("many", [1, 3_000])
def test_a_filter_shows_the_same_whether_it_leaves_few_ideas_or_many(cast, monkeypatch, many):
    monkeypatch.setattr(queries.lists, "_MANY", many)
    campaign, programme = make_campaign(), make_programme()
    grown = [make_idea(cast.mina, campaign, programme=programme).id for _turn in range(4)]
    slug = programme.slug
    answered = [make_idea(cast.mina, campaign, state=State.ANSWERED).id for _turn in range(4)]
    rejected = make_idea(cast.mina, campaign, state=State.REJECTED).id
    make_idea(cast.mina, campaign, state=State.HIDDEN, programme=programme)
    for sort in (Sort.NEW, Sort.SUPPORTED):
        assert walk(Filters(state="answered", sort=sort)) == answered[::-1]
        assert walk(Filters(state="rejected", sort=sort)) == [rejected]
        assert walk(Filters(state="gathering", sort=sort)) == grown[::-1]
        assert walk(Filters(programme="any", sort=sort)) == grown[::-1]
        assert walk(Filters(programme=slug, state="gathering", sort=sort)) == grown[::-1]
        assert walk(Filters(programme="elsewhere", sort=sort)) == []


def test_a_page_under_a_filter_takes_two_statements(cast):
    make_idea(cast.mina, make_campaign(), state=State.ANSWERED)
    for filters, most in (
        (Filters(sort=Sort.NEW), 1),
        (Filters(state="answered", sort=Sort.NEW), 2),
    ):
        with statements() as seen:
            queries.list_filtered(filters)
        assert len(seen) == most


def test_the_statistics_of_the_database_are_refreshed_each_night(cast):
    make_idea(cast.mina, make_campaign())
    assert housekeeping.run("core.housekeeping.refresh_statistics") == 1
    if is_sqlite():
        known = text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'idea'")
        assert session().scalar(known)
