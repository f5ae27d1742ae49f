"""The ballots arranged for counting, and the state that every rule keeps while it elects.

`Electorate` is fixed; `Levels` keeps voters apart by what they have got so far (ideas, load or
money); `Run` collects the rounds. Must not know any rule.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import chain
from math import lcm
from typing import TYPE_CHECKING

from ideas_app.shortlists.rules.results import Leader, Phase, Round, Tie

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from fractions import Fraction

    from ideas_app.shortlists.rules.ballots import Ballots

    Watch = Callable[[int, int, Callable[[int], Fraction], Collection[int]], None]

LEADERS = 5
"""How many of the best are told of each round."""


@dataclass(frozen=True, slots=True)
class Electorate:
    """Ballots with at least one eligible idea, by row, and the rows of each idea's supporters.

    Ideas are positions in tie order. `approvals[idea]` counts ballots, `n` all of them.
    """

    ideas: tuple[str, ...]
    eligible: tuple[int, ...]
    rows: list[tuple[int, ...]]
    weights: list[int]
    supporters: list[list[int]]
    approvals: list[int]
    n: int

    @classmethod
    def of(cls, ballots: Ballots, excluded: Collection[int] = ()) -> Electorate:
        """The electorate over all ideas but the excluded positions."""
        rows = list(ballots.rows)
        weights = list(ballots.weights)
        if excluded:
            barred = frozenset(excluded)
            left = [tuple(idea for idea in row if idea not in barred) for row in rows]
            weights = [weight for row, weight in zip(left, weights, strict=True) if row]
            rows = [row for row in left if row]
        supporters: list[list[int]] = [[] for _ in ballots.ideas]
        for number, row in enumerate(rows):
            for idea in row:
                supporters[idea].append(number)
        return cls(
            ideas=ballots.ideas,
            eligible=tuple(i for i in range(len(ballots.ideas)) if i not in excluded),
            rows=rows,
            weights=weights,
            supporters=supporters,
            approvals=[sum(map(weights.__getitem__, crowd)) for crowd in supporters],
            n=sum(weights),
        )

    def reweighted(self, weights: list[int]) -> Electorate:
        """The same rows with other weights; a weight may be 0."""
        approvals = [sum(map(weights.__getitem__, crowd)) for crowd in self.supporters]
        return replace(self, weights=weights, approvals=approvals, n=sum(weights))

    def with_singles(self, idea: int, count: int) -> Electorate:
        """With `count` more ballots that approve only this idea."""
        supporters = list(self.supporters)
        supporters[idea] = [*supporters[idea], len(self.rows)]
        approvals = list(self.approvals)
        approvals[idea] += count
        return replace(
            self,
            rows=[*self.rows, (idea,)],
            weights=[*self.weights, count],
            supporters=supporters,
            approvals=approvals,
            n=self.n + count,
        )


class Levels:
    """Voters by level, each level with its exact value: a load, a purse, a number of ideas.

    All that a rule asks about an idea is how many supporters stand on which level, so those
    integers are kept (`tables[level][idea]`) and an election touches only the ballots of the
    chosen idea: a whole run costs about as much as reading the approvals a few times.
    """

    def __init__(self, electorate: Electorate, start: Fraction) -> None:
        self._electorate = electorate
        self._of = [0] * len(electorate.rows)
        self.values = [start]
        self.tables = [{i: count for i, count in enumerate(electorate.approvals) if count}]
        self._known = {start: 0}

    def live(self) -> Iterable[tuple[Fraction, dict[int, int]]]:
        """(value, supporters by idea) of the levels on which anybody stands."""
        return ((v, table) for v, table in zip(self.values, self.tables, strict=True) if table)

    def scaled(self) -> tuple[int, list[tuple[int, dict[int, int]]]]:
        """The live levels with integer values over one denominator, which comes first."""
        live = list(self.live())
        unit = lcm(*(value.denominator for value, _ in live))
        return unit, [(value.numerator * (unit // value.denominator), t) for value, t in live]

    def totals(self) -> tuple[int, list[int]]:
        """For each idea the sum of its supporters' values, over one denominator (first)."""
        unit, ladder = self.scaled()
        sums = [0] * len(self._electorate.ideas)
        for value, table in ladder:
            if value:
                for idea, count in table.items():
                    sums[idea] += count * value
        return unit, sums

    def revalue(self, change: Callable[[Fraction], Fraction]) -> None:
        """Give every level a new value; nobody changes place."""
        self.values = [change(value) for value in self.values]
        self._known = {value: level for level, value in enumerate(self.values)}

    def move(self, idea: int, change: Callable[[Fraction], Fraction]) -> None:
        """Every supporter of the idea goes from the own level to the one of the changed value."""
        here = [level for level, table in enumerate(self.tables) if idea in table]
        target = {level: self._level(change(self.values[level])) for level in here}
        groups: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        weights = self._electorate.weights
        for row in self._electorate.supporters[idea]:
            groups[self._of[row], weights[row]].append(row)
        for (level, weight), members in groups.items():
            if weight and target[level] != level:
                self._shift(members, weight, level, target[level])

    def _level(self, value: Fraction) -> int:
        level = self._known.setdefault(value, len(self.values))
        if level == len(self.values):
            self.values.append(value)
            self.tables.append({})
        return level

    def _shift(self, members: list[int], weight: int, old: int, new: int) -> None:
        rows = self._electorate.rows
        source, target = self.tables[old], self.tables[new]
        seen = Counter(chain.from_iterable(map(rows.__getitem__, members)))
        for idea, count in seen.items():
            moved = count * weight
            target[idea] = target.get(idea, 0) + moved
            if source[idea] == moved:
                del source[idea]
            else:
                source[idea] -= moved
        for member in members:
            self._of[member] = new


