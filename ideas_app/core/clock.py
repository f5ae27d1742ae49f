"""The one clock. Everything that asks for the time asks here, so that a story can be told on its own dates.

Must not know about requests or the database.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

SEOUL = ZoneInfo("Asia/Seoul")
"""The zone in which people read dates here."""

_frozen: ContextVar[datetime | None] = ContextVar("frozen_instant", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The present date where the people are."""
    return local_date(now())


def local_date(instant: datetime) -> date:
    """The calendar date of an aware instant in Asia/Seoul."""
    return instant.astimezone(SEOUL).date()


def local_minute(instant: datetime) -> tuple[int, int]:
    """The local day of an aware instant, as its ordinal, and the minute of that day, 0 to 1439.

    Source: the tz database, Asia/Seoul: nine hours ahead of UTC the whole year round since 1988-10-09. Reckoned, as a
    page of comments asks fifty times; the zone is asked for what lies before.
    """
    minute = int(instant.timestamp() // 60)
    if minute < _STEADY_SINCE:
        local = instant.astimezone(SEOUL)
        return local.toordinal(), local.hour * 60 + local.minute
    days, within = divmod(minute + _AHEAD, 1440)
    return days + _EPOCH, within


_STEADY_SINCE = int(datetime(1988, 10, 9, tzinfo=UTC).timestamp()) // 60
_AHEAD = 9 * 60
_EPOCH = date(1970, 1, 1).toordinal()


def day_start(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The instant (UTC) at which a local day begins, or a given hour of it."""
    return datetime.combine(day, time(hour, minute), tzinfo=SEOUL).astimezone(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[datetime]:
    """Within this block `now()` is the given aware instant: for tests, the demo year and late entries.

    Raises `ValueError` for a naive instant.
    """
    if instant.tzinfo is None:
        msg = "a naive instant has no place here: give it a time zone"
        raise ValueError(msg)
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield instant
    finally:
        _frozen.reset(token)
