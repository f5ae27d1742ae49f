"""Rules that elect the idea with most points: approval, satisfaction approval, sequential PAV.

Points are integers over one denominator (lcm scaling). Must not know loads or money.
"""

from __future__ import annotations

from fractions import Fraction
from heapq import nsmallest
from math import lcm
from typing import TYPE_CHECKING

from ideas_app.shortlists.rules.electorate import LEADERS, Levels
from ideas_app.shortlists.rules.results import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.shortlists.rules.electorate import Electorate, Run


def elect_by_approval(run: Run, forced: Sequence[int] = ()) -> None:
    """Top-k: the ideas with most approvals. Also completes equal shares."""
    _elect_forced(run, run.electorate.approvals, 1, forced)
    while run.is_open:
        _elect_best(run, run.electorate.approvals, 1)


def elect_by_satisfaction(run: Run, forced: Sequence[int] = ()) -> None:
    """Satisfaction approval: every ballot is one point, split evenly over its eligible ideas.

    Source: Brams and Kilgour, Satisfaction Approval Voting, 2014.
    """
    points, unit = _share_points(run.electorate)
    _elect_forced(run, points, unit, forced)
    while run.is_open:
        _elect_best(run, points, unit)


def elect_by_seqpav(run: Run, forced: Sequence[int] = ()) -> None:
    """Sequential PAV: a ballot with i ideas on the list gives 1/(1 + i) points to its next ones.

    Source: Thiele, Om Flerfoldsvalg, 1895.
    """
    # The level of a voter is the number of ideas got so far; unit makes every 1/(1 + i) whole.
    levels = Levels(run.electorate, Fraction(0))
    unit = lcm(*range(1, run.k + 1))
    for idea in forced:
        _elect_forced(run, _diminished_points(levels, unit, run.electorate), unit, [idea])
        levels.move(idea, lambda got: got + 1)
    while run.is_open:
        idea = _elect_best(run, _diminished_points(levels, unit, run.electorate), unit)
        levels.move(idea, lambda got: got + 1)


def _share_points(electorate: Electorate) -> tuple[list[int], int]:
    unit = lcm(*{len(row) for row in electorate.rows})
    points = [0] * len(electorate.ideas)
    for row, weight in zip(electorate.rows, electorate.weights, strict=True):
        share = weight * (unit // len(row))
        for idea in row:
            points[idea] += share
    return points, unit


def _diminished_points(levels: Levels, unit: int, electorate: Electorate) -> list[int]:
    points = [0] * len(electorate.ideas)
    for got, table in levels.live():
        share = unit // (1 + got.numerator)
        for idea, count in table.items():
            points[idea] += count * share
    return points


def _elect_forced(run: Run, points: Sequence[int], unit: int, forced: Sequence[int]) -> None:
    usual, run.phase = run.phase, Phase.FORCED
    for idea in forced:
        score = Fraction(points[idea], unit)
        run.elect([(idea, score, score)], tied=())
    run.phase = usual


def _elect_best(run: Run, points: Sequence[int], unit: int) -> int:
    leaders = nsmallest(LEADERS, run.candidates, key=lambda idea: (-points[idea], idea))
    top = points[leaders[0]]
    told = [(idea, Fraction(points[idea], unit)) for idea in leaders]
    return run.elect(
        # One more voter who has got nothing gives one point, so points are effective votes.
        [(idea, score, score) for idea, score in told],
        tied=[idea for idea in run.candidates if points[idea] == top],
        need=lambda idea: Fraction(top - points[idea], unit),
    )
