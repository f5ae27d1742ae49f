"""How many votes an idea that stayed off the list was short, and whom it would have displaced.

Source of the measure (singleton-add): Boehmer et al., IJCAI 2024, doi 10.24963/ijcai.2024/296.
Must not know texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from ideas_app.shortlists.rules.election import pose, run_election
from ideas_app.shortlists.rules.electorate import Electorate
from ideas_app.shortlists.rules.results import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from fractions import Fraction

    from ideas_app.shortlists.rules.ballots import Ballots
    from ideas_app.shortlists.rules.election import Election
    from ideas_app.shortlists.rules.electorate import Run
    from ideas_app.shortlists.rules.results import Result


@dataclass(frozen=True, slots=True)
class Margin:
    """With `votes_short` more ballots for only this idea it is on the list, with one fewer not.

    `round`: in which round it would come in. `displaces`: the ideas that would leave the list, in
    order of their election. All empty when no number of such ballots would do (a purse that cannot
    pay, or every seat given by hand).
    """

    votes_short: int | None
    round: int | None
    displaces: tuple[str, ...]


def margins(
    b: Ballots,
    result: Result,
    nearest: int | None = None,
    *,
    tell: Callable[[int, int], None] | None = None,
) -> dict[str, Margin]:
    """The margin of every eligible idea off the list, the nearest first.

    With `nearest` only of so many that miss by least (for mes: by a close guess).
    The least number exactly for every rule but mes; mes searches by counting again, because more
    ballots also change everybody's purse. `result` must come from `shortlist` on the same ballots.
    `tell(done, all)` is called after each idea.
    """
    election = pose(b, result.k, result.rule, result.completion, result.excluded, result.forced)
    electorate = Electorate.of(b, election.excluded)
    listed = {b.ideas.index(idea) for idea in result.winners}
    losers = [idea for idea in electorate.eligible if idea not in listed]
    gaps = _measure_gaps(electorate, election, losers)
    losers.sort(key=lambda idea: gaps.get(idea, (electorate.n + 2, 0))[0])
    find = _bisect if election.rule is Rule.MES else _confirm
    found: dict[str, Margin] = {}
    for done, idea in enumerate(losers[:nearest], start=1):
        votes, run = find(electorate, election, idea, gaps.get(idea, (0, 0))[0])
        found[b.ideas[idea]] = _describe(b, result, idea, votes, run)
        if tell:
            tell(done, len(losers[:nearest]))
    return dict(sorted(found.items(), key=lambda pair: pair[1].votes_short or electorate.n + 2))


def _measure_gaps(
    electorate: Electorate, election: Election, losers: list[int]
) -> dict[int, tuple[int, int]]:
    """(ballots missing, round) where each loser comes nearest to being elected.

    Exact but for mes: until the round that an idea wins, its extra ballots change nothing else, so
    the least need over all rounds of the run without them is the answer.
    """
    gaps: dict[int, tuple[int, int]] = {}

    def watch(
        number: int, chosen: int, need: Callable[[int], Fraction], barred: Collection[int]
    ) -> None:
        for idea in losers:
            if idea in barred:
                continue
            exact = need(idea)
            loses_tie = exact.denominator == 1 and idea > chosen
            gap = (ceil(exact) + loses_tie, number)
            gaps[idea] = min(gaps.get(idea, gap), gap)

    run = run_election(electorate, election, watch)
    if len(run.chosen) < election.k and election.rule is not Rule.MES:
        # An empty seat takes any idea with a single vote, unless it cannot stand beside the list.
        free = [idea for idea in losers if idea not in run.barred]
        gaps |= dict.fromkeys(free, (1, len(run.chosen) + 1))
    return gaps


def _confirm(
    electorate: Electorate, election: Election, idea: int, votes: int
) -> tuple[int | None, Run | None]:
    if not votes:
        return None, None
    return votes, run_election(electorate.with_singles(idea, votes), election)


def _bisect(
    electorate: Electorate, election: Election, idea: int, guess: int
) -> tuple[int | None, Run | None]:
    """Step away from the guess by 1, 2, 4 ... until in and out lie on both sides, then halve."""
    # One ballot more than all others together wins the first free seat, whatever the rest says.
    highest = electorate.n + 1
    runs: dict[int, Run] = {}

    def is_in(votes: int) -> bool:
        runs[votes] = run_election(electorate.with_singles(idea, votes), election)
        return idea in runs[votes].chosen

    inside = outside = min(max(guess, 1), highest)
    step = 1
    if is_in(inside):
        outside = inside - step
        while outside > 0 and is_in(outside):
            step *= 2
            inside, outside = outside, max(outside - step, 0)
    else:
        inside = min(outside + step, highest)
        while not is_in(inside):
            if inside == highest:
                return None, None
            step *= 2
            outside, inside = inside, min(inside + step, highest)
    while inside - outside > 1:
        middle = (inside + outside) // 2
        if is_in(middle):
            inside = middle
        else:
            outside = middle
    return inside, runs[inside]


def _describe(b: Ballots, result: Result, idea: int, votes: int | None, run: Run | None) -> Margin:
    if votes is None or run is None:
        return Margin(None, None, ())
    now = {b.ideas[position] for position in run.chosen}
    return Margin(
        votes_short=votes,
        round=run.chosen.index(idea) + 1,
        displaces=tuple(winner for winner in result.winners if winner not in now),
    )
