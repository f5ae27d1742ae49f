"""What a read file looks like: a workbook of tables of rows of plain cells.

Must not know how a file is parsed.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from ideas_app.adapters.spreadsheets.limits import MAX_CELL, SpreadsheetError
from ideas_app.core.text import normalise

Cell: TypeAlias = "str | int | float | date | None"
"""Texts are NFC and trimmed, blank ones None; a whole number is an int; a `datetime` only where a
time was given.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank; `number` is what a spreadsheet program shows beside it."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: all its rows have `width` cells."""

    name: str
    rows: tuple[Row, ...]
    width: int
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """A read file. `encoding` is utf-8, utf-8-sig, utf-16, cp949, or xlsx; `delimiter` is None for
    XLSX.
    """

    name: str
    encoding: str
    delimiter: str | None
    sheets: tuple[Table, ...]
    sheet_names: tuple[str, ...]
    """The names of all sheets in the file, also of those that were not read."""

    def table(self, sheet: str | None = None) -> Table:
        """The sheet of that name; without a name the first one that is shown and has rows.

        Raises `SpreadsheetError` (no_sheet, empty_file).
        """
        if sheet is not None:
            wanted = unicodedata.normalize("NFC", sheet).strip()
            for table in self.sheets:
                if table.name.strip() == wanted:
                    return table
            raise no_sheet(wanted, self.sheet_names)
        for table in sorted(self.sheets, key=lambda each: each.is_hidden):
            if table.rows:
                return table
        raise SpreadsheetError("empty_file", "no sheet has a row")


def no_sheet(wanted: str, names: tuple[str, ...]) -> SpreadsheetError:
    """The error of a sheet that is not in the file."""
    return SpreadsheetError(
        "no_sheet", "no such sheet", sheet=wanted[:80], sheets=", ".join(names)[:200]
    )


def clean_cell(value: object) -> Cell:
    """A parser's value as a cell: NFC text, whole numbers as int, dates without a time as dates."""
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, date | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() else value
    if isinstance(value, time | timedelta):
        return str(value)
    return None


def _clean_text(value: str) -> str | None:
    # Nearly all cells are plain; asking first makes large files three times faster.
    if value.isprintable() and unicodedata.is_normalized("NFC", value):
        return value.strip() or None
    return normalise(value) or None


def make_table(name: str, rows: list[tuple[int, list[Cell]]], *, is_hidden: bool = False) -> Table:
    """A table of numbered rows: blank rows left out, the others brought to one width, long cells
    refused.
    """
    width = 0
    full: list[tuple[int, list[Cell]]] = []
    for number, cells in rows:
        used = 0
        for place, cell in enumerate(cells, start=1):
            if cell is None:
                continue
            used = place
            if isinstance(cell, str) and len(cell) > MAX_CELL:
                raise SpreadsheetError(
                    "cell_too_long", "a cell is too long", limit=MAX_CELL, row=number, sheet=name
                )
        if used:
            width = max(width, used)
            full.append((number, cells))
    padded = tuple(
        Row(number, tuple(cells[:width]) + (None,) * (width - len(cells))) for number, cells in full
    )
    return Table(name, padded, width, is_hidden)


def cell_text(cell: Cell) -> str:
    """A cell as a person would read it on one line: dates in ISO, whole numbers without a point,
    blank as ''.
    """
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return " ".join(str(cell).split())
