"""The door to tables that people bring: XLSX, CSV and TSV files, bounded before they are parsed.

`read_table` gives every sheet as rows of plain values; `find_header` finds the row of titles by
known names. Must not know what a column means, nor the language of the reader: a `SpreadsheetError`
carries a code and values.
"""

from __future__ import annotations

import unicodedata

from ideas_app.adapters.spreadsheets import delimited, xlsx
from ideas_app.adapters.spreadsheets.headings import Header, find_header, guess_columns, heading_key
from ideas_app.adapters.spreadsheets.limits import MAX_BYTES, SpreadsheetError
from ideas_app.adapters.spreadsheets.tables import Cell, Row, Table, Workbook, cell_text

__all__ = [
    "MAX_BYTES",
    "Cell",
    "Header",
    "Row",
    "SpreadsheetError",
    "Table",
    "Workbook",
    "cell_text",
    "check_kind",
    "find_header",
    "guess_columns",
    "heading_key",
    "read_table",
]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_KINDS = ("xlsx", "xlsm", "csv", "tsv", "txt")


def read_table(name: str, data: bytes, *, sheet: str | None = None) -> Workbook:
    """Every sheet of an XLSX file, or the one sheet of a CSV or TSV file; with `sheet`, that one
    alone.

    `name` is the file's name: its ending must be known, but the content decides how it is read.
    Rows keep the numbers that a spreadsheet program shows; blank rows are left out. Raises
    `SpreadsheetError` (codes in `limits`).
    """
    ending = check_kind(name, data)
    name = unicodedata.normalize("NFC", name)
    if data.startswith(b"PK"):
        return xlsx.read(name, data, sheet=sheet)
    if ending in {"xlsx", "xlsm"}:
        raise SpreadsheetError("not_a_workbook", "the content is not an XLSX workbook")
    workbook = delimited.read(name, data)
    if sheet is not None:
        workbook.table(sheet)
    return workbook


def check_kind(name: str, data: bytes) -> str:
    """What can be said of a file without reading it: the ending of its name.

    Raises `SpreadsheetError` (file_too_large, empty_file, encrypted, old_excel, unknown_kind).
    """
    if len(data) > MAX_BYTES:
        raise SpreadsheetError(
            "file_too_large", "the file is too large", limit=MAX_BYTES // 1_000_000
        )
    if not data.strip(b"\x00\t\r\n "):
        raise SpreadsheetError("empty_file", "the file is empty")
    if data.startswith(_OLE):
        code = "encrypted" if _ENCRYPTED in data else "old_excel"
        raise SpreadsheetError(code, "an old or encrypted Excel file")
    ending = name.rpartition(".")[2].lower()
    if ending not in _KINDS:
        raise SpreadsheetError(
            "unknown_kind", "not a kind of file that can be read", ending=ending[:20]
        )
    return ending
