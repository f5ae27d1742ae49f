"""The calendar knows Korea's holidays, substitutes and election days included."""

from __future__ import annotations

from datetime import date

import pytest

from ideas_app.adapters.holidays import is_day_off, is_holiday


@pytest.mark.parametrize(
    "day",
    [
        "2025-01-27",
        "2025-03-03",
        "2025-06-03",
        "2025-10-08",
        "2026-02-17",
        "2026-06-03",
        "2026-07-17",
    ],
)
def test_public_holidays_are_known(day: str) -> None:
    assert is_holiday(date.fromisoformat(day))


def test_a_saturday_is_off_without_being_a_holiday() -> None:
    saturday = date(2026, 3, 7)
    assert is_day_off(saturday)
    assert not is_holiday(saturday)


def test_an_ordinary_wednesday_is_a_working_day() -> None:
    assert not is_day_off(date(2026, 3, 11))
