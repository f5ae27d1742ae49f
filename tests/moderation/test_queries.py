"""The queue by waiting time, its filters and cursor, the context of an item; a fixed number of statements."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event

from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import NotFound
from ideas_app.ideas.models import RejectCode, State
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation import queries
from ideas_app.moderation.queries import Filters, Tab
from ideas_app.moderation.rules import Band
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import (
    WORDS,
    appeal,
    comment_on,
    decide,
    flag_comment,
    flag_idea,
    join,
    object_to,
    support,
)
from tests.people import make_account

FRIDAY = clock.day_start(date(2026, 3, 13), 14)


@contextmanager
def counting():
    seen = []
    connection = session().connection()

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)


def submitted(author, campaign, day, **more):
    with clock.at(clock.day_start(day, 9)):
        return make_idea(author, campaign, state=State.SUBMITTED, **more).id


def test_what_waits_longest_comes_first_in_bands_of_working_days(cast, campaign):
    today = submitted(cast.mina, campaign, date(2026, 3, 13))
    tuesday = submitted(cast.jun, campaign, date(2026, 3, 10))
    last_week = submitted(cast.jun, campaign, date(2026, 3, 6))
    with clock.at(FRIDAY):
        bands = queries.list_queue(Filters()).bands()
    assert [(band, [row.key for row in rows]) for band, rows in bands] == [
        (Band.LATE, [last_week]),
        (Band.DUE, [tuesday]),
        (Band.FRESH, [today]),
    ]
    assert [row.waited for _, rows in bands for row in rows] == [5, 3, 0]


def test_weekends_and_holidays_are_no_waiting_time(cast, campaign):
    submitted(cast.mina, campaign, date(2026, 2, 13))
    with clock.at(clock.day_start(date(2026, 2, 19), 9)):
        assert queries.list_queue(Filters()).rows[0].waited == 1


def test_the_campaigns_own_target_makes_the_bands(cast):
    campaign = make_campaign("ideas-slow", settings={"review_target_days": 5})
    submitted(cast.mina, campaign, date(2026, 3, 6))
    with clock.at(FRIDAY):
        assert queries.list_queue(Filters()).rows[0].band is Band.DUE


def test_filters_narrow_the_list(cast, campaign):
    other = make_campaign("ideas-2027")
    first = make_idea(cast.mina, campaign, state=State.SUBMITTED, field=1).id
    make_idea(cast.mina, campaign, state=State.SUBMITTED)
    make_idea(cast.mina, other, state=State.SUBMITTED, field=1)
    rows = queries.list_queue(Filters(campaign="ideas-2026", field="home")).rows
    assert [row.key for row in rows] == [first]


@pytest.mark.parametrize("cursor", ["", "nonsense", "WyIyMDI2IiwxXQ", "WyJub3ciLDFd"])
def test_a_spoilt_cursor_starts_anew(cast, waiting, cursor):
    assert len(queries.list_queue(Filters(after=cursor)).rows) == 1


def test_the_cursor_goes_on_where_the_page_ended(cast, campaign):
    ids = [make_idea(cast.mina, campaign, state=State.SUBMITTED).id for _ in range(5)]
    first = queries.list_queue(Filters(), limit=3)
    rest = queries.list_queue(Filters(after=first.next), limit=3)
    assert [row.key for row in [*first.rows, *rest.rows]] == ids
    assert rest.next is None


def test_unknown_words_in_the_address_are_passed_over():
    filters = Filters.of({"tab": "secrets", "campaign": "x" * 500, "sort": "password"})
    assert filters.tab is Tab.NEW
    assert len(filters.campaign) == 80


def test_filters_are_kept_in_addresses_without_empty_ones():
    assert Filters(Tab.FLAGS, field="home").values() == {"tab": "flags", "field": "home"}
    assert Filters().values() == {}


def test_each_list_holds_its_own(cast, campaign, waiting):
    published = make_idea(cast.jun, campaign).id
    hidden = decide("hide", cast.sora, make_idea(cast.jun, campaign).id, RejectCode.ABUSE, WORDS).id
    returned = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
    decide("return_to_author", cast.sora, returned, WORDS)
    rejected = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
    decide("reject", cast.sora, rejected, RejectCode.PRANK, WORDS)
    appeal_id = appeal(cast.mina, rejected)
    flag = flag_idea(cast.mina, published)
    flag_on_comment = flag_comment(cast.jun, comment_on(cast.mina, published))
    keys = {tab: [row.key for row in queries.list_queue(Filters(tab)).rows] for tab in Tab}
    assert keys == {
        Tab.NEW: [waiting.id],
        Tab.FLAGS: [flag],
        Tab.APPEALS: [appeal_id],
        Tab.COMMENTS: [flag_on_comment],
        Tab.RETURNED: [returned],
        Tab.HIDDEN: [hidden],
    }
    totals = queries.count_waiting()
    assert {getattr(totals, tab.value) for tab in Tab} == {1}
    assert totals.bar() == {"moderation": 4, "families": 0}


def test_a_flagged_idea_with_many_comments_stands_in_the_list_once(cast, listed):
    for text in ("하나 더 있어요.", "둘 더 있어요.", "셋 더 있어요."):
        comment_on(cast.jun, listed.id, text)
    flag_idea(cast.jun, listed.id)
    assert len(queries.list_queue(Filters(Tab.FLAGS)).rows) == 1


def test_the_next_item_is_the_next_longest_wait_or_else_the_first(cast, campaign):
    ids = [make_idea(cast.mina, campaign, state=State.SUBMITTED).id for _ in range(3)]
    rows = queries.list_queue(Filters()).rows
    assert queries.find_next(Filters(), rows[0].since_at, ids[0]) == ids[1]
    assert queries.find_next(Filters(), rows[2].since_at, ids[2]) == ids[0]
    assert queries.find_next(Filters(field="home"), rows[0].since_at, ids[0]) is None


@pytest.mark.parametrize("tab", list(Tab))
def test_a_list_costs_one_statement_however_long(cast, campaign, tab):
    for _ in range(4):
        make_idea(cast.mina, campaign, state=State.SUBMITTED)
        flag_idea(cast.jun, make_idea(cast.mina, campaign).id)
    session().expire_all()
    with counting() as seen:
        queries.list_queue(Filters(tab))
    assert len(seen) == 1


def test_all_counts_cost_one_statement(cast, waiting):
    with counting() as seen:
        queries.count_waiting()
    assert len(seen) == 1


def test_a_family_costs_two_statements(cast, campaign):
    ideas = [make_idea(cast.mina, campaign).id, make_idea(cast.jun, campaign).id]
    family_id = join(cast.sora, ideas)
    session().expire_all()
    with counting() as seen:
        view = queries.view_family(family_id)
        assert [member.nickname for member in view.members] == ["Mina", "Jun"]
    assert len(seen) == 2


def test_an_overlap_costs_one_statement(cast, campaign):
    ids = [make_idea(cast.mina, campaign).id, make_idea(cast.jun, campaign).id]
    support(make_account("Ann"), ids[0])
    ideas = [get_idea(idea_id) for idea_id in ids]
    with counting() as seen:
        assert queries.overlap_of(ideas).people == 1
    assert len(seen) == 1


def test_an_authors_other_ideas_are_shown_in_every_state(cast, campaign, waiting):
    hidden = make_idea(cast.mina, campaign, state=State.HIDDEN)
    make_idea(cast.jun, campaign)
    assert [past.id for past in queries.list_past_of_author(cast.mina.id, but=waiting.id)] == [
        hidden.id
    ]


def test_similar_ideas_of_every_state_are_found_but_never_the_idea_itself(cast, campaign):
    title = "산단 출근 시간에 맞는 버스가 한 대뿐이에요"
    one = make_idea(cast.mina, campaign, title=title, state=State.SUBMITTED)
    other = make_idea(
        cast.jun, campaign, title="산단 출근 시간에 버스를 더 보내 주세요", state=State.REJECTED
    )
    found = queries.list_similar(get_idea(one.id), cast.sora)
    assert [row.id for row in found] == [other.id]


def test_the_log_of_an_idea_names_who_acted(cast, waiting):
    decide("return_to_author", cast.sora, waiting.id, WORDS)
    act = queries.list_acts(waiting.id)[0]
    assert (act.tag, act.nickname, act.reason) == ("idea:returned", "Sora", WORDS)


def test_a_list_of_families_counts_members_and_open_objections(cast, campaign):
    ideas = [make_idea(cast.mina, campaign).id, make_idea(cast.jun, campaign).id]
    family_id = join(cast.sora, ideas)
    object_to(cast.jun, family_id, ideas[1])
    row = queries.list_families()[0]
    assert (row.members, row.objections) == (2, 1)


@pytest.mark.parametrize(
    "read",
    [
        queries.get_flag,
        queries.get_appeal,
        queries.get_family,
        queries.get_objection,
        queries.get_comment,
    ],
)
def test_what_does_not_exist_is_not_found(app, read):
    with pytest.raises(NotFound):
        read(4711)


def test_numbers_of_another_campaign_are_not_taken(cast, campaign):
    idea = make_idea(cast.mina, campaign)
    other = make_campaign("ideas-2027")
    assert queries.list_by_numbers(other.id, [idea.number]) == []
    with transaction():
        assert [found.id for found in queries.list_by_numbers(campaign.id, [idea.number])] == [
            idea.id
        ]
