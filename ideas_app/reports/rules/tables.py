"""The tables of the public statistics: what stands in them, and what of it may be printed. Pure.

Must not know the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ideas_app.reports.rules.suppression import hide_cells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ideas_app.reports.rules.suppression import Cell, Sum

AGE_GROUPS = ("under_19", "19_24", "25_29", "30_34", "35_39", "40_over", "unknown")
"""By the age that a person reaches in the year; the law's youth is 19 to 34, the city's 18 to 39."""
_FROM = ((19, "under_19"), (25, "19_24"), (30, "25_29"), (35, "30_34"), (40, "35_39"))


def age_group(year: int, born: int | None) -> str:
    """The group of somebody born in a year: the age reached within `year`."""
    if born is None:
        return "unknown"
    return next((name for below, name in _FROM if year - born < below), "40_over")


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table as the public reads it: hidden cells are None; the last row and column are the sums.

    `columns` ends with the empty string, which stands for the sum, as does the last row's key.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: a name, the keys of its rows and columns, and where each cell lies in the whole.

    `cells` maps (row, column) to the key of the cell; the empty string stands for the sum.
    """

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]


@dataclass(frozen=True, slots=True)
class Statistics:
    """All tables about people of a year as one whole, so that none gives away what another hides."""

    year: int
    counts: dict[Cell, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def add_list(self, name: str, counts: Mapping[str, int], total: Cell) -> Table:
        """Adds a list with its sum, which may be a cell that stands already."""
        cells: dict[tuple[str, str], Cell] = {}
        for row, count in counts.items():
            key = (name, row)
            self.counts[key] = count
            cells[row, ""] = key
        self._add_sum(total, [(name, row) for row in counts])
        cells["", ""] = total
        table = Table(name, tuple(counts), (), cells)
        self.tables.append(table)
        return table

    def add_cross(
        self,
        name: str,
        counts: Mapping[tuple[str, str], int],
        rows: tuple[str, ...],
        columns: tuple[str, ...],
        total: Cell,
    ) -> Table:
        """Adds a table with the sums of its rows and columns and of all."""
        cells: dict[tuple[str, str], Cell] = {}
        for row in rows:
            for column in columns:
                key = (name, row, column)
                self.counts[key] = counts.get((row, column), 0)
                cells[row, column] = key
        for row in rows:
            cells[row, ""] = (name, row, "")
            self._add_sum((name, row, ""), [(name, row, column) for column in columns])
        for column in columns:
            cells["", column] = (name, "", column)
            self._add_sum((name, "", column), [(name, row, column) for row in rows])
        cells["", ""] = total
        self._add_sum(total, [(name, row, "") for row in rows])
        self._add_sum(total, [(name, "", column) for column in columns])
        table = Table(name, rows, columns, cells)
        self.tables.append(table)
        return table

    def link(self, total: Cell, parts: list[Cell]) -> None:
        """Says that a cell is the sum of others, which another page may print."""
        self._add_sum(total, parts)

    def _add_sum(self, total: Cell, parts: list[Cell]) -> None:
        """A total that stands already stays as it was counted."""
        self.counts.setdefault(total, sum(self.counts[part] for part in parts))
        self.sums.append((total, parts))

    def hidden(self) -> frozenset[Cell]:
        """The cells that stay hidden."""
        return hide_cells(self.counts, self.sums)

    def print_table(self, table: Table, hidden: frozenset[Cell]) -> PrintedTable:
        """A table as the public reads it."""
        columns = (*table.columns, "")
        rows = tuple(
            (
                row,
                tuple(
                    None if key in hidden else self.counts[key]
                    for key in (table.cells[row, column] for column in columns)
                ),
            )
            for row in (*table.rows, "")
        )
        return PrintedTable(table.name, columns, rows)
