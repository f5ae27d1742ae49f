"""Counters of limits in the memory of a process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from ideas_app.adapters.counts import ProcessCounts
from ideas_app.core import clock


def test_a_count_ends_so_long_after_its_first_hit():
    counts = ProcessCounts()
    with clock.at(clock.now()) as now:
        assert [counts.incr("jun", 60), counts.incr("jun", 60)] == [1, 2]
        assert counts.get_expiry("jun") == (now + timedelta(seconds=60)).timestamp()
    with clock.at(now + timedelta(seconds=59)):
        assert (counts.get("jun"), counts.get("mina")) == (2, 0)
    with clock.at(now + timedelta(seconds=60)):
        assert counts.get("jun") == 0
        assert counts.incr("jun", 60) == 1


def test_what_has_ended_is_swept_away():
    counts = ProcessCounts()
    with clock.at(clock.now()) as now:
        for number in range(50):
            counts.incr(f"visitor {number}", 60)
    with clock.at(now + timedelta(minutes=5)):
        counts.incr("jun", 60)
    assert counts.reset() == 1


def test_no_hit_of_many_threads_is_lost():
    counts = ProcessCounts()
    with ThreadPoolExecutor(16) as pool:
        seen = list(pool.map(lambda _: counts.incr("jun", 60), range(400)))
    assert sorted(seen) == list(range(1, 401))
    counts.clear("jun")
    assert counts.get("jun") == 0
