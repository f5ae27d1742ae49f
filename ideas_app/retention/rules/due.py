"""What is due on a day for something that is announced before it goes. Pure.

It goes when its period is over, never earlier than 30 days after the first warning and 7 after the second,
however late the work ran.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

WARN = timedelta(days=30)
"""How long before the end the first warning comes, and how long it stands at least."""
REMIND = timedelta(days=7)
"""The same for the second warning."""


class Step(StrEnum):
    """What is to be done on a day."""

    NOTHING = "nothing"
    WARN = "warn"
    REMIND = "remind"
    DESTROY = "destroy"


def goes_on(
    counted_on: date, days: int, *, today: date, warned_on: date | None, reminded_on: date | None
) -> date:
    """The first day on which it may go. Not yet warned about, it is taken to be warned about today."""
    earliest = counted_on + timedelta(days=days)
    earliest = max(earliest, (warned_on or today) + WARN)
    return max(earliest, reminded_on + REMIND) if reminded_on else earliest


def next_step(
    counted_on: date, days: int, *, today: date, warned_on: date | None, reminded_on: date | None
) -> Step:
    """The one step for today."""
    if warned_on is None:
        return Step.WARN if counted_on + timedelta(days=days) - WARN <= today else Step.NOTHING
    end = goes_on(counted_on, days, today=today, warned_on=warned_on, reminded_on=reminded_on)
    if reminded_on is None:
        return Step.REMIND if end - REMIND <= today else Step.NOTHING
    return Step.DESTROY if end <= today else Step.NOTHING
