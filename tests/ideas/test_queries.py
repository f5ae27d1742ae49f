"""Lists by filter, order and cursor; likeness; what a page costs."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import NotFound
from ideas_app.ideas import queries
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.ideas.queries import Filters, Sort
from tests.factories import make_campaign, make_idea, make_programme
from tests.statements import statements


@pytest.fixture
def crowd(cast):
    """Twelve listed ideas with different counters, many of them equal."""
    campaign = make_campaign()
    with transaction():
        ids = [make_idea(cast.mina, campaign, field=turn % 3).id for turn in range(12)]
        for turn, idea_id in enumerate(ids):
            idea = session().get_one(Idea, idea_id)
            idea.supports_count = turn % 4
            idea.readers_count = turn % 3
            idea.active_at = clock.now() - timedelta(hours=turn % 5)
    return SimpleNamespace(campaign=campaign.id, ids=ids)


def walk(filters: Filters, *, limit: int = 5, seed: int = 7) -> list[int]:
    """All pages, one after the other."""
    seen: list[int] = []
    after = None
    for _page in range(20):
        page = queries.list_filtered(filters, seed=seed, limit=limit, after=after)
        seen += [row.id for row in page]
        after = page.next
        if after is None:
            return seen
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("sort", Sort)
def test_pages_show_every_idea_once_and_in_the_order_of_one_long_page(crowd, sort):
    if sort is Sort.DEBATED:  # which leaves out what too few have spoken about
        with transaction():
            for turn, idea_id in enumerate(crowd.ids):
                session().get_one(Idea, idea_id).debated_key = 1000 + turn % 3
    pages = walk(Filters(sort=sort))
    assert sorted(pages) == crowd.ids
    assert pages == walk(Filters(sort=sort), limit=100)


def test_each_order_goes_by_its_column(crowd):
    def column(sort: Sort, name: str) -> list:
        rows = queries.list_filtered(Filters(sort=sort), limit=100)
        return [getattr(row, name) for row in rows]

    assert column(Sort.NEW, "id") == sorted(crowd.ids, reverse=True)
    assert column(Sort.SUPPORTED, "supports_count") == sorted(
        (n % 4 for n in range(12)), reverse=True
    )
    assert column(Sort.LEAST_READ, "readers_count") == sorted(n % 3 for n in range(12))
    active = column(Sort.ACTIVE, "active_at")
    assert active == sorted(active, reverse=True)


def test_the_mixed_order_is_the_same_for_a_seed_and_another_for_another(crowd):
    orders = {tuple(walk(Filters(), seed=seed)) for seed in range(20)}
    assert len(orders) == 20
    assert walk(Filters(), seed=3) == walk(Filters(), seed=3)


def test_the_mixed_order_really_mixes(crowd):
    firsts = [walk(Filters(), seed=seed)[0] for seed in range(200)]
    assert set(firsts) == set(crowd.ids)
    orders = [walk(Filters(), seed=seed) for seed in range(50)]
    neighbours = sum(abs(one - other) == 1 for order in orders for one, other in pairwise(order))
    # a fair shuffle of twelve has two neighbours in eleven pairs; a rotation would have ten
    assert neighbours < 50 * 4


def test_a_page_stands_still_when_an_idea_comes_in(cast, crowd):
    first = queries.list_filtered(Filters(sort=Sort.NEW), limit=5)
    make_idea(cast.jun, make_campaign("other"))
    second = queries.list_filtered(Filters(sort=Sort.NEW), limit=5, after=first.next)
    assert [row.id for row in second] == sorted(crowd.ids, reverse=True)[5:10]


@pytest.mark.parametrize("after", ["", "x", "W10", "WzEsMl0", "WyJub3Qgb25lIiwxXQ", "9" * 500])
@pytest.mark.parametrize("sort", Sort)
def test_a_spoilt_cursor_never_breaks_the_list(crowd, sort, after):
    assert queries.list_filtered(Filters(sort=sort), after=after) is not None


def test_only_listed_ideas_are_in_the_list(cast):
    campaign = make_campaign()
    for state in State:
        make_idea(cast.mina, campaign, state=state)
    shown = {row.state for row in queries.list_filtered(Filters(), limit=100)}
    assert State.PUBLISHED in shown
    assert not shown & {State.SUBMITTED, State.RETURNED, State.HIDDEN, State.REJECTED}


def test_filters_narrow_the_list(cast, crowd):
    programme = make_programme("ai-pot-2")
    other = make_campaign("ideas-2025")
    grown = make_idea(
        cast.jun, other, title="도서관 문을 밤에도 열어 주세요", programme=programme
    ).id
    answered = make_idea(cast.jun, other, state=State.ANSWERED).id

    def found(**words: str) -> list[int]:
        return walk(Filters(sort=Sort.NEW, **words))

    assert found(campaign="ideas-2025") == [answered, grown]
    assert found(programme="ai-pot-2") == found(programme="any") == [grown]
    assert found(q="도서관") == [grown]
    assert found(state="answered") == [answered]
    assert set(found(field="home")) == set(crowd.ids[1::3])
    assert found(campaign="nowhere") == found(programme="nothing") == []


@pytest.mark.parametrize("q", ["%", "_", "\\", "100%", "a_b", "'"])
def test_signs_of_patterns_are_plain_letters(crowd, q):
    assert walk(Filters(q=q)) == []


def test_unknown_words_in_an_address_are_passed_over():
    read = queries.read_filters({"state": "secret", "sort": "random", "q": "  막차 ", "field": ""})
    assert read == Filters(q="막차")
    assert not read.is_empty
    assert Filters().is_empty


def test_a_withdrawn_idea_is_listed_by_title_only(cast):
    make_idea(cast.mina, make_campaign(), state=State.WITHDRAWN)
    row = next(iter(queries.list_filtered(Filters(state="withdrawn"))))
    assert row.title
    assert row.excerpt == ""


def test_a_row_holds_all_that_a_card_shows(cast):
    programme = make_programme("ai-pot-2")
    idea = make_idea(cast.mina, make_campaign(), programme=programme).id
    with transaction() as current:
        now = clock.now()
        family = Family(
            campaign_id=current.get_one(Idea, idea).campaign_id,
            title="막차 묶음",
            text="늦은 버스",
            reason="같은 바람",
            formed_at=now,
            objection_until=now,
        )
        current.add(family)
        current.flush()
        current.get_one(Idea, idea).family_id = family.id
    values = next(iter(queries.list_ideas()))._asdict()
    assert values["number"] == "2026-001"
    assert values["nickname"] == "Mina"
    assert values["programme_title"] == programme.title
    assert values["family_title"] == "막차 묶음"
    assert values["field_key"] == "job"


def test_a_page_of_the_list_is_one_statement_however_many_rows(crowd):
    for sort in Sort:
        filters = Filters(campaign="ideas-2026", field="job", sort=sort)
        with statements() as seen:
            page = queries.list_filtered(filters, seed=1)
            _ = [row.programme_title for row in page]
        assert len(seen) == 1


def test_an_idea_comes_with_all_that_its_page_needs_in_three_statements(cast):
    made = make_idea(cast.mina, make_campaign(), programme=make_programme("ai-pot-2")).id
    session().expire_all()
    with statements() as seen:
        idea = queries.get_idea(made)
        _ = (idea.author.nickname, idea.field.name, idea.programme.title, idea.family)
        _ = [phase.kind for phase in idea.campaign.phases]
    assert len(seen) <= 3


def test_an_unknown_idea_is_not_found(app):
    with pytest.raises(NotFound):
        queries.get_idea(1)


def test_similar_ideas_are_found_but_never_hidden_ones(cast):
    campaign = make_campaign()
    near = make_idea(cast.mina, campaign, title="버스 막차를 늦춰 주세요 제발").id
    make_idea(cast.mina, campaign, title="청년 월세를 더 오래 지원해 주세요", why="비싸요.", how="")
    make_idea(cast.mina, campaign, title="버스 막차를 늦춰 주세요 비밀", state=State.HIDDEN)
    title = "막차 버스를 늦춰 주세요"
    assert [one.row.id for one in queries.find_similar(title)] == [near]
    assert queries.find_similar(title, without=near) == []
    assert len(queries.find_similar(title, actor=cast.sora)) == 2
    assert queries.find_similar("") == queries.find_similar("ㅋ") == []


def test_likeness_costs_four_statements(crowd):
    with statements() as seen:
        assert queries.find_similar("버스 막차를 늦춰 주세요", "막차가 끊겨요")
    assert len(seen) == 4


def test_a_search_costs_four_statements_however_many_rows(crowd):
    # nothing in the crowd is debated: such a search has nothing to read
    for sort in set(Sort) - {Sort.DEBATED}:
        filters = Filters(campaign="ideas-2026", field="job", q="버스 막차", sort=sort)
        with statements() as seen:
            assert queries.search_ideas(filters, seed=1).page.items
        assert len(seen) == 4


def test_one_s_own_ideas_come_in_every_state(cast):
    campaign = make_campaign()
    made = [make_idea(cast.mina, campaign, state=state).id for state in State]
    make_idea(cast.jun, campaign)
    assert [row.id for row in queries.list_of_author(cast.mina.id)] == made[::-1]


def test_numbers_count_within_a_campaign(cast):
    one, other = make_campaign("a"), make_campaign("b")
    make_idea(cast.mina, one)
    with transaction():
        assert queries.next_number(one.id) == 2
        assert queries.next_number(other.id) == 1
    assert session().scalar(select(Idea.number)) == 1