class Run:
    """One election in progress: what is still open, and the rounds so far.

    `rivals`: for an idea those that cannot stand beside it; its election takes them out of the
    running. `watch`, when given, is called before each contested round as
    `watch(round, chosen, need, barred)`: `need(idea)` is the number of ballots for only that idea
    with which it would draw level; the `barred` can no longer be elected.
    """

    def __init__(
        self,
        electorate: Electorate,
        k: int,
        watch: Watch | None = None,
        rivals: Mapping[int, frozenset[int]] | None = None,
    ) -> None:
        self.electorate = electorate
        self.k = k
        self.phase = Phase.RULE
        self.rounds: list[Round] = []
        self.chosen: list[int] = []
        self.candidates = [idea for idea in electorate.eligible if electorate.approvals[idea]]
        self._served = [0] * len(electorate.rows)
        self._watch = watch
        self._rivals = rivals or {}
        self.barred: set[int] = set()

    @property
    def is_open(self) -> bool:
        """True while a seat and a candidate are left."""
        return len(self.chosen) < self.k and bool(self.candidates)

    def elect(
        self,
        leaders: Sequence[tuple[int, Fraction, Fraction]],
        tied: Sequence[int],
        need: Callable[[int], Fraction] | None = None,
    ) -> int:
        """Give a seat to the first of the leaders (idea, score, effective votes)."""
        idea, score, effective = leaders[0]
        if self._watch and need and self.phase is not Phase.FORCED:
            self._watch(len(self.rounds) + 1, idea, need, self.barred)
        name = self.electorate.ideas
        self.rounds.append(
            Round(
                number=len(self.rounds) + 1,
                phase=self.phase,
                idea=name[idea],
                score=score,
                effective_votes=effective,
                leaders=tuple(Leader(name[i], s, e) for i, s, e in leaders),
                tied=tuple(name[i] for i in tied) if len(tied) > 1 else (),
                levels=self._serve(idea),
            )
        )
        self.chosen.append(idea)
        if idea in self.candidates:
            self.candidates.remove(idea)
        if idea in self._rivals:
            self.barred |= self._rivals[idea]
            self.candidates = [one for one in self.candidates if one not in self.barred]
        return idea

    def list_ties(self) -> tuple[Tie, ...]:
        """The rounds that the tie order decided."""
        winners = {entry.idea for entry in self.rounds}
        return tuple(
            Tie(entry.number, entry.idea, entry.tied, decisive=not winners.issuperset(entry.tied))
            for entry in self.rounds
            if entry.tied
        )

    def _serve(self, idea: int) -> tuple[int, ...]:
        """Count one more idea for each supporter; how many of them had 0, 1, 2 ... before."""
        before: defaultdict[int, int] = defaultdict(int)
        served, weights = self._served, self.electorate.weights
        for row in self.electorate.supporters[idea]:
            before[served[row]] += weights[row]
            served[row] += 1
        return tuple(before[level] for level in range(max(before, default=-1) + 1))


def count_served(electorate: Electorate, winners: Collection[int]) -> list[int]:
    """For each row the number of its ideas among the winners."""
    served = [0] * len(electorate.rows)
    for idea in winners:
        for row in electorate.supporters[idea]:
            served[row] += 1
    return served
