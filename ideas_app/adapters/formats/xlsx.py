"""XLSX after the contract: first a sheet that explains the columns, then the data with real dates
and numbers.

Must not know what is exported. Texts are written as strings, never as formulas or links, and one
that looks like a formula is marked as quoted, so that it stays text when somebody edits the cell.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from ideas_app.adapters.formats import printable, show_phone
from ideas_app.adapters.formats.neutral import is_formula_like
from ideas_app.core.clock import SEOUL
from ideas_app.core.later import later

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import xlsxwriter

    from ideas_app.adapters.formats import Column, Kind, Language, Record, Value
else:
    xlsxwriter = later("xlsxwriter")

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_WORDS: dict[Language, dict[str, str]] = {
    "ko": {
        "about": "설명",
        "data": "자료",
        "as_of": "데이터기준일자",
        "column": "열 이름",
        "definition": "뜻",
        "kind": "값의 종류",
        "text": "글자",
        "int": "정수",
        "decimal": "수",
        "date": "날짜",
        "datetime": "일시(한국 시각)",
        "bool": "Y/N",
        "phone": "전화번호",
    },
    "en": {
        "about": "About",
        "data": "Data",
        "as_of": "Data as of",
        "column": "Column",
        "definition": "Meaning",
        "kind": "Kind of value",
        "text": "Text",
        "int": "Whole number",
        "decimal": "Number",
        "date": "Date",
        "datetime": "Date and time (Korea)",
        "bool": "Y/N",
        "phone": "Telephone number",
    },
}
_FORMATS: dict[Kind, dict[str, Any]] = {
    "text": {"text_wrap": True, "num_format": "@"},
    "phone": {"num_format": "@"},
    "bool": {"align": "center"},
    "int": {"num_format": "#,##0"},
    "decimal": {"num_format": "#,##0.##"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "datetime": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
}
_LONGEST = 32_767
"""Characters that a cell of the format can hold."""


def write_xlsx(
    target: Path | str | IO[bytes],
    columns: Sequence[Column],
    rows: Iterable[Record],
    *,
    lang: Language,
    title: str,
    as_of: date,
    notes: Sequence[str] = (),
) -> int:
    """Writes the workbook and returns its number of data rows; the same input gives the same bytes.

    Memory does not grow with the rows. Raises `KeyError` for a row that lacks a column,
    `ValueError` for a naive instant.
    """
    where = target if not hasattr(target, "__fspath__") else str(target)
    # The library keeps rows in temporary files: they hold names, so they must go even when a row fails.
    with TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(where, {**_OPTIONS, "tmpdir": folder})
        book.set_properties({"title": printable(title), "created": datetime.combine(as_of, time())})
        try:
            pens = _Pens(book)
            _write_about(book, pens, columns, lang, title=title, as_of=as_of, notes=notes)
            count = _write_data(book, pens, columns, rows, lang)
        except BaseException:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
            raise
        book.close()
    return count


class _Pens:
    """The formats of a workbook: by kind of value, and the quoted one of doubtful text."""

    def __init__(self, book: Any) -> None:
        top = {"valign": "top"}
        self.by_kind = {kind: book.add_format({**top, **how}) for kind, how in _FORMATS.items()}
        self.quoted = book.add_format({**top, **_FORMATS["text"], "quote_prefix": True})
        self.header = book.add_format(
            {"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "text_wrap": True, **top}
        )
        self.title = book.add_format({"bold": True, "font_size": 14})


def _write_about(
    book: Any,
    pens: _Pens,
    columns: Sequence[Column],
    lang: Language,
    *,
    title: str,
    as_of: date,
    notes: Sequence[str],
) -> None:
    words = _WORDS[lang]
    sheet = book.add_worksheet(words["about"])
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 72)
    sheet.set_column(2, 2, 22)
    _write_text(sheet, 0, 0, title, pens, pens.title)
    _write_text(sheet, 1, 0, words["as_of"], pens, pens.header)
    sheet.write_datetime(1, 1, datetime.combine(as_of, time()), pens.by_kind["date"])
    line = 2
    for note in notes:
        _write_text(sheet, line, 0, note, pens, None)
        line += 1
    line += 1
    for place, word in enumerate(("column", "definition", "kind")):
        _write_text(sheet, line, place, words[word], pens, pens.header)
    for column in columns:
        line += 1
        _write_text(sheet, line, 0, column.title(lang), pens)
        _write_text(sheet, line, 1, column.definition(lang), pens)
        _write_text(sheet, line, 2, words[column.kind], pens)


def _write_data(
    book: Any, pens: _Pens, columns: Sequence[Column], rows: Iterable[Record], lang: Language
) -> int:
    sheet = book.add_worksheet(_WORDS[lang]["data"])
    sheet.activate()
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        _write_text(sheet, 0, place, column.title(lang), pens, pens.header)
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            _write_value(sheet, count, place, row[column.key], column, pens)
    if columns:
        sheet.autofilter(0, 0, count, len(columns) - 1)
    return count


def _write_value(
    sheet: Any, line: int, place: int, value: Value, column: Column, pens: _Pens
) -> None:
    pen = pens.by_kind[column.kind]
    if value is None:
        return
    if isinstance(value, bool):
        _write_text(sheet, line, place, "Y" if value else "N", pens, pen)
    elif isinstance(value, datetime):
        if value.tzinfo is None:
            msg = "a naive instant cannot be exported"
            raise ValueError(msg)
        local = value.astimezone(SEOUL).replace(tzinfo=None)
        sheet.write_datetime(line, place, local, pens.by_kind["datetime"])
    elif isinstance(value, date):
        sheet.write_datetime(line, place, datetime.combine(value, time()), pens.by_kind["date"])
    elif isinstance(value, int | float | Decimal) and column.kind not in {"text", "phone"}:
        sheet.write_number(line, place, value, pen)
    else:
        text = str(value)
        _write_text(
            sheet, line, place, show_phone(text) if column.kind == "phone" else text, pens, pen
        )


def _write_text(
    sheet: Any, line: int, place: int, text: str, pens: _Pens, pen: object | None = None
) -> None:
    """A string, whatever it looks like."""
    text = printable(text)[:_LONGEST]
    sheet.write_string(line, place, text, pens.quoted if is_formula_like(text) else pen)
