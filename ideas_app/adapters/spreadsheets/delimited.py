"""CSV and TSV: the encoding and the delimiter are found out, the limits are kept while reading.

Must not know what a column means. Source of the order of encodings: Excel writes CP949 without a
mark on Korean Windows, UTF-8 with one as "CSV UTF-8", and UTF-16 as "Unicode text".
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter

from ideas_app.adapters.spreadsheets.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS, SpreadsheetError
from ideas_app.adapters.spreadsheets.tables import Cell, Workbook, clean_cell, make_table

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_LINES = 30


def read(name: str, data: bytes) -> Workbook:
    """The one table of a delimited text file.

    Raises `SpreadsheetError` (encoding_unknown, control_character, html_file, too_many_rows,
    too_many_columns, cell_too_long, empty_file).
    """
    text, encoding = _decode(data)
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        raise SpreadsheetError("control_character", "a NUL character", row=row)
    if text.lstrip()[:200].lower().startswith(("<html", "<!doctype", "<table", "<?xml", "<meta")):
        raise SpreadsheetError("html_file", "a web page, not a table")
    declared, text = _take_declared_delimiter(text)
    delimiter = declared or _guess_delimiter(text)
    table = make_table("", _read_rows(text, delimiter))
    if not table.rows:
        raise SpreadsheetError("empty_file", "no row has a value")
    return Workbook(name, encoding, delimiter, (table,), ("",))


def _decode(data: bytes) -> tuple[str, str]:
    """The text and its encoding: by its mark; else strictly UTF-8; else CP949."""
    if data.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8", "cp949"]
    row = 1
    for encoding in encodings:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError as error:
            row = data.count(b"\n", 0, error.start) + 1
    raise SpreadsheetError("encoding_unknown", "neither UTF-8, UTF-16 nor CP949", row=row)


def _take_declared_delimiter(text: str) -> tuple[str | None, str]:
    """Excel's own first line `sep=;` names the delimiter and is not shown as a row."""
    first, _, rest = text.partition("\n")
    first = first.strip().lower()
    if len(first) == 5 and first.startswith("sep="):
        return first[4], rest
    return None, text


def _guess_delimiter(text: str) -> str:
    """The delimiter that splits most of the first lines into the same number of fields; a comma if
    none does.
    """
    lines = [line for line in text[:100_000].splitlines()[:_SAMPLE_LINES] if line.strip()]
    best, best_score = ",", 0
    for delimiter in _DELIMITERS:
        counts = Counter(_count_outside_quotes(line, delimiter) for line in lines)
        del counts[0]
        score = max((number * times for number, times in counts.items()), default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _count_outside_quotes(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split('"')[::2])


def _read_rows(text: str, delimiter: str) -> list[tuple[int, list[Cell]]]:
    rows: list[tuple[int, list[Cell]]] = []
    number = 0
    try:
        for number, fields in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1
        ):
            if not any(fields):
                continue
            if number > MAX_ROWS:
                raise SpreadsheetError("too_many_rows", "too many rows", limit=MAX_ROWS, sheet="")
            while fields and not fields[-1]:
                fields.pop()
            if len(fields) > MAX_COLUMNS:
                raise SpreadsheetError(
                    "too_many_columns", "too many columns", limit=MAX_COLUMNS, sheet=""
                )
            rows.append((number, [clean_cell(field) for field in fields]))
    except csv.Error as error:
        # The reader's own bound of 131,072: most often a quotation mark that is never closed.
        raise SpreadsheetError(
            "cell_too_long", "a cell is too long", limit=MAX_CELL, row=number + 1, sheet=""
        ) from error
    return rows
