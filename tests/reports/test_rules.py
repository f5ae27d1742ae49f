"""What may be printed: no small figure about people, and none that follows from the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.reports.rules import (
    DEFINITIONS,
    NAMES,
    SMALLEST_CELL,
    Moved,
    Outcomes,
    Statistics,
    age_group,
    hide_cells,
    hide_shares,
    list_moved,
    may_tell,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 400))


def listed(counts: Mapping[str, int]) -> frozenset[Hashable]:
    """What stays hidden of a list with its sum."""
    cells: dict[Hashable, int] = {**counts, "sum": sum(counts.values())}
    return hide_cells(cells, [("sum", list(counts))])


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 10, "b": 20}, set()),
        ({"a": 10, "b": 20, "c": 0}, set()),
        ({"a": 3, "b": 20, "c": 7}, {"a", "c"}),
        ({"a": 3, "b": 2, "c": 7}, {"a", "b"}),
        ({"a": 1, "b": 1, "c": 7, "d": 30}, {"a", "b", "c"}),
        ({"a": 3}, {"a", "sum"}),
        ({"a": 3, "b": 0}, {"a", "sum"}),
        ({"a": 2, "b": 2}, {"a", "b", "sum"}),
    ],
)
def test_a_lone_small_count_takes_the_next_one_with_it(
    counts: dict[str, int], hidden: set[str]
) -> None:
    assert listed(counts) == hidden


def computable(
    cells: Sequence[Hashable], sums: Sequence[tuple[Hashable, Sequence[Hashable]]], hidden: set
) -> list[Hashable]:
    """The hidden cells that linear algebra finds, by another way than the rule's own: by ranks."""
    unknown = [cell for cell in cells if cell in hidden]
    if not unknown:
        return []
    matrix = np.zeros((len(sums), len(unknown)))
    for row, (total, parts) in enumerate(sums):
        for column, cell in enumerate(unknown):
            matrix[row, column] = list(parts).count(cell) - (cell == total)
    rank = np.linalg.matrix_rank(matrix)
    found = []
    for column, cell in enumerate(unknown):
        alone = np.zeros((1, len(unknown)))
        alone[0, column] = 1
        if np.linalg.matrix_rank(np.vstack([matrix, alone])) == rank:
            found.append(cell)
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(COUNTS, min_size=3, max_size=3), min_size=1, max_size=4))
def test_no_hidden_cell_of_linked_tables_follows_from_what_is_printed(
    rows: list[list[int]],
) -> None:
    found = Statistics(2025)
    names = [f"r{number}" for number in range(len(rows))]
    cells = {
        (name, column): count
        for name, line in zip(names, rows, strict=True)
        for column, count in zip("abc", line, strict=True)
    }
    found.add_cross("cross", cells, tuple(names), ("a", "b", "c"), "all")
    # a second table of the same people, as on the page, and a page that prints one row's parts again
    found.add_list("other", {"x": sum(rows[0]), "y": sum(map(sum, rows[1:]))}, "all")
    found.link(("other", "x"), [("cross", "r0", "")])
    hidden = found.hidden()
    assert all(
        cell in hidden or count == 0 or count >= SMALLEST_CELL
        for cell, count in found.counts.items()
    )
    assert computable(list(found.counts), found.sums, set(hidden)) == []
    for total, parts in found.sums:
        inside = [found.counts[part] for part in parts if part in hidden]
        assert total in hidden or not inside or sum(inside) >= SMALLEST_CELL


@settings(max_examples=40)
@given(st.lists(st.integers(SMALLEST_CELL, 400), min_size=1, max_size=8))
def test_where_nothing_is_small_nothing_is_hidden(counts: list[int]) -> None:
    assert listed({f"c{number}": count for number, count in enumerate(counts)}) == frozenset()


@pytest.mark.parametrize(
    ("born", "group"),
    [
        (2007, "under_19"), (2006, "19_24"), (2000, "25_29"), (1991, "30_34"), (1986, "35_39"),
        (1985, "40_over"), (None, "unknown"),
    ],
)  # fmt: skip
def test_age_is_the_one_reached_within_the_year(born: int | None, group: str) -> None:
    assert age_group(2025, born) == group


def test_what_moved_between_two_counts_says_by_how_much() -> None:
    was = {"programmes": 14, "participations": 3430, "persons": 2400}
    now = {"programmes": 14, "participations": 3433, "persons": 2400, "visits": 9}
    assert list_moved(was, now) == [Moved("participations", 3430, 3433)]
    assert list_moved(was, now)[0].by == 3


@pytest.mark.parametrize(
    ("moved", "told"),
    [
        (Moved("participations", 3430, 3433), False),
        (Moved("participations", 3430, 3425), True),
        (Moved("programmes", 13, 14), True),
        (Moved("persons", 10, 20), False),
    ],
)
def test_the_public_reads_no_move_of_few_people_nor_of_a_hidden_figure(
    moved: Moved, told: bool
) -> None:
    empty = dict.fromkeys(DEFINITIONS, 0)
    assert may_tell(moved, Outcomes(2025, **empty, hidden=frozenset({"persons"}))) is told  # type: ignore[arg-type]


def test_every_figure_has_a_name_and_a_definition() -> None:
    assert list(NAMES) == list(DEFINITIONS)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=6))
def test_a_printed_share_tells_of_no_handful_and_of_no_whole_group(
    shares: list[tuple[int, int]],
) -> None:
    cells = dict(enumerate(shares))
    hidden = hide_shares(cells, "all")
    for place, (part, rest) in cells.items():
        if place not in hidden:
            assert part == 0 or (part >= SMALLEST_CELL and rest >= SMALLEST_CELL)
    if "all" not in hidden:
        inside = [part for place, (part, _rest) in cells.items() if place in hidden]
        assert len(inside) != 1
        assert not inside or sum(inside) >= SMALLEST_CELL
