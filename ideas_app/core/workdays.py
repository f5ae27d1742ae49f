"""Arithmetic of working days: the clocks of the desk and of answers run in them.

Pure: which days are off is asked of the predicate handed in (`adapters.holidays.is_day_off`). Must not know
any country, clock or table.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    IsDayOff = Callable[[date], bool]

_DAY = timedelta(days=1)


def add_working_days(day: date, count: int, is_day_off: IsDayOff) -> date:
    """The `count`-th working day after `day`; `day` itself is not counted, and 0 gives it back.

    Source: 민법 제157조 (the first day is not counted), applied to working days. Raises `ValueError` below 0.
    """
    if count < 0:
        msg = "working days are counted forward only"
        raise ValueError(msg)
    while count:
        day += _DAY
        count -= not is_day_off(day)
    return day


def working_days_between(earlier: date, later: date, is_day_off: IsDayOff) -> int:
    """How many working days lie after `earlier` up to and including `later`; 0 when `later` is not later.

    `add_working_days(day, n)` is the first day for which this gives `n`.
    """
    return sum(
        not is_day_off(earlier + _DAY * step) for step in range(1, (later - earlier).days + 1)
    )
