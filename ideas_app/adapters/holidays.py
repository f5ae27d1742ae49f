"""The one door to the calendar of public holidays of Korea.

Must not know what is counted. Source: the `holidays` library (관공서의 공휴일에 관한 규정, substitutes included).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@cache
def _holidays_of(year: int) -> frozenset[date]:
    # here, because few processes count days and the library is 6 MB
    from holidays import country_holidays

    return frozenset(country_holidays("KR", years=year))


def is_holiday(day: date) -> bool:
    """Whether the day is a public holiday in Korea; weekends alone are not."""
    return day in _holidays_of(day.year)


def is_day_off(day: date) -> bool:
    """Whether public offices are closed: Saturday, Sunday or a public holiday."""
    return day.weekday() >= 5 or is_holiday(day)
