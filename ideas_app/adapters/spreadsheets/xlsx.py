"""XLSX workbooks through python-calamine, after `container` has looked at them.

Must not know what a column means. Cells merged downwards are filled down, as officials read them;
cells merged sideways (titles) are not.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from ideas_app.adapters.spreadsheets.container import open_parts, repack
from ideas_app.adapters.spreadsheets.limits import MAX_CELLS, SpreadsheetError
from ideas_app.adapters.spreadsheets.tables import (
    Cell,
    Table,
    Workbook,
    clean_cell,
    make_table,
    no_sheet,
)
from ideas_app.core.later import later

if TYPE_CHECKING:
    import io

    import python_calamine as calamine
else:
    calamine = later("python_calamine")


_MOST_SEEN = 20_000


def read(name: str, data: bytes, *, sheet: str | None = None) -> Workbook:
    """All sheets of a workbook, or the one of that name; hidden sheets are marked.

    Raises `SpreadsheetError` (those of `container`, broken_file, encrypted, no_sheet, empty_file).
    """
    tables, names = _parse(repack(open_parts(data)), sheet)
    if not any(table.rows for table in tables):
        raise SpreadsheetError("empty_file", "no sheet has a value")
    return Workbook(name, "xlsx", None, tuple(tables), names)


def _parse(archive: io.BytesIO, sheet: str | None) -> tuple[list[Table], tuple[str, ...]]:
    try:
        return _read_sheets(calamine.CalamineWorkbook.from_object(archive), sheet)
    except SpreadsheetError:
        raise
    except calamine.PasswordError as error:
        raise SpreadsheetError("encrypted", "an encrypted workbook") from error
    except Exception as error:
        raise SpreadsheetError("broken_file", "the workbook cannot be read") from error
    except BaseException as error:
        # A panic in the library's Rust code comes as a BaseException of its own.
        if type(error).__name__ != "PanicException":
            raise
        raise SpreadsheetError("broken_file", "the workbook cannot be read") from error


def _read_sheets(
    book: calamine.CalamineWorkbook, sheet: str | None
) -> tuple[list[Table], tuple[str, ...]]:
    hidden = {
        each.name: each.visible != calamine.SheetVisibleEnum.Visible
        for each in book.sheets_metadata
        if each.typ == calamine.SheetTypeEnum.WorkSheet
    }
    names = {raw: unicodedata.normalize("NFC", raw) for raw in hidden}
    wanted = None if sheet is None else unicodedata.normalize("NFC", sheet).strip()
    chosen = [raw for raw in hidden if wanted is None or names[raw].strip() == wanted]
    if wanted is not None and not chosen:
        raise no_sheet(wanted, tuple(names.values()))
    tables = [_read_sheet(book.get_sheet_by_name(raw), is_hidden=hidden[raw]) for raw in chosen]
    return tables, tuple(names.values())


def _read_sheet(sheet: calamine.CalamineSheet, *, is_hidden: bool) -> Table:
    name = unicodedata.normalize("NFC", sheet.name)
    if sheet.start is None:
        return Table(name, (), 0, is_hidden)
    # row by row, and equal cells as one: of 50,000 rows the rest would be 60 MB
    margin: list[Cell] = [None] * sheet.start[1]
    seen: dict[Cell, Cell] = {}
    rows = [
        (number, margin + [_once(clean_cell(value), seen) for value in values])
        for number, values in enumerate(sheet.iter_rows(), start=1)
    ]
    _fill_down(rows, sheet.merged_cell_ranges or [])
    return make_table(name, rows, is_hidden=is_hidden)


def _once(cell: Cell, seen: dict[Cell, Cell]) -> Cell:
    """The same cell, but one object for all that are equal. What differs in each row fills it up early and
    costs no more from then on.
    """
    if cell is None:
        return None
    found = seen.get(cell)
    if found is not None:
        return found
    if len(seen) < _MOST_SEEN:
        seen[cell] = cell
    return cell


def _fill_down(
    rows: list[tuple[int, list[Cell]]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """Repeats the value of a merged range in its first column, down to its last row that exists."""
    budget = MAX_CELLS
    for (top, left), (bottom, _) in ranges:
        if top >= len(rows) or left >= len(rows[top][1]):
            continue
        value = rows[top][1][left]
        below = range(top + 1, min(bottom + 1, len(rows)))
        budget -= len(below) + 1
        if budget < 0:
            raise SpreadsheetError(
                "too_many_cells", "too many merged cells", limit=MAX_CELLS, sheet=""
            )
        for place in below if value is not None else ():
            if rows[place][1][left] is None:
                rows[place][1][left] = value
