"""Days and months as each language writes them. Babel reads a pattern anew for each date: forty times the cost.

The patterns are our own, as Babel's Korean short time reads "PM 2:07"; a test holds them against Babel.
Must not know which language is spoken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_YOIL = "월화수목금토일"

Written = dict[str, "Callable[[date], str]"]
"""By language, how a local day is written."""

FULL_DAY: Written = {
    "ko": lambda day: f"{day.year}. {day.month}. {day.day}.",
    "en": lambda day: f"{_MONTHS[day.month - 1][:3]} {day.day}, {day.year}",
}
"""`y. M. d.` and `MMM d, y`."""
SHORT_DAY: Written = {
    "ko": lambda day: f"{day.month}. {day.day}.",
    "en": lambda day: f"{_MONTHS[day.month - 1][:3]} {day.day}",
}
"""`M. d.` and `MMM d`."""
LONG_DAY: Written = {
    "ko": lambda day: f"{day.year}년 {day.month}월 {day.day}일({_YOIL[day.weekday()]})",
    "en": lambda day: f"{_WEEKDAYS[day.weekday()]}, {_MONTHS[day.month - 1]} {day.day}, {day.year}",
}
"""`y년 M월 d일(EEE)` and `EEEE, MMMM d, y`."""
MONTH: Written = {
    "ko": lambda day: f"{day.year}년 {day.month}월",
    "en": lambda day: f"{_MONTHS[day.month - 1]} {day.year}",
}
"""`y년 M월` and `MMMM y`."""

DAYS: dict[str, Written] = {"date": FULL_DAY, "short_date": SHORT_DAY, "long_date": LONG_DAY}
"""By the names that templates call them by."""
