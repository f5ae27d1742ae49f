"""That a phase began or ended is published once, whether the clock or a person moved it."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from ideas_app.campaigns import queries, service
from ideas_app.campaigns.models import PhaseKind
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import OutboxEvent
from tests.factories import make_campaign

DAYS = timedelta(days=10)


@pytest.fixture
def campaign(app):
    made = make_campaign(phase=PhaseKind.GATHERING)
    look(clock.now())
    return made


def look(at):
    """A worker looks at the clock."""
    with clock.at(at), transaction():
        service.follow_phases()


def told():
    """What each of those who listen is told: all the same."""
    by_handler = defaultdict(list)
    query = select(OutboxEvent).where(OutboxEvent.kind == "PhaseChanged").order_by(OutboxEvent.id)
    for row in session().scalars(query):
        by_handler[row.handler].append((row.payload["phase"], row.payload["before"]))
    heard = list(by_handler.values())
    assert all(one == heard[0] for one in heard)
    return heard[0] if heard else []


def test_a_campaign_seen_for_the_first_time_is_no_news(campaign):
    assert told() == []


def test_a_phase_that_begins_by_the_clock_is_told_once(campaign):
    for hours in (1, 2, 3):
        look(clock.now() + DAYS + timedelta(hours=hours))
    assert told() == [("preparing", "gathering")]


def test_the_end_of_the_last_phase_is_told(campaign):
    look(clock.now() + 100 * DAYS)
    assert told() == [("", "gathering")]


def test_a_phase_begun_by_hand_is_told_at_once_and_not_again_by_the_clock(campaign, cast):
    with transaction():
        service.move_to_phase(cast.dana, queries.get_campaign("ideas-2026"), PhaseKind.BALLOT)
    look(clock.now() + timedelta(minutes=1))
    assert told() == [("ballot", "gathering")]
