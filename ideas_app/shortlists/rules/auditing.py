"""What a list gives to the voters: coverage, mean, histogram, and the guarantees JR and EJR+.

Must not know by which rule the list was made: anybody's list can be audited.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ideas_app.shortlists.rules.ballots import check_known
from ideas_app.shortlists.rules.electorate import Electorate, count_served
from ideas_app.shortlists.rules.errors import TallyError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ideas_app.shortlists.rules.ballots import Ballots


@dataclass(frozen=True, slots=True)
class Violation:
    """`people` >= level * N/k approve `idea`, and each has fewer than `level` ideas on the list."""

    idea: str
    level: int
    people: int


@dataclass(frozen=True, slots=True)
class Audit:
    """Figures over the n ballots that approve an eligible idea.

    `covered`: those with at least one idea on the list; `coverage` its share; `mean`: ideas on the
    list a ballot; `histogram[i]`: ballots with exactly i. `violations`: all of EJR+, ideas in tie
    order. Shares are 0 when n is 0.
    """

    n: int
    covered: int
    coverage: Fraction
    mean: Fraction
    histogram: tuple[int, ...]
    jr: bool
    ejr_plus: bool
    violations: tuple[Violation, ...]


def audit(b: Ballots, winners: Sequence[str], k: int, excluded: Collection[str] = ()) -> Audit:
    """Audit any list of winners for k seats.

    EJR+ is violated iff for some idea c off the list and some l <= k at least l*N/k supporters of c
    have fewer than l approved ideas on the list; JR is l = 1. An idea that cannot stand beside one on
    the list is no such c: no list could have held both. Source: Brill and Peters 2023, arXiv
    2302.01989; Aziz et al., Social Choice and Welfare 2017. Raises `TallyError`: k_out_of_range,
    unknown_idea.
    """
    check_known(b.ideas, (*winners, *excluded))
    if k < 1:
        raise TallyError("k_out_of_range", "There must be at least one seat.")
    electorate = Electorate.of(b, [i for i, idea in enumerate(b.ideas) if idea in excluded])
    listed = [i for i, idea in enumerate(b.ideas) if idea in winners]
    served = count_served(electorate, listed)
    histogram = [0] * (max(served, default=0) + 1)
    for got, weight in zip(served, electorate.weights, strict=True):
        histogram[got] += weight
    n, covered = electorate.n, sum(histogram[1:])
    total = sum(got * people for got, people in enumerate(histogram))
    barred = {
        other for pair in b.incompatible for one, other in (pair, pair[::-1]) if one in winners
    }
    violations = tuple(
        found
        for idea in electorate.eligible
        if idea not in listed and b.ideas[idea] not in barred
        for found in _list_violations(electorate, served, idea, k)
    )
    return Audit(
        n=n,
        covered=covered,
        coverage=Fraction(covered, n or 1),
        mean=Fraction(total, n or 1),
        histogram=tuple(histogram),
        jr=all(found.level > 1 for found in violations),
        ejr_plus=not violations,
        violations=violations,
    )


def _list_violations(
    electorate: Electorate, served: list[int], idea: int, k: int
) -> list[Violation]:
    if electorate.approvals[idea] * k < electorate.n or not electorate.approvals[idea]:
        return []
    by_level = [0] * k
    for row in electorate.supporters[idea]:
        if served[row] < k:
            by_level[served[row]] += electorate.weights[row]
    found, people = [], 0
    for level, here in enumerate(by_level, start=1):
        people += here
        if people * k >= level * electorate.n:
            found.append(Violation(electorate.ideas[idea], level, people))
    return found
