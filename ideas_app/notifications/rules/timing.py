"""When mails go out: never at night, digests in the morning. Pure; hours are those of Seoul.

The night of 21 to 8 follows the hours in which senders in Korea need a consent of its own
(정보통신망법 제50조 제3항); that law is about advertising, and we keep to it anyway.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ideas_app.core.clock import SEOUL, day_start, local_date

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

DAY_BEGINS = 8
DAY_ENDS = 21


def is_quiet(now: datetime) -> bool:
    """Whether it is night: from 21 until before 8 o'clock."""
    return not DAY_BEGINS <= now.astimezone(SEOUL).hour < DAY_ENDS


def send_at(now: datetime) -> datetime:
    """When a mail that is due now may go out: now by day, at the next 8 o'clock by night."""
    if not is_quiet(now):
        return now
    day = local_date(now)
    if now.astimezone(SEOUL).hour >= DAY_ENDS:
        day += timedelta(days=1)
    return day_start(day, DAY_BEGINS)


def is_digest_time(now: datetime) -> bool:
    """Whether the digest of the day may go out: from 8 o'clock until the evening, should the worker be late."""
    return not is_quiet(now)


def is_work_time(now: datetime, is_day_off: Callable[[date], bool]) -> bool:
    """Whether the daily mail to staff may go out: as the digest, on working days only."""
    return not is_quiet(now) and not is_day_off(local_date(now))
