"""What may be said of a promise, the silences that days leave behind, and the rates of departments."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.adapters.holidays import is_day_off
from ideas_app.answers.models import PromiseStatus
from ideas_app.answers.rules import Standing, Timing, rate_of, standing_of, timing_of
from ideas_app.answers.rules.promises import (
    MOVE_MAX,
    Word,
    days_of,
    silences_of,
    silent_days,
    step_faults,
    word_faults,
)
from ideas_app.answers.rules.rates import (
    LEAST,
    AnswerFact,
    PromiseFact,
    department_key,
    department_of,
    rates_of,
)

DAY = date(2026, 4, 30)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
NAMES = st.sampled_from(["교통행정과", "교통 행정과", "교통행정과 버스정책계", "보건소", ""])


def codes(word: Word, *, today: date = DAY) -> list[str]:
    return [fault.code for fault in word_faults(word, promised_for=DAY, today=today)]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        (Word(PromiseStatus.DONE, "열었습니다."), []),
        (Word(PromiseStatus.DROPPED, "접습니다."), []),
        (Word(PromiseStatus.MOVED, "늦어집니다.", DAY + timedelta(days=1)), []),
        (Word(PromiseStatus.MOVED, "늦어집니다.", DAY + MOVE_MAX), []),
        (Word(PromiseStatus.OPEN, "모릅니다."), ["open"]),
        (Word(PromiseStatus.DONE, "  "), ["missing"]),
        (Word(PromiseStatus.DONE, "가" * 301), ["too_long"]),
        (Word(PromiseStatus.MOVED, "늦어집니다."), ["not_later"]),
        (Word(PromiseStatus.MOVED, "늦어집니다.", DAY), ["not_later"]),
        (Word(PromiseStatus.MOVED, "늦어집니다.", DAY + MOVE_MAX + timedelta(1)), ["too_late"]),
    ],
)
def test_a_word_is_whole_or_says_what_is_missing(word: Word, found: list[str]) -> None:
    assert codes(word) == found


def test_a_promise_long_past_is_moved_to_a_day_to_come() -> None:
    late = Word(PromiseStatus.MOVED, "늦어집니다.", DAY + timedelta(days=10))
    assert codes(late, today=DAY + timedelta(days=20)) == ["not_later"]


@pytest.mark.parametrize(("percent", "good"), [(0, True), (100, True), (-1, False), (101, False)])
def test_a_step_is_between_nothing_and_all(percent: int, good: bool) -> None:
    assert (step_faults("준비를 마쳤습니다.", percent) == []) is good
    assert step_faults("", percent)
    assert step_faults("준비를 마쳤습니다.", None)


def test_silence_is_counted_in_korean_working_days() -> None:
    friday = date(2026, 2, 13)
    assert silent_days(friday, friday, is_day_off) == 0
    assert silent_days(friday, date(2026, 2, 18), is_day_off) == 0, "설날 2. 16. ~ 18."
    assert silent_days(friday, date(2026, 2, 20), is_day_off) == 2


@settings(max_examples=50)
@given(
    status=st.sampled_from(PromiseStatus),
    due=DAYS,
    moves=st.lists(st.integers(1, 200), max_size=3),
    today=DAYS,
)
def test_a_promise_is_silent_exactly_where_its_last_day_left_a_silence(
    status: PromiseStatus, due: date, moves: list[int], today: date
) -> None:
    days = [due]
    for step in moves:
        days.append(days[-1] + timedelta(days=step))
    moved_to = days[-1] if moves else None
    is_open = status is PromiseStatus.OPEN or (status is PromiseStatus.MOVED and bool(moves))
    if status is PromiseStatus.OPEN:
        moved_to, days = None, days[:1]
    standing = standing_of(status, due_on=due, moved_to=moved_to, today=today)
    words = [(day, day) for day in days[:-1]]  # each move was said on its day
    silent = silences_of(words, promised_for=days[-1], is_open=is_open, today=today)
    if is_open:
        assert (standing is Standing.SILENT) == (silent == [days[-1] + timedelta(days=1)])
    assert all(day <= today for day in silent)


def test_a_word_that_came_late_leaves_its_silence_in_the_past() -> None:
    words = [(DAY, DAY + timedelta(days=9)), (DAY + timedelta(days=40), DAY + timedelta(days=30))]
    found = silences_of(
        words, promised_for=DAY + timedelta(days=40), is_open=False, today=DAY + timedelta(days=99)
    )
    assert found == [DAY + timedelta(days=1)]
    assert days_of(DAY, [None, DAY + timedelta(days=40), None]) == [DAY, DAY + timedelta(days=40)]


@pytest.mark.parametrize(
    ("written", "department"),
    [
        ("교통행정과", "교통행정과"),
        (" 교통  행정과 ", "교통 행정과"),
        ("교통행정과 버스정책계", "교통행정과"),
        ("교통행정과버스정책계", "교통행정과"),
        ("산업혁신과 산단지원계", "산업혁신과"),
        ("보건소 건강관리과 정신보건계", "보건소 건강관리과"),
        ("인구대응담당관 청년정책팀", "인구대응담당관"),
        ("통계", "통계"),
        ("", ""),
    ],
)
def test_a_department_is_found_behind_its_team(written: str, department: str) -> None:
    assert department_of(written) == department
    assert department_key(written) == department_key(department) == department_key(f" {written} ")


FACTS = st.builds(
    AnswerFact,
    department=NAMES,
    due_on=DAYS,
    extended_to=st.none() | st.dates(date(2028, 1, 1), date(2028, 2, 1)),
    answered_on=st.none() | DAYS,
)


@settings(max_examples=30)
@given(st.lists(FACTS, max_size=12), DAYS)
def test_departments_add_up_to_the_city(facts: list[AnswerFact], today: date) -> None:
    rates = rates_of(facts, [], today=today)
    timings = [
        timing_of(
            due_on=one.due_on, extended_to=one.extended_to, answered_on=one.answered_on, today=today
        )
        for one in facts
    ]
    city = rate_of(timings)
    assert sum(one.on_time + one.extended for one in rates) == city.on_time
    assert sum(one.due for one in rates) == city.due
    assert sum(one.waiting for one in rates) == timings.count(Timing.WAITING)
    assert len({department_key(one.department) for one in rates}) == len(rates)
    assert all((one.percent is None) == (one.due < LEAST) for one in rates)
    assert [one.department for one in rates if not one.department] in ([], [""])


@settings(max_examples=30)
@given(st.lists(FACTS, max_size=12), DAYS, DAYS)
def test_two_periods_that_meet_count_everything_once(
    facts: list[AnswerFact], border: date, today: date
) -> None:
    def total(**period: date) -> int:
        rates = rates_of(facts, [], today=today, **period)
        return sum(one.due + one.waiting for one in rates)

    assert total(until=border) + total(since=border + timedelta(days=1)) == total() == len(facts)


def test_kept_and_silent_promises_count_in_the_period_of_their_day() -> None:
    facts = [
        PromiseFact("교통행정과 버스정책계", Standing.KEPT, DAY),
        PromiseFact("교통 행정과", Standing.SILENT, DAY + timedelta(days=1)),
        PromiseFact("교통행정과", Standing.MOVED, DAY),
    ]
    (rate,) = rates_of([], facts, today=DAY + timedelta(days=9))
    assert (rate.promises_kept, rate.promises_silent, rate.percent) == (1, 1, None)
    (rate,) = rates_of([], facts, today=DAY + timedelta(days=9), until=DAY)
    assert (rate.promises_kept, rate.promises_silent) == (1, 0)
