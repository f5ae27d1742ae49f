"""CSV after the contract: UTF-8 with mark, CRLF, ISO dates, no formula, last column the date of the
data.

Must not know what is exported. Also CP949 for old programs, with the list of what had to be
replaced. Source of names and codes: the public-data rule (one header row, Y/N, no thousands
separators).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from ideas_app.adapters.formats import AS_OF_TITLES, Column, printable, show_phone
from ideas_app.adapters.formats.neutral import neutralise, to_cp949
from ideas_app.core.clock import SEOUL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ideas_app.adapters.formats import Language, Record, Value

_BATCH = 500
"""Rows a piece: small pieces make slow downloads."""


_QUOTED = frozenset(",;|\t\n\"'")
"""Signs that put a cell between quotation marks; also delimiters of other countries, so that no
cell falls apart.
"""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A character that CP949 cannot hold: in which row (the header is 1) and column, what it was
    and became.
    """

    row: int
    column: str
    was: str
    became: str


def write_csv(
    columns: Sequence[Column], rows: Iterable[Record], *, lang: Language, as_of: date
) -> Iterator[bytes]:
    """The file in pieces of UTF-8, the first with the byte order mark.

    A number in a column of kind int or decimal stays a number, also below zero; an instant is
    written in Korean time without an offset, as spreadsheets read it. Raises `KeyError` for a row
    that lacks a column, `ValueError` for a naive instant.
    """
    yield codecs.BOM_UTF8
    batch: list[str] = []
    for cells in _rows_of_cells(columns, rows, lang, as_of):
        batch.append(_line(cells))
        if len(batch) == _BATCH:
            yield "".join(batch).encode()
            batch.clear()
    yield "".join(batch).encode()


def write_csv_cp949(
    columns: Sequence[Column], rows: Iterable[Record], *, lang: Language, as_of: date
) -> tuple[bytes, list[Replacement]]:
    """The same file in CP949 as a whole, and every character that had to be replaced. Errors as
    `write_csv`.
    """
    titles = [*(column.title(lang) for column in columns), AS_OF_TITLES[lang]]
    replaced: list[Replacement] = []
    lines: list[str] = []
    for number, cells in enumerate(_rows_of_cells(columns, rows, lang, as_of), start=1):
        fitting: list[_Cell] = []
        for title, cell in zip(titles, cells, strict=True):
            text, pairs = to_cp949(cell.text)
            fitting.append(_Cell(text, is_number=cell.is_number))
            replaced.extend(Replacement(number, title, was, became) for was, became in pairs)
        lines.append(_line(fitting))
    return "".join(lines).encode("cp949"), replaced


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    is_number: bool = False


def _rows_of_cells(
    columns: Sequence[Column], rows: Iterable[Record], lang: Language, as_of: date
) -> Iterator[list[_Cell]]:
    yield [
        _Cell(printable(title))
        for title in (*(each.title(lang) for each in columns), AS_OF_TITLES[lang])
    ]
    last = _Cell(as_of.isoformat())
    for row in rows:
        yield [*(_cell(row[column.key], column) for column in columns), last]


def _cell(value: Value, column: Column) -> _Cell:
    if value is None:
        return _Cell("")
    if isinstance(value, bool):
        return _Cell("Y" if value else "N")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            msg = "a naive instant cannot be exported"
            raise ValueError(msg)
        return _Cell(value.astimezone(SEOUL).strftime("%Y-%m-%d %H:%M:%S"))
    if isinstance(value, date):
        return _Cell(value.isoformat())
    if isinstance(value, int | float | Decimal):
        return _Cell(format(Decimal(str(value)), "f"), is_number=column.kind in {"int", "decimal"})
    text = printable(value)
    return _Cell(show_phone(text) if column.kind == "phone" else text)


def _line(cells: Iterable[_Cell]) -> str:
    return ",".join(_quoted(cell) for cell in cells) + "\r\n"


def _quoted(cell: _Cell) -> str:
    if cell.is_number:
        return cell.text
    text = neutralise(cell.text)
    if _QUOTED.isdisjoint(text) and text.strip() == text:
        return text
    return '"' + text.replace('"', '""') + '"'
