"""What the kernel returns: names of rules, rounds, ties, the list. Exact numbers only.

Must not know how any of it is computed, nor hold a text for people.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any


class Rule(StrEnum):
    """The rules, by the names of the command line and the files."""

    MES = "mes"
    PHRAGMEN = "phragmen"
    SEQPAV = "seqpav"
    SATISFACTION = "satisfaction"
    APPROVAL = "approval"


class Completion(StrEnum):
    """How seats that equal shares cannot pay for are filled."""

    PHRAGMEN = "phragmen"
    APPROVAL = "approval"
    NONE = "none"


class Phase(StrEnum):
    """Who decided a round: a hand (`forced`), the rule itself, or its completion."""

    FORCED = "forced"
    RULE = "rule"
    COMPLETION = "completion"


@dataclass(frozen=True, slots=True)
class Leader:
    """An idea near the top of a round. `score` as in `Round`."""

    idea: str
    score: Fraction
    effective_votes: Fraction


@dataclass(frozen=True, slots=True)
class Round:
    """One seat given away.

    `score`, by rule and phase: mes: price a supporter (least wins); phragmen, and the completion by
    it: the load of the supporters afterwards (least wins); seqpav, satisfaction, approval, and the
    completion by approval: points (most wins). A forced idea that its supporters cannot pay in full
    has the load as its score.
    `effective_votes`: as many voters who approve only this idea and have got nothing yet would
    weigh the same.
    `levels[i]`: supporters who had exactly i ideas on the list before this round.
    `leaders`: up to five, the chosen idea first; in phase one of mes only what can be paid.
    `tied`: all ideas with the winning score in tie order; empty when there was no tie.
    """

    number: int
    phase: Phase
    idea: str
    score: Fraction
    effective_votes: Fraction
    leaders: tuple[Leader, ...]
    tied: tuple[str, ...]
    levels: tuple[int, ...]

    @property
    def supporters(self) -> int:
        """Ballots that approve the chosen idea."""
        return sum(self.levels)

    @property
    def already_served(self) -> int:
        """Supporters who had at least one idea on the list before this round."""
        return sum(self.levels[1:])

    @property
    def runner_up(self) -> str | None:
        """The next idea, or None when there was no other."""
        return self.leaders[1].idea if len(self.leaders) > 1 else None

    @property
    def runner_up_score(self) -> Fraction | None:
        """The score of the next idea."""
        return self.leaders[1].score if len(self.leaders) > 1 else None


@dataclass(frozen=True, slots=True)
class Tie:
    """A round that the tie order decided. `decisive`: a tied idea stayed off the list for good."""

    round: int
    chosen: str
    tied: tuple[str, ...]
    decisive: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A computed list.

    `n`: ballots that approve an eligible idea; `empty`: all others. `winners`: in order of
    election. `excluded` and `forced` are as asked for, in tie order. The completion is `none` for
    every rule but mes.
    """

    rule: Rule
    completion: Completion
    k: int
    n: int
    empty: int
    winners: tuple[str, ...]
    rounds: tuple[Round, ...]
    ties: tuple[Tie, ...]
    excluded: tuple[str, ...]
    forced: tuple[str, ...]

    @property
    def seats_phase1(self) -> int:
        """Seats given by the rule itself, before any completion and not by hand."""
        return sum(entry.phase is Phase.RULE for entry in self.rounds)

    @property
    def short(self) -> int:
        """Seats left empty: nobody approves another idea, or (completion none) can pay for it."""
        return self.k - len(self.winners)


def to_plain(value: Any) -> Any:
    """The value in terms of JSON: fractions as "n/d", dataclasses as objects, tuples as lists.

    Raises `TypeError` for anything that a result cannot hold, floats above all.
    """
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, StrEnum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {entry.name: to_plain(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, dict):
        return {str(key): to_plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(entry) for entry in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise TypeError(f"{type(value).__name__} has no place in a result")
