"""What the page of a round shows of its analysis: firmness, near misses, other rules, other seats.

Reads what the job has stored beside the list. Must not compute: every figure is the kernel's.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ideas_app.shortlists.queries.sentences import tell, write_percent
from ideas_app.shortlists.rules import Firmness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel import LazyString

    from ideas_app.shortlists.models import Round
    from ideas_app.shortlists.queries.page import Shown

_BESIDE = frozenset({"missing_in_top", "close_in", "close_out", "votes_short"})
"""Sentences that the page of the list says in its own way: by a mark, a zone, a large number."""


@dataclass(frozen=True, slots=True)
class Firm:
    """How firmly an entry stands on the list, or off it."""

    firmness: Firmness
    share: Fraction
    """Of the recounts with resampled ballots: so many had it on the list."""

    @property
    def is_close(self) -> bool:
        """Whether people should look at it before they confirm the list."""
        return self.firmness is Firmness.CLOSE

    @property
    def percent(self) -> str:
        """The share in per cent."""
        return write_percent(self.share)


@dataclass(frozen=True, slots=True)
class Miss:
    """An entry that just missed: with `votes_short` more ballots for it alone it is on the list."""

    shown: Shown
    votes_short: int
    displaces: tuple[Shown, ...]
    why: tuple[LazyString, ...]
    firm: Firm


@dataclass(frozen=True, slots=True)
class SeatsRow:
    """The list for another number of seats, against the list of this round."""

    seats: int
    covered: int
    entering: tuple[Shown, ...]
    leaving: tuple[Shown, ...]
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Analysis:
    """The analysis of a round as its page shows it."""

    seed: int
    runs: int
    firm: Mapping[str, Firm]
    """By project, of every entry that could be elected."""
    sentences: Mapping[str, tuple[LazyString, ...]]
    misses: tuple[Miss, ...]
    """Nearest first."""
    others: tuple[Shown, ...]
    """Entries off the list that did not just miss."""
    completion: str
    rules: tuple[str, ...]
    matrix: tuple[tuple[Shown, tuple[int | None, ...]], ...]
    """Places by rule, None where off its list; what differs from most votes comes first."""
    by_seats: tuple[SeatsRow, ...]

    @property
    def close_outside(self) -> tuple[Miss, ...]:
        """Entries off the list that are close calls."""
        return tuple(miss for miss in self.misses if miss.firm.is_close)


def read_analysis(round_: Round, shown: Mapping[str, Shown]) -> Analysis | None:
    """The analysis of a round; None while it is being computed."""
    stored = round_.result.get("analysis")
    if stored is None:
        return None
    firm = {
        idea: Firm(Firmness(stored["firmness"][idea]), Fraction(share))
        for idea, share in stored["stability"].items()
    }
    sentences = _tell_all(stored["sentences"], shown)
    misses = tuple(
        Miss(
            shown=shown[one["idea"]],
            votes_short=one["margin"]["votes_short"],
            displaces=tuple(shown[idea] for idea in one["margin"]["displaces"]),
            why=sentences[one["idea"]],
            firm=firm[one["idea"]],
        )
        for one in stored["margins"]
        if one["margin"]["votes_short"] is not None
    )
    told = {miss.shown.entry.project for miss in misses}
    return Analysis(
        seed=stored["seed"],
        runs=stored["runs"],
        firm=firm,
        sentences=sentences,
        misses=misses,
        others=tuple(
            shown[idea] for idea in firm if shown[idea].entry.rank is None and idea not in told
        ),
        completion=stored["completion"],
        rules=tuple(stored["rules"]),
        matrix=tuple((shown[row["idea"]], tuple(row["places"])) for row in stored["matrix"]),
        by_seats=tuple(_compare_seats(one, round_, shown) for one in stored["by_seats"]),
    )


def _tell_all(
    stored: Mapping[str, list[dict[str, Any]]], shown: Mapping[str, Shown]
) -> dict[str, tuple[LazyString, ...]]:
    titles = {project: one.title for project, one in shown.items()}
    return {
        idea: tuple(
            tell(one["key"], one["values"], titles) for one in told if one["key"] not in _BESIDE
        )
        for idea, told in stored.items()
    }


def _compare_seats(stored: dict[str, Any], round_: Round, shown: Mapping[str, Shown]) -> SeatsRow:
    ours, there = round_.result["chosen"]["winners"], stored["winners"]
    return SeatsRow(
        seats=stored["seats"],
        covered=stored["covered"],
        entering=tuple(shown[idea] for idea in there if idea not in ours),
        leaving=tuple(shown[idea] for idea in ours if idea not in there),
        is_ours=stored["seats"] == round_.seats,
    )
