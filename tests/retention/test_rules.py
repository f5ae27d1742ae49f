"""Nothing that concerns people goes before its day, nor before both warnings had their time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import cycle

from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.audit.rules import ids_digest
from ideas_app.core.clock import SEOUL
from ideas_app.core.retaining import find_period
from ideas_app.retention.rules.bounds import find_days_fault
from ideas_app.retention.rules.due import REMIND, WARN, Step, goes_on, next_step
from ideas_app.retention.rules.months import months_between, next_month, parse_month
from ideas_app.retention.rules.patterns import Odd, Seen, find_oddities

START = date(2024, 2, 27)


@settings(max_examples=30)
@given(days=st.integers(1, 400), gaps=st.lists(st.integers(1, 45), min_size=1))
def test_however_seldom_the_work_runs_both_warnings_come_in_time_and_once(
    days: int, gaps: list[int]
) -> None:
    told: dict[Step, date] = {}
    today = START
    for gap in cycle(gaps):
        today += timedelta(days=gap)
        seen = {"warned_on": told.get(Step.WARN), "reminded_on": told.get(Step.REMIND)}
        step = next_step(START, days, today=today, **seen)
        if step is Step.NOTHING:
            continue
        assert step not in told
        told[step] = today
        if step is Step.DESTROY:
            break
    assert list(told) == [Step.WARN, Step.REMIND, Step.DESTROY]
    assert told[Step.DESTROY] >= START + timedelta(days=days)
    assert told[Step.DESTROY] - told[Step.WARN] >= WARN
    assert told[Step.DESTROY] - told[Step.REMIND] >= REMIND


def test_seen_to_every_day_it_goes_on_the_day_that_was_said() -> None:
    days, steps, warned, reminded = 100, {}, None, None
    for number in range(120):
        today = START + timedelta(days=number)
        seen = {"today": today, "warned_on": warned, "reminded_on": reminded}
        step = next_step(START, days, **seen)
        if step is not Step.NOTHING:
            steps.setdefault(step, (number, goes_on(START, days, **seen)))
        warned = today if step is Step.WARN else warned
        reminded = today if step is Step.REMIND else reminded
    last = START + timedelta(days=days)
    assert steps == {Step.WARN: (70, last), Step.REMIND: (93, last), Step.DESTROY: (100, last)}


def test_a_period_moves_within_its_bounds_only(app) -> None:
    looks, undo = find_period("access_record"), find_period("roster_undo")
    assert find_days_fault(looks, looks.floor) is None
    for days in (None, looks.floor - 1, looks.ceiling + 1):
        assert find_days_fault(looks, days).code == "days_out_of_bounds"
    assert find_days_fault(undo, 30).code == "period_fixed"


def test_months_are_named_by_their_first_day() -> None:
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    wanted = [date(2026, 1, 1), date(2025, 12, 1), date(2025, 11, 1)]
    assert months_between(date(2025, 11, 30), date(2026, 1, 1)) == wanted
    assert months_between(date(2026, 2, 1), date(2026, 1, 31)) == []
    assert parse_month("2026-02") == date(2026, 2, 1)
    assert [parse_month(typed) for typed in ("", "2026-13", "2026-02-01", "x")] == [None] * 4


def look(hour: int = 10, day: int = 3, **more: object) -> Seen:
    at = datetime(2026, 3, day, hour, 30, tzinfo=SEOUL)
    told = {"actor_id": 7, "kind": "roster", "count": 1, "address": "10.0.0.1", "reason": ""}
    return Seen(at, **{**told, **more})


def odd_of(*looks: Seen) -> list[tuple[Odd, int]]:
    found = find_oddities(looks, lambda day: day.weekday() >= 5)
    return [(one.odd, one.number) for one in found]


def test_a_usual_day_is_not_odd() -> None:
    assert odd_of(look(), look(9, count=50), look(21), look(6)) == []


def test_what_is_odd_is_named_with_a_number() -> None:
    assert odd_of(look(22), look(5), look(12, day=7)) == [(Odd.OUT_OF_HOURS, 3)]
    assert odd_of(look(count=600), look(count=400)) == [(Odd.MANY, 1000)]
    assert odd_of(look(kind="export", count=500, reason="시의회 보고")) == [(Odd.LARGE_FILE, 500)]
    bared = [look(kind="unmasked", reason="전화 확인") for _number in range(10)]
    assert odd_of(*bared) == [(Odd.UNMASKED, 10)]
    assert odd_of(*[look(address=f"10.0.0.{number}") for number in range(3)]) == [
        (Odd.ADDRESSES, 3)
    ]
    assert odd_of(look(kind="unmasked", reason="..")) == [(Odd.REASON, 1)]
    assert odd_of(look(23, actor_id=None, address="")) == [], "the worker knows no night"


def test_a_digest_does_not_hang_on_the_order() -> None:
    assert ids_digest([3, 1, 2]) == ids_digest((1, 2, 3)) != ids_digest([1, 23])
