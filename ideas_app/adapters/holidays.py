"""The one door to the calendar of public holidays of Korea.

Must not know what is counted. Source: the `holidays` library (관공서의 공휴일에 관한 규정, substitutes included).
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date


@cache
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(_korea()(years=year))


@cache
def _korea() -> Callable[..., Iterable[date]]:
    """The calendar of Korea. Imported when a day is first counted, and without those of 250 other countries, which the
    package of countries imports whichever one is asked for: 8 MB and a fifth of a second in every server.
    """
    import holidays

    name = "holidays.countries"
    if name not in sys.modules:
        without_others = ModuleType(name)
        without_others.__path__ = [str(Path(holidays.__file__).parent / "countries")]
        sys.modules[name] = without_others
    found: Callable[..., Iterable[date]] = import_module(f"{name}.south_korea").SouthKorea
    return found


def is_holiday(day: date) -> bool:
    """Whether the day is a public holiday in Korea; weekends alone are not."""
    return day in _holidays_of(day.year)


def is_day_off(day: date) -> bool:
    """Whether public offices are closed: Saturday, Sunday or a public holiday."""
    return day.weekday() >= 5 or is_holiday(day)
