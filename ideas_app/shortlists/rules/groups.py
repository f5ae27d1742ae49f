"""What two lists give to groups of the same voters, in several tables, without any small group.

The tables describe the same people, so what one hides another may give away: all of them are decided
together. Groups are self-declared or taken from linked records and never stand in the ballot file.
Must not know who the voters are, nor where their groups come from.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

MIN_CELL = 10


@dataclass(frozen=True, slots=True)
class Voter:
    """Approved ideas that could be elected, and the voter's group in each table (None: did not say)."""

    approved: frozenset[str]
    groups: tuple[str | None, ...]


class _Table:
    """One way to divide all voters: the places of the voters of each group, and what is hidden."""

    def __init__(self, cells: dict[str | None, frozenset[int]], min_cell: int) -> None:
        self.cells = cells
        self._least = min_cell
        # smallest first; those who did not say last, because they protect nobody
        self._order = sorted(
            cells, key=lambda group: (group is None, len(cells[group]), group or "")
        )
        self._secret = {group for group in cells if len(cells[group]) < min_cell}
        self.hidden: set[str | None] = set()
        self._hide_enough()

    def keep_secret(self, group: str | None) -> None:
        """Hides a group however large it is: the number of its people must not be had."""
        self._secret.add(group)
        self._hide_enough()

    def _hide_enough(self) -> None:
        self.hidden |= self._secret
        for group in self._order:
            if self._is_safe():
                return
            self.hidden.add(group)

    def _is_safe(self) -> bool:
        """Whether nothing secret is left over when all that is shown is subtracted from all voters.

        How many did not say may be known from another table, so they protect no named group.
        """
        if self._secret <= {None}:
            return not self._secret or len(self.hidden) > 1
        named = self.hidden - {None}
        return len(named) > 1 and sum(len(self.cells[group]) for group in named) >= self._least

    @property
    def shown(self) -> list[str | None]:
        """The groups that are shown, smallest first, voters who did not say last."""
        return [group for group in self._order if group not in self.hidden]

    def list_known(self) -> list[tuple[str | None, frozenset[int]]]:
        """Every set of voters whose size the table tells, with a group to hide so that it does not:
        the shown groups, and all hidden ones together, which are the rest.
        """
        shown = self.shown
        known = [(group, self.cells[group]) for group in shown]
        if self.hidden and shown:
            known.append((shown[0], frozenset().union(*(self.cells[one] for one in self.hidden))))
        return known


def group_tables(
    voters: Iterable[Voter],
    lists: Mapping[str, Collection[str]],
    names: Sequence[str],
    min_cell: int = MIN_CELL,
) -> list[dict[str, Any]]:
    """One table for each of `names`, in plain JSON: `name`, `lines` and whether something is `hidden`.

    A line has its `group`, its `people`, and for each list `[covered, ideas]`: how many of them have
    at least one idea on it, and how many ideas on it they have together. Lines stand in the order of
    their names, voters who did not say last; groups that are not shown are not named either, because
    that they voted at all would be told. Only voters who approve something count.

    Hidden is a group of fewer than `min_cell` people; as many of the next smallest as keep it from
    being had by subtraction from all voters; and a group that lies within a shown one of another
    table and lacks fewer than `min_cell` of its people, for then those few would be the difference.
    """
    counted = [voter for voter in voters if voter.approved]
    tables = [_divide(counted, place, min_cell) for place in range(len(names))]
    while _hide_nested(tables, min_cell):
        pass
    got = {
        name: [len(voter.approved.intersection(winners)) for voter in counted]
        for name, winners in ((name, frozenset(winners)) for name, winners in lists.items())
    }
    return [
        {
            "name": name,
            "hidden": bool(table.hidden),
            "lines": [
                _tell(group, table.cells[group], got)
                for group in sorted(table.shown, key=lambda group: (group is None, group or ""))
            ],
        }
        for name, table in zip(names, tables, strict=True)
    ]


def _divide(voters: Sequence[Voter], place: int, min_cell: int) -> _Table:
    cells: defaultdict[str | None, set[int]] = defaultdict(set)
    for number, voter in enumerate(voters):
        cells[voter.groups[place]].add(number)
    return _Table({group: frozenset(people) for group, people in cells.items()}, min_cell)


def _hide_nested(tables: Sequence[_Table], min_cell: int) -> bool:
    """Hides one group that would give a small one away beside another table, rather in a later table;
    whether there was one.
    """
    for inner, outer in permutations(reversed(tables), 2):
        for group, people in inner.list_known():
            for _around, others in outer.list_known():
                if 0 < len(others) - len(people) < min_cell and people < others:
                    inner.keep_secret(group)
                    return True
    return False


def _tell(
    group: str | None, people: Collection[int], got: Mapping[str, Sequence[int]]
) -> dict[str, Any]:
    line: dict[str, Any] = {"group": group, "people": len(people)}
    for name, counts in got.items():
        theirs = [counts[place] for place in people]
        line[name] = [sum(map(bool, theirs)), sum(theirs)]
    return line


def find_least(tables: Sequence[Mapping[str, Any]], name: str) -> tuple[int, str] | None:
    """Of all shown groups the one that a list gives least to, as (place of the table, group): by the
    share with at least one idea, then by ideas a person, then in order. None where none is shown but
    those who did not say.
    """
    shown = [
        (Fraction(covered, line["people"]), Fraction(ideas, line["people"]), place, line["group"])
        for place, table in enumerate(tables)
        for line in table["lines"]
        if line["group"] is not None
        for covered, ideas in (line[name],)
    ]
    return min(shown)[2:] if shown else None
