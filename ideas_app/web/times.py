"""Days and instants as pages show them: an element `time` that people and machines read.

Must not know which language is spoken.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from markupsafe import Markup

from ideas_app.core.clock import local_minute
from ideas_app.web import formats

_CLOCK = tuple(f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(60))


def time_tag(
    value: date | datetime | None, kind: str, language: str, this_year: int | None = None
) -> str:
    """The element; empty for None. To the minute, in Asia/Seoul.

    `kind`: `date`, `short_date`, `long_date`, or `datetime`, a day with its time. With `this_year`, a day within it is
    written as `short_date`.
    """
    if value is None:
        return ""
    if not isinstance(value, datetime):
        written = _day(value.toordinal(), kind, language, this_year)
        return _markup(f'<time datetime="{value.isoformat()}">{written}</time>')
    day, minute = local_minute(value)
    head, tail = _around(day, kind, language, this_year)
    at = _CLOCK[minute]
    return _markup(f"{head}{at}{tail}{at}</time>" if kind == "datetime" else f"{head}{at}{tail}")


def _markup(text: str) -> Markup:
    # the class itself looks for a method of what it is given before it takes it
    return str.__new__(Markup, text)


@lru_cache(maxsize=1024)
def _around(day: int, kind: str, language: str, this_year: int | None) -> tuple[str, str]:
    """What stands before the time of an instant's day, and after it: as many as there have been days."""
    head = f'<time datetime="{date.fromordinal(day).isoformat()}T'
    if kind == "datetime":
        joint = " " if language == "ko" else ", "
        return head, f'+09:00">{_day(day, "date", language)}{joint}'
    return head, f'+09:00">{_day(day, kind, language, this_year)}</time>'


def _day(ordinal: int, kind: str, language: str, this_year: int | None = None) -> str:
    day = date.fromordinal(ordinal)
    name = "short_date" if day.year == this_year else kind
    return formats.DAYS[name][language](day)
