"""The ledger, the inbox and the rate: right, and in few statements."""

from __future__ import annotations

from datetime import date, timedelta

from ideas_app.answers import queries
from ideas_app.answers.models import Decision, Promise, PromiseStatus
from ideas_app.answers.queries import LedgerFilter
from ideas_app.answers.rules import Standing, Timing
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea, State
from tests.answers.scenes import RECEIVED, answered, answering, open_for, owed
from tests.factories import make_idea, reload
from tests.people import Cast
from tests.shortlists.scenes import make_family
from tests.votes.scenes import counted_statements

NOON = clock.day_start(date(2026, 3, 16), 12)


def test_the_ledger_is_newest_first_and_goes_on_behind_a_cursor(cast: Cast) -> None:
    campaign = answering()
    for hour in range(5):
        with clock.at(NOON + timedelta(hours=hour)):
            answered(cast, campaign)
    first = queries.list_public(limit=3)
    rest = queries.list_public(limit=3, after=first.next)
    ids = [row.answer.id for row in (*first, *rest)]
    assert ids == sorted(ids, reverse=True)
    assert (len(first), len(rest), rest.next) == (3, 2, None)
    assert [row.answer.id for row in queries.list_public(after="spoilt")] == ids


def test_answers_of_one_instant_are_neither_lost_nor_doubled(cast: Cast) -> None:
    campaign = answering()
    with clock.at(NOON):
        ids = {answered(cast, campaign) for _ in range(4)}
    first = queries.list_public(limit=2)
    rest = queries.list_public(limit=2, after=first.next)
    assert {row.answer.id for row in (*first, *rest)} == ids


def test_a_list_takes_two_statements_however_long(cast: Cast) -> None:
    campaign = answering()
    with clock.at(NOON):
        for _ in range(6):
            answered(cast, campaign, [("엽니다.", date(2026, 6, 1))])
            owed(cast, campaign)
    for read in (queries.list_public, queries.list_inbox):
        session().expire_all()
        with counted_statements() as seen:
            rows = list(read())
            assert all(row.title and row.answer.promises is not None for row in rows)
        assert len(rows) == 6
        assert len(seen) == 2, seen
    session().expire_all()
    with counted_statements() as seen:
        queries.read_ledger()
    assert len(seen) == 2, seen


def test_the_ledger_is_filtered_by_decision_and_campaign(cast: Cast) -> None:
    one, other = answering(), answering("ideas-2025")
    with clock.at(NOON):
        adopted = answered(cast, one, [("엽니다.", date(2026, 6, 1))])
        hard = answered(cast, other)
    assert [
        row.answer.id for row in queries.list_public(LedgerFilter(decision=Decision.ADOPTED))
    ] == [adopted]
    assert [row.answer.id for row in queries.list_public(LedgerFilter(campaign="ideas-2025"))] == [
        hard
    ]
    assert len(queries.list_public(LedgerFilter(campaign="nowhere"))) == 0


def test_an_answer_that_is_not_published_is_in_no_public_list(cast: Cast) -> None:
    answer_id = owed(cast, answering())
    assert len(queries.list_public()) == 0
    idea = queries.list_ideas_of(queries.get_answer(answer_id))[0]
    assert queries.find_of_idea(idea) is None
    assert queries.find_of_idea(idea, published=False) is not None


def test_an_idea_hidden_since_takes_its_answer_out_of_the_ledger(cast: Cast) -> None:
    with clock.at(NOON):
        answer_id = answered(cast, answering())
    idea_id = queries.list_ideas_of(queries.get_answer(answer_id))[0].id
    with transaction() as current:
        ideas.change_state(current.get_one(Idea, idea_id), State.HIDDEN)
    assert len(queries.list_public()) == 0


def test_a_family_answered_once_shows_on_each_member(cast: Cast) -> None:
    campaign = answering()
    members = [make_idea(cast.mina, campaign, state=State.SHORTLISTED) for _ in range(3)]
    family = make_family(campaign, members)
    answer_id = open_for(cast, family)
    row = queries.get_row(answer_id)
    assert (row.title, row.is_family, row.supports) == (family.title, True, 25)
    for member in members:
        found = queries.find_of_idea(reload(Idea, member.id), published=False)
        assert found is not None
        assert found.id == answer_id


def test_the_inbox_is_by_due_day_and_forgets_what_was_withdrawn(cast: Cast) -> None:
    campaign = answering()
    first, second = owed(cast, campaign), owed(cast, campaign)
    gone = make_idea(cast.mina, campaign, state=State.SHORTLISTED)
    open_for(cast, gone)
    with transaction() as current:
        current.get_one(Idea, gone.id).state = State.WITHDRAWN
        queries.get_answer(first).extended_to = date(2026, 4, 10)
    with clock.at(clock.day_start(date(2026, 3, 24), 9)):
        rows = queries.list_inbox()
        assert [row.answer.id for row in rows] == [second, first]
        assert [row.timing for row in rows] == [Timing.OVERDUE, Timing.WAITING]
        assert [row.days_left for row in rows] == [-2, 13]
        assert queries.count_owed() == 2
        rate = queries.on_time_rate()
        assert (rate.on_time, rate.due, rate.percent) == (0, 1, 0)


def test_the_rate_counts_what_was_due_in_one_campaign_or_all(cast: Cast) -> None:
    one, other = answering(), answering("ideas-2025")
    with clock.at(NOON):
        answered(cast, one)
    with clock.at(clock.day_start(date(2026, 3, 25), 9)):
        answered(cast, other)
        waiting = make_idea(cast.mina, one, state=State.SHORTLISTED)
        open_for(cast, waiting)
    with clock.at(clock.day_start(RECEIVED, 23)):
        assert queries.on_time_rate().due == 2
    assert (queries.on_time_rate(other.id).on_time, queries.on_time_rate(other.id).due) == (0, 1)
    ledger = queries.read_ledger()
    assert ledger.median_days == 10


def test_promises_are_counted_as_they_read_today(cast: Cast) -> None:
    with clock.at(NOON):
        days = [("하나", date(2026, 3, 17)), ("둘", date(2026, 3, 18)), ("셋", date(2026, 3, 19))]
        answer_id = answered(cast, answering(), days)
    with transaction():
        moved = queries.list_promises(answer_id)[2]
        moved.status, moved.moved_to = PromiseStatus.MOVED, date(2026, 4, 1)
    with clock.at(clock.day_start(date(2026, 3, 18), 9)):
        counts = queries.count_promises()
        by_hand = [queries.standing(promise) for promise in session().query(Promise)]
        assert counts[Standing.SILENT] == 1
        assert counts == {each: by_hand.count(each) for each in Standing}
        due = queries.list_promises_of_desk(until=clock.today())
        assert [row.promise.text for row in due] == ["하나", "둘"]
        assert queries.count_promises_due() == 2
