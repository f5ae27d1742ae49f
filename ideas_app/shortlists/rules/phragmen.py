"""Sequential Phragmén, exact. Also completes equal shares. Must not know points."""

from __future__ import annotations

from fractions import Fraction
from functools import cmp_to_key
from heapq import nsmallest
from typing import TYPE_CHECKING

from ideas_app.shortlists.rules.electorate import LEADERS, Levels
from ideas_app.shortlists.rules.results import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ideas_app.shortlists.rules.electorate import Run


def elect_by_phragmen(run: Run, forced: Sequence[int] = ()) -> None:
    """Each idea costs 1, spread so that all its supporters end at the same load; least load wins.

    Source: Phragmén, 1894; Brill, Freeman, Janson and Lackner, Mathematical Programming 2024,
    doi 10.1007/s10107-023-01926-8.
    """
    levels = Levels(run.electorate, Fraction(0))
    run.phase = Phase.FORCED
    for idea in forced:
        _burden(run, levels, idea)
    run.phase = Phase.RULE
    fill_by_phragmen(run, levels, purse=Fraction(0))


def fill_by_phragmen(run: Run, levels: Levels, purse: Fraction) -> None:
    """Fill the open seats from the loads in `levels`.

    `purse` is what a voter without any idea still holds: such a voter has the load -purse.
    """
    while run.is_open:
        unit, sums = levels.totals()
        idea, load = _elect_least(run, unit, sums, purse)
        levels.move(idea, _always(load))


def joint_load(levels: Levels, idea: int, votes: int) -> Fraction:
    """The load of the idea's `votes` supporters if it were elected now; 0 without supporters."""
    if not votes:
        return Fraction(0)
    carried = sum(
        (value * table[idea] for value, table in levels.live() if idea in table), Fraction(0)
    )
    return (1 + carried) / votes


def effective_by_load(load: Fraction, purse: Fraction) -> Fraction:
    """So many voters who have got nothing would end at the same load; 0 without supporters.

    e of them, each with load -purse, end at (1 - e * purse)/e.
    """
    return 1 / (load + purse) if load + purse else Fraction(0)


def _burden(run: Run, levels: Levels, idea: int) -> None:
    load = joint_load(levels, idea, run.electorate.approvals[idea])
    run.elect([(idea, load, effective_by_load(load, Fraction(0)))], tied=())
    levels.move(idea, _always(load))


def _always(load: Fraction) -> Callable[[Fraction], Fraction]:
    return lambda _: load


def _elect_least(run: Run, unit: int, sums: list[int], purse: Fraction) -> tuple[int, Fraction]:
    votes = run.electorate.approvals

    def compare(one: int, other: int) -> int:
        # (unit + sums)/(unit * votes) against the other's, cross-multiplied: integers only
        return (unit + sums[one]) * votes[other] - (unit + sums[other]) * votes[one] or one - other

    leaders = nsmallest(LEADERS, run.candidates, key=cmp_to_key(compare))
    first = leaders[0]
    whole, share = unit + sums[first], votes[first]
    loads = [Fraction(unit + sums[idea], unit * votes[idea]) for idea in leaders]
    idea = run.elect(
        [(i, s, effective_by_load(s, purse)) for i, s in zip(leaders, loads, strict=True)],
        tied=[i for i in run.candidates if (unit + sums[i]) * share == whole * votes[i]],
        # (1 + carried - j * purse)/(votes + j) = load, solved for j
        need=lambda i: (Fraction(unit + sums[i], unit) - votes[i] * loads[0]) / (loads[0] + purse),
    )
    return idea, loads[0]
