"""Clocks in Korean working days, and what makes an answer whole."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas_app.adapters.holidays import is_day_off
from ideas_app.answers import rules
from ideas_app.answers.models import Decision, PromiseStatus
from ideas_app.answers.rules import AnswerContent, PromiseContent, Standing, Timing

TODAY = date(2026, 3, 20)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
WHOLE = AnswerContent(Decision.HARD, "법령에 맞지 않습니다.", "교통행정과", "버스정책계장")


@pytest.mark.parametrize(
    ("received", "due", "why"),
    [
        (date(2025, 11, 3), date(2025, 11, 21), "no holiday: fourteen weekdays"),
        (
            date(2026, 2, 9),
            date(2026, 3, 5),
            "설날 2. 16. ~ 18. and the substitute of 삼일절, 3. 2.",
        ),
        (date(2026, 9, 21), date(2026, 10, 15), "추석 9. 24. ~ 25., 개천절's substitute, 한글날"),
        (date(2026, 4, 20), date(2026, 5, 12), "노동절 5. 1., 어린이날 5. 5."),
        (date(2026, 5, 30), date(2026, 6, 19), "received on a Saturday; 지방선거일 6. 3."),
    ],
)
def test_an_answer_is_due_on_the_fourteenth_korean_working_day(
    received: date, due: date, why: str
) -> None:
    assert rules.due_on(received, 14, is_day_off) == due, why


@given(received=DAYS, days=st.integers(0, 30))
def test_a_due_day_is_a_working_day_and_no_holiday_brings_it_forward(
    received: date, days: int
) -> None:
    due = rules.due_on(received, days, is_day_off)
    assert days == 0 or not is_day_off(due)
    assert due >= rules.due_on(received, days, lambda day: day.weekday() >= 5)
    assert rules.days_left(received, due, is_day_off) == days


@given(one=DAYS, other=DAYS)
def test_days_left_turn_their_sign_with_the_order_of_days(one: date, other: date) -> None:
    left = rules.days_left(one, other, is_day_off)
    assert left == -rules.days_left(other, one, is_day_off)
    assert (left <= 0) or one < other


@given(
    due=DAYS,
    extra=st.none() | st.integers(1, 60),
    answered=st.none() | DAYS,
    today=DAYS,
)
def test_an_answer_has_one_timing_and_an_extension_never_makes_it_worse(
    due: date, extra: int | None, answered: date | None, today: date
) -> None:
    to = due + timedelta(days=extra) if extra else None
    plain = rules.timing_of(due_on=due, extended_to=None, answered_on=answered, today=today)
    timing = rules.timing_of(due_on=due, extended_to=to, answered_on=answered, today=today)
    if answered is None:
        assert timing is (Timing.OVERDUE if today > (to or due) else Timing.WAITING)
    elif answered <= due:
        assert timing is Timing.ON_TIME
    else:
        assert timing is (Timing.EXTENDED if to and answered <= to else Timing.LATE)
    assert rules.rate_of([timing]).on_time >= rules.rate_of([plain]).on_time


@given(st.lists(st.sampled_from(list(Timing))))
def test_the_rate_is_whole_numbers_and_never_flatters(timings: list[Timing]) -> None:
    rate = rules.rate_of(timings)
    assert 0 <= rate.on_time <= rate.due <= len(timings)
    if rate.percent is None:
        assert rate.due == 0
    else:
        assert type(rate.percent) is int
        assert 0 <= 100 * rate.on_time - rate.percent * rate.due < rate.due
        assert (rate.percent == 100) is (rate.on_time == rate.due)


@given(due=DAYS, moved=st.none() | DAYS, today=DAYS)
def test_an_open_promise_is_silent_from_the_day_after(
    due: date, moved: date | None, today: date
) -> None:
    def standing(status: PromiseStatus) -> Standing:
        return rules.standing_of(status, due_on=due, moved_to=moved, today=today)

    assert standing(PromiseStatus.DONE) is Standing.KEPT
    assert standing(PromiseStatus.DROPPED) is Standing.DROPPED
    assert standing(PromiseStatus.OPEN) is (Standing.SILENT if today > due else Standing.NEXT)
    in_time = moved is not None and today <= moved
    assert standing(PromiseStatus.MOVED) is (Standing.MOVED if in_time else Standing.SILENT)


@pytest.mark.parametrize(
    ("days", "middle"), [([], None), ([3], 3), ([9, 1, 5], 5), ([1, 2, 8, 9], 2)]
)
def test_the_median_is_a_day_that_happened(days: list[int], middle: int | None) -> None:
    assert rules.median_of(days) == middle


def changed(**values: object) -> AnswerContent:
    from dataclasses import replace

    return replace(WHOLE, **values)


def codes(content: AnswerContent, **more: object) -> list[str]:
    return [fault.code for fault in rules.faults_of(content, today=TODAY, **more)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (WHOLE, []),
        (changed(reason=" \n"), ["reason_missing"]),
        (changed(reason="가" * 2001), ["too_long"]),
        (changed(department="", post=" "), ["department_missing", "post_missing"]),
        (changed(decision=Decision.ADOPTED), ["date_missing"]),
        (changed(decision=Decision.PARTLY), ["date_missing"]),
        (changed(decision=Decision.LATER), ["date_missing"]),
        (changed(decision=Decision.ADOPTED, next_on=TODAY), []),
        (changed(decision=Decision.ADOPTED, promises=(PromiseContent("연다", TODAY),)), []),
        (changed(next_on=TODAY - timedelta(days=1)), ["date_past"]),
        (changed(next_on=date(2206, 1, 1)), ["date_far"]),
        (changed(promises=(PromiseContent("연다", None),)), ["date_missing"]),
        (changed(promises=(PromiseContent(" ", TODAY),)), ["text_missing"]),
        (changed(promises=(PromiseContent("연다", date(2026, 3, 1)),)), ["date_past"]),
    ],
)
def test_no_answer_without_reason_and_no_promise_without_a_day(
    content: AnswerContent, expected: list[str]
) -> None:
    assert codes(content) == expected


def test_a_published_answer_keeps_its_day_though_it_has_passed() -> None:
    past = TODAY - timedelta(days=9)
    content = changed(decision=Decision.ADOPTED, next_on=past)
    assert codes(content, had_next_on=past) == []
    assert codes(changed(decision=Decision.ADOPTED), has_promises=True) == []


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (date(2026, 3, 25), "not_later"),
        (date(2026, 3, 26), None),
        (date(2026, 6, 23), None),
        (date(2026, 6, 24), "too_late"),
    ],
)
def test_an_extension_lies_ahead_and_not_for_ever(to: date, code: str | None) -> None:
    fault = rules.extension_fault(to=to, due_on=date(2026, 3, 25), today=TODAY)
    assert (fault.code if fault else None) == code
