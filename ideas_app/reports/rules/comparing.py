"""How two years compare, and what moved between two counts of one year. Pure.

Must not know where the figures come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ideas_app.reports.rules.figures import ABOUT_PEOPLE, NAMES
from ideas_app.reports.rules.suppression import SMALLEST_CELL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ideas_app.reports.rules.figures import Outcomes


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of a year beside the year before; None where it is not printed, or there is no year."""

    name: str
    now: int | None
    before: int | None

    @property
    def difference(self) -> int | None:
        """Now less before, where both are known."""
        return None if self.now is None or self.before is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that another count of the same year gave differently."""

    name: str
    was: int
    now: int

    @property
    def by(self) -> int:
        """How much it moved."""
        return self.now - self.was


def may_tell(moved: Moved, outcomes: Outcomes) -> bool:
    """Whether the public reads by how much a figure moved: not where few people would be told of."""
    is_few = moved.name in ABOUT_PEOPLE and abs(moved.by) < SMALLEST_CELL
    return moved.name not in outcomes.hidden and not is_few


def compare_years(now: Outcomes, before: Outcomes | None) -> list[Compared]:
    """Every figure of a year beside that of the year before, as the public may see them."""
    return [
        Compared(name, now.public(name), before.public(name) if before else None) for name in NAMES
    ]


def list_moved(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[Moved]:
    """The figures that differ between two counts; one that an older count did not know is left out."""
    return [
        Moved(name, was[name], now[name])
        for name in NAMES
        if name in was and name in now and was[name] != now[name]
    ]
