"""Groups of alike ideas: the same at every run, never with a pair that was set apart, only a proposal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid, Refused
from ideas_app.ideas.models import State
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation import queries, service
from ideas_app.moderation.queries import AlikeFilters
from ideas_app.moderation.rules import (
    ALIKE,
    AlikePair,
    Text,
    find_alike,
    group_alike,
    mark_shared,
    pairs_within,
    rarity_of,
    shared_pieces,
)
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import join, support
from tests.people import make_account

BUSES = (
    ("수송동에서 국가산단까지 가는 통근버스", "교대 시간에 산단으로 가는 통근버스가 없어요."),
    ("야간조도 탈 수 있는 산단 통근버스", "밤에 산단에서 나오는 통근버스가 있어야 해요."),
)
OTHERS = (
    ("청년센터 공부방을 밤 열 시까지", "여섯 시에 닫으면 갈 곳이 없어요."),
    ("자격증 응시료를 합격과 상관없이", "떨어진 사람도 시험값을 냈습니다."),
    ("혼자 사는 청년의 집수리 모임", "전등 하나 고치기도 어렵습니다."),
)
TEXTS = [Text(f"i{number}", *one) for number, one in enumerate(BUSES + OTHERS, start=1)]


def test_two_ideas_about_one_thing_are_found_and_others_are_not():
    assert [(pair.first, pair.second) for pair in find_alike(TEXTS)] == [("i1", "i2")]


def test_what_a_group_shares_is_named_and_marked():
    pieces = shared_pieces(TEXTS[:2], rarity_of(TEXTS), len(TEXTS))
    assert "통근버스" in pieces
    assert mark_shared("산단 통근버스를", ["통근버스"]) == [
        ("산단 ", False),
        ("통근버스", True),
        ("를", False),
    ]


@given(st.permutations(TEXTS))
@settings(max_examples=15)
def test_the_order_of_the_texts_does_not_matter(texts):
    assert find_alike(texts, least=10) == find_alike(TEXTS, least=10)


KEYS = [f"i{number}" for number in range(7)]
PAIRS = st.sets(st.sampled_from(pairs_within(KEYS)))


@given(alike=PAIRS, apart=PAIRS, likeness=st.integers(ALIKE, 900))
@settings(max_examples=40)
def test_groups_part_the_ideas_and_hold_no_pair_that_was_set_apart(alike, apart, likeness):
    pairs = [AlikePair(*pair, likeness) for pair in sorted(alike)]
    groups = group_alike(pairs, frozenset(apart))
    members = [key for group in groups for key in group]
    assert len(members) == len(set(members))
    assert all(len(group) > 1 for group in groups)
    assert not [pair for group in groups for pair in pairs_within(group) if pair in apart]
    assert groups == group_alike(pairs, frozenset(apart))
    alone = set(alike) - {pair for group in groups for pair in pairs_within(group)}
    # what is alike and in no common group has a reason: it was set apart, or belongs elsewhere
    assert all(pair in apart or set(pair) & set(members) for pair in alone)


def test_neighbours_in_a_chain_are_no_group():
    pairs = [AlikePair(KEYS[at], KEYS[at + 1], ALIKE) for at in range(4)]
    assert group_alike(pairs) == [("i0", "i1"), ("i2", "i3")]


@pytest.fixture
def buses(cast, campaign):
    """Two alike ideas, one of them still waiting, among others; their names."""
    first = make_idea(cast.mina, campaign, title=BUSES[0][0], why=BUSES[0][1], how="")
    second = make_idea(
        cast.jun, campaign, title=BUSES[1][0], why=BUSES[1][1], how="", state=State.SUBMITTED
    )
    for title, why in OTHERS:
        make_idea(cast.jun, campaign, title=title, why=why, how="")
    return [f"i{first.id}", f"i{second.id}"]


def groups_of(slug="ideas-2026", **more):
    found, _total = queries.list_alike(AlikeFilters(slug, **more))
    return [{member.key for member in group.members} for group in found]


def apart(actor, keys, **more):
    with transaction():
        service.set_apart(actor, get_campaign("ideas-2026"), keys, **more)


def test_alike_ideas_come_up_until_a_moderator_says_that_they_differ(cast, buses):
    assert groups_of() == [set(buses)]
    apart(cast.sora, buses)
    assert groups_of() == []
    assert [{row.first, row.second} for row in queries.list_apart("ideas-2026")] == [set(buses)]
    with transaction():
        service.bring_back(cast.dana, get_campaign("ideas-2026"), *reversed(buses))
    assert groups_of() == [set(buses)]


def test_what_can_wait_comes_up_again_after_a_week(cast, buses):
    apart(cast.sora, buses, for_now=True)
    assert groups_of() == []
    with clock.at(clock.now() + timedelta(days=service.LATER_DAYS, minutes=1)):
        assert groups_of() == [set(buses)]


def test_a_family_comes_up_beside_an_idea_like_it_and_counts_people_once(cast, buses, campaign):
    other = make_idea(cast.mina, campaign, title="산단 통근버스를 함께", why=BUSES[0][1], how="")
    voter = make_account("voter")
    ids = [int(buses[0][1:]), other.id]
    for idea_id in ids:
        support(voter, idea_id)
    family_id = join(cast.sora, ids)
    found, _ = queries.list_alike(AlikeFilters("ideas-2026"))
    assert sorted(member.key for member in found[0].members) == [f"f{family_id}", buses[1]]
    assert found[0].people == 1


@pytest.mark.parametrize("who", ["mina", "jun", "hyun", "visitor"])
def test_strangers_say_nothing_of_alike_ideas(cast, buses, who):
    with pytest.raises(Refused):
        apart(getattr(cast, who), buses)
    assert groups_of() == [set(buses)]


@pytest.mark.parametrize("keys", [[], ["i1"], ["i1", "i1"], ["x1", "i"], ["i99999", "f99999"]])
def test_fewer_than_two_known_ideas_are_no_pair(cast, buses, keys):
    with pytest.raises(Invalid):
        apart(cast.sora, keys)


def test_the_page_leads_to_a_family_and_remembers_what_differs(cast, buses, campaign, browser_of):
    with transaction():
        second = get_idea(int(buses[1][1:]))
        second.state, second.is_listed = State.PUBLISHED, True
    browser = browser_of(cast.sora)
    page = browser.get("/moderation/families/clusters").get_data(as_text=True)
    assert "<mark>" in page
    answer = browser.post("/moderation/families/clusters", data={"act": "family", "key": buses})
    assert answer.status_code == 303
    assert "/moderation/families?campaign=ideas-2026&numbers=" in answer.location
    form = browser.get(answer.location).get_data(as_text=True)
    assert BUSES[0][0] in form
    address = "/moderation/families/clusters?close=wide"
    answer = browser.post(address, data={"act": "apart", "key": buses})
    assert "close=wide" in answer.location
    assert groups_of() == []
    shown = browser.get("/moderation/families/clusters?show=apart").get_data(as_text=True)
    assert BUSES[1][0] in shown
    browser.post(address, data={"act": "back", "key": buses})
    assert groups_of() == [set(buses)]


@pytest.mark.parametrize("keys", [[], ["i1"], ["nonsense"], ["f1", "f2"]])
def test_too_few_are_not_led_on(cast, buses, browser_of, keys):
    answer = browser_of(cast.sora).post(
        "/moderation/families/clusters", data={"act": "family", "key": keys}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("who", ["mina", "hyun"])
def test_the_page_is_closed_to_others(cast, buses, browser_of, who):
    browser = browser_of(getattr(cast, who))
    assert browser.get("/moderation/families/clusters").status_code == 403
    answer = browser.post("/moderation/families/clusters", data={"act": "apart", "key": buses})
    assert answer.status_code == 403
    assert groups_of() == [set(buses)]


def test_without_any_campaign_the_page_says_that_there_is_nothing(cast, browser_of):
    assert browser_of(cast.sora).get("/moderation/families/clusters").status_code == 200


def test_ideas_of_another_campaign_are_not_compared(cast, buses):
    make_campaign("ideas-2027")
    assert groups_of("ideas-2027") == []
