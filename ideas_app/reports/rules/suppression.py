"""Which figures about people must not be printed: the small ones, and those that would give them away.

One rule for every page, file and chart. Must not know what is counted.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

SMALLEST_CELL = 5
"""No public figure about people is printed for fewer."""

Cell: TypeAlias = "Hashable"
Sum: TypeAlias = "tuple[Hashable, Sequence[Hashable]]"
"""A cell, and the cells that make it up. A total is a cell like others."""


def hide_cells(cells: Mapping[Cell, int], sums: Iterable[Sum]) -> frozenset[Cell]:
    """The cells that stay hidden: 1 to 4, and as few others as it takes that none of these can be
    worked out.

    Kept for all sums together, so that one table does not give away what another hides: no hidden cell
    follows from the printed ones (linear algebra over all sums), and what a sum hides is together 5 or
    more. The smallest cell that helps goes first; a total goes only when no part is left. A zero is
    printed, unless nothing else helps. Every sum must be true of `cells`.
    """
    known = [(total, tuple(parts)) for total, parts in sums]
    hidden = {cell for cell, count in cells.items() if 0 < count < SMALLEST_CELL}
    totals = {total for total, _parts in known}

    def cost(cell: Cell) -> tuple[bool, bool, int, str]:
        return cells[cell] == 0, cell in totals, cells[cell], repr(cell)

    while True:
        for helpers in _find_weak(cells, known, hidden):
            left = [cell for cell in helpers if cell not in hidden]
            if left:
                hidden.add(min(left, key=cost))
                break
        else:
            return frozenset(hidden)


def hide_shares(shares: Mapping[Cell, tuple[int, int]], total: Cell) -> frozenset[Cell]:
    """The cells that stay hidden where each tells how many of a group, whose size is public, did something.

    `shares`: of each cell how many did, and how many did not; `total` is the sum of those who did. Neither side
    may be 1 to 4, and a whole group that did is hidden too: it would tell of each of its members. A zero is
    printed.
    """
    did = {cell: part for cell, (part, _rest) in shares.items()}
    # where nobody did, the others tell nothing; where all did, it tells of each as of a handful
    others = {cell: (rest or 1) if part else 0 for cell, (part, rest) in shares.items()}
    hidden: frozenset[Cell] = frozenset()
    for counts in (did, others):
        cells = {**counts, total: sum(counts.values())}
        hidden |= hide_cells(cells, [(total, tuple(counts))])
    return hidden


def _find_weak(
    cells: Mapping[Cell, int], sums: list[tuple[Cell, tuple[Cell, ...]]], hidden: set[Cell]
) -> Iterator[list[Cell]]:
    """For each place where something leaks, the cells one of which must be hidden as well."""
    for total, parts in sums:
        inside = [part for part in parts if part in hidden]
        if inside and total not in hidden and sum(cells[part] for part in inside) < SMALLEST_CELL:
            yield [*parts, total]
    for cell in _find_computable(sums, hidden):
        near = {cell}
        while True:
            # its own sums first; then those from which their hidden cells follow
            wider = {
                mate
                for total, parts in sums
                if any(one in near for one in (total, *parts) if one in hidden)
                for mate in (total, *parts)
            }
            yield [*wider]
            if wider <= near:
                break
            near |= wider


def _find_computable(
    sums: list[tuple[Cell, tuple[Cell, ...]]], hidden: set[Cell]
) -> Iterator[Cell]:
    """Hidden cells that the sums determine: a row of the reduced system names one cell alone."""
    places = {cell: place for place, cell in enumerate(sorted(hidden, key=repr))}
    rows = []
    for total, parts in sums:
        row: dict[int, Fraction] = {}
        for cell, sign in (*((part, 1) for part in parts), (total, -1)):
            if cell in places:
                place = places[cell]
                row[place] = row.get(place, Fraction(0)) + sign
        rows.append({place: value for place, value in row.items() if value})
    names = {place: cell for cell, place in places.items()}
    for row in _reduced(rows):
        if len(row) == 1:
            yield names[next(iter(row))]


def _reduced(rows: list[dict[int, Fraction]]) -> list[dict[int, Fraction]]:
    """The reduced row echelon form of sparse rows (Gauss and Jordan)."""
    done: dict[int, dict[int, Fraction]] = {}
    for new in rows:
        row = new
        for pivot in [place for place in row if place in done]:
            row = _without(row, done[pivot], pivot)
        if not row:
            continue
        pivot = min(row)
        head = row[pivot]
        row = {place: value / head for place, value in row.items()}
        for other, known in done.items():
            if pivot in known:
                done[other] = _without(known, row, pivot)
        done[pivot] = row
    return list(done.values())


def _without(
    row: dict[int, Fraction], other: dict[int, Fraction], pivot: int
) -> dict[int, Fraction]:
    """The row minus the multiple of the other that clears the pivot."""
    factor = row.get(pivot, Fraction(0))
    found = dict(row)
    for place, value in other.items():
        found[place] = found.get(place, Fraction(0)) - factor * value
    return {place: value for place, value in found.items() if value}
