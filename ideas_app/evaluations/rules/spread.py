"""How far the scores of several people lie apart. Pure arithmetic in whole numbers and halves."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

GAP = 2
"""From this distance between the least and the greatest score on, people see a thing differently: neighbours
on a scale of five are one opinion.
"""


@dataclass(frozen=True, slots=True)
class Spread:
    """The scores that one criterion got."""

    count: int
    median: Fraction
    """The middle score; between two middle ones, half way."""
    least: int
    greatest: int
    apart: frozenset[int]
    """Who stands furthest from the middle, as the keys that were given; nobody while all are close."""

    @property
    def differs(self) -> bool:
        """Whether people see it differently."""
        return self.greatest - self.least >= GAP


def spread_of(scores: Mapping[int, int]) -> Spread | None:
    """The spread of scores, person to score; None without any.

    A median and a range, no mean: with four people one odd score would move a mean by most of a step, and
    whoever gave it should be asked, not averaged away.
    """
    if not scores:
        return None
    ordered = sorted(scores.values())
    half = len(ordered) // 2
    middle = ordered[half : half + 1] if len(ordered) % 2 else ordered[half - 1 : half + 1]
    median = Fraction(sum(middle), len(middle))
    least, greatest = ordered[0], ordered[-1]
    apart: frozenset[int] = frozenset()
    if greatest - least >= GAP:
        furthest = max(abs(score - median) for score in scores.values())
        apart = frozenset(
            person for person, score in scores.items() if abs(score - median) == furthest
        )
    return Spread(len(ordered), median, least, greatest, apart)
