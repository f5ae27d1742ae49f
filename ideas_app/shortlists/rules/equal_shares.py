"""The Method of Equal Shares, exact, with its completions.

Source: Peters and Skowron, Proportionality and the Limits of Welfarism, EC 2020; the test of EJR+:
Brill and Peters 2023, arXiv 2302.01989. Must not know ballots beyond the electorate.
"""

from __future__ import annotations

from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from ideas_app.shortlists.rules.electorate import LEADERS, Levels
from ideas_app.shortlists.rules.phragmen import effective_by_load, fill_by_phragmen, joint_load
from ideas_app.shortlists.rules.points import elect_by_approval
from ideas_app.shortlists.rules.results import Completion, Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ideas_app.shortlists.rules.electorate import Run


def elect_by_equal_shares(run: Run, completion: Completion, forced: Sequence[int] = ()) -> None:
    """Each voter has k/N, each idea costs 1; the idea with the least price a supporter wins.

    The price of an idea is the least q with the sum over its supporters of min(purse, q) = 1.
    Forced ideas are paid first; what their supporters cannot pay is waived.
    """
    if not run.electorate.n:
        return
    purse = Fraction(run.k, run.electorate.n)
    purses = Levels(run.electorate, purse)
    run.phase = Phase.FORCED
    for idea in forced:
        _pay_forced(run, purses, idea, purse)
    run.phase = Phase.RULE
    _buy_all(run, purses)
    run.phase = Phase.COMPLETION
    if completion is Completion.APPROVAL:
        elect_by_approval(run)
    elif completion is Completion.PHRAGMEN:
        # Money left over counts as load below zero: who has paid less comes first.
        purses.revalue(lambda left: -left)
        fill_by_phragmen(run, purses, purse)


def _buy_all(run: Run, purses: Levels) -> None:
    votes = run.electorate.approvals
    # A price never falls, so an old one is a lower bound: only the top of the heap is priced anew.
    heap = [(Fraction(1, votes[idea]), idea) for idea in run.candidates]
    heapify(heap)
    while run.is_open:
        till = _Till(purses, votes)
        best = _find_cheapest(heap, till.find_price)
        if not best:
            return
        price, idea = best[0]
        run.elect(
            [(i, q, 1 / q) for q, i in best[:LEADERS]],
            tied=sorted(i for q, i in best if q == price),
            # so many full purses make up what its supporters lack at that price
            need=lambda i: (1 - till.collect(i, price)) / price,  # noqa: B023 - used at once
        )
        for entry in best[1:]:
            heappush(heap, entry)
        if run.barred:
            heap = [entry for entry in heap if entry[1] not in run.barred]
            heapify(heap)
        purses.move(idea, _paying(price))


class _Till:
    """Prices while nobody pays: the purses from the poorest up, as integers over `unit`."""

    def __init__(self, purses: Levels, votes: Sequence[int]) -> None:
        self._votes = votes
        self._unit, ladder = purses.scaled()
        self._ladder = sorted(ladder, key=lambda level: level[0])

    def find_price(self, idea: int) -> Fraction | None:
        """The least q that all supporters together can pay, None if even all they have is short."""
        rich, missing = self._votes[idea], self._unit
        for value, table in self._ladder:
            here = table.get(idea)
            if here is None:
                continue
            if missing <= value * rich:
                return Fraction(missing, self._unit * rich)
            missing -= here * value
            rich -= here
        return None

    def collect(self, idea: int, price: Fraction) -> Fraction:
        """What the idea's supporters together pay if each pays the price or all they have."""
        return sum(
            (
                table[idea] * min(Fraction(value, self._unit), price)
                for value, table in self._ladder
                if idea in table
            ),
            Fraction(0),
        )


def _find_cheapest(
    heap: list[tuple[Fraction, int]], find_price: Callable[[int], Fraction | None]
) -> list[tuple[Fraction, int]]:
    """The best (price, idea), at least `LEADERS` and all that tie with the first, off the heap.

    Ideas that can no longer be paid are dropped for good: purses only shrink.
    """
    best: list[tuple[Fraction, int]] = []
    exact: set[int] = set()
    while heap and (len(best) < LEADERS or heap[0][0] <= best[0][0]):
        bound, idea = heappop(heap)
        price = bound if idea in exact else find_price(idea)
        if price is None:
            continue
        if heap and (price, idea) > heap[0]:
            exact.add(idea)
            heappush(heap, (price, idea))
        else:
            best.append((price, idea))
    return best


def _pay_forced(run: Run, purses: Levels, idea: int, purse: Fraction) -> None:
    votes = run.electorate.approvals
    price = _Till(purses, votes).find_price(idea)
    if price is None:
        purses.revalue(lambda left: -left)
        load = joint_load(purses, idea, votes[idea])
        purses.revalue(lambda load: -load)
        run.elect([(idea, load, effective_by_load(load, purse if votes[idea] else load))], tied=())
        purses.move(idea, lambda _: Fraction(0))
    else:
        run.elect([(idea, price, 1 / price)], tied=())
        purses.move(idea, _paying(price))


def _paying(price: Fraction) -> Callable[[Fraction], Fraction]:
    return lambda left: max(left - price, Fraction(0))
