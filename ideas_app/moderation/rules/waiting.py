"""How long ideas wait for their first decision, month by month, as it is published. Pure.

Must not know the database or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

CELL_MIN = 5
"""No figure is printed for fewer ideas than this."""


@dataclass(frozen=True, slots=True)
class FirstLook:
    """An idea's first decision: on which day, after how many working days, of how many promised."""

    decided_on: date
    waited: int
    target: int


@dataclass(frozen=True, slots=True)
class WaitingMonth:
    """A month's figures; None stands for what fewer than `CELL_MIN` ideas would tell."""

    month: date
    """Its first day."""
    decided: int | None
    median_halves: int | None
    """The median of the working days waited, in halves of a day: 3 is a day and a half."""
    within_percent: int | None
    """The share decided within the target, rounded down; None also where it would tell of fewer than
    `CELL_MIN` that were, or were not.
    """


def months_of(looks: Iterable[FirstLook]) -> list[WaitingMonth]:
    """The figures of each month in which something was decided first, newest month first."""
    by_month: dict[date, list[FirstLook]] = {}
    for look in looks:
        by_month.setdefault(look.decided_on.replace(day=1), []).append(look)
    return [_month(month, by_month[month]) for month in sorted(by_month, reverse=True)]


def _month(month: date, looks: list[FirstLook]) -> WaitingMonth:
    if len(looks) < CELL_MIN:
        return WaitingMonth(month, None, None, None)
    within = sum(look.waited <= look.target for look in looks)
    late = len(looks) - within
    is_told = all(cell == 0 or cell >= CELL_MIN for cell in (within, late))
    share = 100 * within // len(looks) if is_told else None
    return WaitingMonth(month, len(looks), median_halves(look.waited for look in looks), share)


def median_halves(values: Iterable[int]) -> int:
    """Twice the median of whole numbers, itself a whole number: of two middle ones, their sum.

    Raises `ValueError` where there is none.
    """
    ordered = sorted(values)
    if not ordered:
        msg = "nothing has no median"
        raise ValueError(msg)
    return ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]
