"""What is open in all campaigns: worked out once for a stretch of time in which nothing opens or shuts."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.queries import PhaseTimes, moment_of
from ideas_app.campaigns.rules import open_activities
from ideas_app.core import clock

START = datetime(2026, 3, 1, 9, tzinfo=clock.SEOUL)
hours = st.integers(-72, 72)


@st.composite
def houses(draw):
    phases = {
        key: [
            PhaseTimes(
                at,
                START + timedelta(hours=begins),
                START + timedelta(hours=begins + draw(st.integers(0, 40))),
                draw(st.lists(st.sampled_from([one.value for one in Activity]), max_size=3)),
            )
            for at, begins in enumerate(draw(st.lists(hours, max_size=3)))
        ]
        for key in range(draw(st.integers(0, 3)))
    }
    return SimpleNamespace(phases=phases)


@settings(max_examples=60, deadline=None)
@given(st.lists(houses(), min_size=1, max_size=2), st.lists(hours, min_size=1, max_size=12))
def test_whenever_it_is_asked_it_is_as_if_it_were_asked_for_the_first_time(houses, asked):
    for hour in asked:
        now = START + timedelta(hours=hour)
        for house in houses:
            moment = moment_of(house, now)
            assert moment.doors == {
                key: open_activities(spans, now) for key, spans in house.phases.items()
            }
            assert moment.since <= now < moment.until
            assert clock.local_date(moment.until - timedelta(seconds=1)) == clock.local_date(now)
