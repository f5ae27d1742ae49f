"""How an evaluation stands, and "2 of 4 evaluated". Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.evaluations.models import Evaluation


class Standing(StrEnum):
    """The steps of an evaluation, in their order, and its two other ends."""

    ASKED = "asked"
    SCORED = "scored"
    CLOSED = "closed"
    REOPENED = "reopened"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


GONE = frozenset({Standing.DECLINED, Standing.TAKEN_BACK})
"""Nobody waits for these any more."""


def standing_of(evaluation: Evaluation) -> Standing:
    """Where an evaluation stands, from its instants."""
    if evaluation.taken_back_at:
        return Standing.TAKEN_BACK
    if evaluation.declined_at:
        return Standing.DECLINED
    if evaluation.closed_at:
        return Standing.CLOSED
    if evaluation.reopened_at:
        return Standing.REOPENED
    return Standing.SCORED if evaluation.scored_at else Standing.ASKED


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of those who were asked have evaluated."""

    done: int = 0
    asked: int = 0

    @property
    def left(self) -> int:
        """How many still owe theirs."""
        return self.asked - self.done


def tally_of(standings: Iterable[Standing]) -> Tally:
    """Closed ones of all that stand: who declined or is not asked any more counts nowhere; one that is
    being revised is not done.
    """
    live = [standing for standing in standings if standing not in GONE]
    return Tally(live.count(Standing.CLOSED), len(live))
