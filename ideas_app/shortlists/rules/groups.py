"""What a list gives to groups of voters, without showing any small group.

Groups are self-declared and never stand in the ballot file: this takes them from the server and
lets only totals out. Must not know who the voters are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group that is shown has all figures, one that is not has none of them.

    `part`: its share of all voters; `coverage`: its voters with at least one idea on the list, as a
    share; `mean`: ideas on the list for each of its voters. `group` is None for voters who did not
    say.
    """

    group: str | None
    people: int | None
    part: Fraction | None
    coverage: Fraction | None
    mean: Fraction | None


@dataclass(frozen=True, slots=True)
class GroupReport:
    """Lines in the order of the names (None last), with the total that may stand beside them."""

    lines: tuple[GroupLine, ...]
    people: int
    covered: int

    @property
    def least(self) -> GroupLine | None:
        """The shown group with the least coverage, None if no group is shown."""
        shown = [line for line in self.lines if line.coverage is not None]
        return min(shown, key=lambda line: line.coverage or Fraction(0), default=None)


def group_report(
    rows_with_group: Iterable[tuple[str | None, Collection[str]]],
    winners: Collection[str],
    min_cell: int = 10,
) -> GroupReport:
    """Coverage by group; each voter belongs to exactly one group (or None, did not say).

    No cell with fewer than `min_cell` people is shown, nor can one be had by subtracting what is
    shown from the total: if need be the next smallest groups are hidden too, so that at least two
    are hidden and together they have `min_cell` people. Voters without approvals are not counted.
    For overlapping groups (programmes) call this once for each, with "took part" and "did not".
    """
    listed = set(winners)
    got: defaultdict[str | None, list[int]] = defaultdict(list)
    for group, approved in rows_with_group:
        if approved:
            got[group].append(len(listed.intersection(approved)))
    people = {group: len(counts) for group, counts in got.items()}
    hidden = _choose_hidden(people, min_cell)
    total = sum(people.values())
    names = sorted(got, key=lambda group: (group is None, group or ""))
    return GroupReport(
        lines=tuple(
            GroupLine(group, None, None, None, None)
            if group in hidden
            else _describe_group(group, got[group], total)
            for group in names
        ),
        people=total,
        covered=sum(sum(map(bool, counts)) for counts in got.values()),
    )


def _describe_group(group: str | None, counts: list[int], total: int) -> GroupLine:
    size = len(counts)
    return GroupLine(
        group=group,
        people=size,
        part=Fraction(size, total),
        coverage=Fraction(sum(map(bool, counts)), size),
        mean=Fraction(sum(counts), size),
    )


def _choose_hidden(people: dict[str | None, int], min_cell: int) -> set[str | None]:
    """The small groups, and as many of the next smallest as keep them from being subtracted."""
    by_size = sorted(people, key=lambda group: (people[group], group is None, group or ""))
    hidden = [group for group in by_size if people[group] < min_cell]
    if not hidden:
        return set()
    for group in by_size[len(hidden) :]:
        if len(hidden) > 1 and sum(people[one] for one in hidden) >= min_cell:
            break
        hidden.append(group)
    return set(hidden)
