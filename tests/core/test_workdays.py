"""Working days are counted forward from the day after, over whatever is off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas_app.core.workdays import add_working_days, working_days_between


def weekend(day: date) -> bool:
    return day.weekday() >= 5


FRIDAY = date(2026, 3, 6)


def test_the_first_working_day_after_friday_is_monday() -> None:
    assert add_working_days(FRIDAY, 1, weekend) == date(2026, 3, 9)


def test_no_working_days_give_the_day_itself() -> None:
    assert add_working_days(FRIDAY, 0, weekend) == FRIDAY


def test_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(FRIDAY, -1, weekend)


def test_a_weekend_is_no_waiting_time() -> None:
    assert working_days_between(FRIDAY, date(2026, 3, 8), weekend) == 0
    assert working_days_between(FRIDAY, date(2026, 3, 9), weekend) == 1


def test_an_earlier_day_is_not_counted() -> None:
    assert working_days_between(FRIDAY, FRIDAY - timedelta(days=3), weekend) == 0


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 40))
def test_the_nth_working_day_is_the_first_at_which_n_have_passed(day: date, count: int) -> None:
    due = add_working_days(day, count, weekend)
    assert working_days_between(day, due, weekend) == count
    assert working_days_between(day, due - timedelta(days=1), weekend) == count - 1
