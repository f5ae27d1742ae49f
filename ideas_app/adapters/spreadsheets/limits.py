"""How large a table may be, and the one error of this door.

Codes: file_too_large (limit MB), empty_file, old_excel, encrypted, unknown_kind (ending),
not_a_workbook, broken_file, unpacks_too_large (limit MB), too_many_parts (limit), doctype,
too_many_rows (limit, sheet), too_many_columns (limit, sheet), too_many_cells (limit, sheet),
cell_too_long (limit, row, sheet), no_sheet (sheet, sheets), encoding_unknown (row),
control_character (row), html_file.
"""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 10_000_000
MAX_UNPACKED: Final = 100_000_000
MAX_RATIO: Final = 100
"""Unpacked to packed; rosters reach 30. Only asked of files that unpack to more than `RATIO_FROM`
bytes.
"""
RATIO_FROM: Final = 5_000_000
MAX_PARTS: Final = 1_000
MAX_ROWS: Final = 60_000
MAX_COLUMNS: Final = 200
MAX_CELLS: Final = 2_000_000
"""Also of the rectangle that a sheet spans: readers of XLSX lay it out as a whole."""
MAX_ELEMENTS: Final = 5_000_000
MAX_DEPTH: Final = 64
MAX_CELL: Final = 10_000
"""Characters of one cell."""


class SpreadsheetError(Exception):
    """A file that cannot be read: `code`, the named `values` of its text, and `message` in English
    for logs.
    """

    def __init__(self, code: str, message: str, **values: str | int) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.values: dict[str, str | int] = values
