"""How many voted on which day: exact for moderators, never below five for everybody."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.votes import queries
from ideas_app.votes.models import Ballot
from ideas_app.votes.rules import LEAST_CELL, Stretch, join_small
from tests.factories import make_campaign
from tests.votes.scenes import counted_statements

SLUG = "ideas-2026"
FIRST = date(2025, 10, 13)
COUNTS = st.lists(st.integers(0, 12), max_size=20)


def days_of(counts):
    return [
        Stretch(FIRST + timedelta(days=n), FIRST + timedelta(days=n), count)
        for n, count in enumerate(counts)
    ]


@given(COUNTS)
def test_no_stretch_is_small_and_none_is_lost(counts):
    joined = join_small(days_of(counts))
    assert all(stretch.count >= LEAST_CELL for stretch in joined)
    assert sum(stretch.count for stretch in joined) == (
        sum(counts) if sum(counts) >= LEAST_CELL else 0
    )


@given(COUNTS)
def test_the_stretches_follow_each_other_without_a_gap(counts):
    joined = join_small(days_of(counts))
    for before, after in itertools.pairwise(joined):
        assert after.first == before.last + timedelta(days=1)
    if joined:
        assert joined[0].first == FIRST
        assert joined[-1].last == FIRST + timedelta(days=len(counts) - 1)


@given(st.lists(st.integers(LEAST_CELL, 12), max_size=20))
def test_days_with_enough_ballots_stay_by_themselves(counts):
    assert join_small(days_of(counts)) == days_of(counts)


@pytest.fixture
def campaign(app):
    """A ballot that has run for ten days: 6 ballots on the first, 2 on the third, 9 on the last."""
    campaign = make_campaign(phase=PhaseKind.SHORTLISTING)
    phase = next(one for one in campaign.phases if one.kind == PhaseKind.BALLOT)
    last = phase.ends_at - timedelta(minutes=1)
    with transaction() as current:
        for at, count in (
            (phase.starts_at, 6),
            (phase.starts_at + timedelta(days=2), 2),
            (last, 9),
        ):
            for _ in range(count):
                number = len(current.new) + count * 1000 + at.day * 100
                current.add(
                    Ballot(
                        campaign_id=campaign.id,
                        pseudonym=f"{at.isoformat()}-{number}-{_}",
                        opened_at=at,
                        cast_at=at,
                    )
                )
        current.add(Ballot(campaign_id=campaign.id, pseudonym="looked", opened_at=last))
    return get_campaign(SLUG)


def test_each_ballot_stands_on_its_local_day_in_one_statement(campaign):
    with counted_statements() as seen:
        days = queries.turnout_by_day(campaign, exact=True)
    assert len(seen) == 1
    assert [day.count for day in days if day.count] == [6, 2, 9]
    assert sum(day.count for day in days) == queries.turnout(campaign) == 17
    phase = next(one for one in campaign.phases if one.kind == PhaseKind.BALLOT)
    assert days[0].first == clock.local_date(phase.starts_at)


def test_everybody_reads_no_day_with_fewer_than_five(campaign):
    assert [stretch.count for stretch in queries.turnout_by_day(campaign)] == [6, 11]


def test_a_campaign_without_a_ballot_has_no_days(app):
    campaign = make_campaign("none", PhaseKind.GATHERING)
    for phase in campaign.phases:
        phase.activities = []
    assert queries.turnout_by_day(campaign) == []


def test_the_table_is_public_after_the_close(campaign, visitor):
    page = visitor.get(f"/ballot/{SLUG}?lang=en").text
    assert "Ballots day by day" in page
    assert ">11<" in page
    assert ">2<" not in page


def test_before_the_close_only_moderators_read_it(cast, visitor, browser_of):
    make_campaign("now-2026", PhaseKind.BALLOT)
    for browser in (visitor, browser_of(cast.jun), browser_of(cast.sora)):
        assert "Ballots day by day" not in browser.get("/ballot/now-2026?lang=en").text
    assert "Ballots day by day" in browser_of(cast.sora).get("/ballot/now-2026/papers?lang=en").text
