"""A file becomes a roster in memory. Touches no row: slow work is done before any lock is held."""

from __future__ import annotations

import dataclasses
import hashlib
import unicodedata
from typing import TYPE_CHECKING

from ideas_app.adapters.spreadsheets import (
    SpreadsheetError,
    cell_text,
    check_kind,
    guess_columns,
    read_table,
)
from ideas_app.core import clock
from ideas_app.programmes.rules.columns import FIELDS, NOT_OWN, mapping_by_hand
from ideas_app.programmes.rules.issues import Issue
from ideas_app.programmes.rules.messages import as_invalid
from ideas_app.programmes.rules.names import name_key
from ideas_app.programmes.rules.parsing import ALL_SHEETS, parse_workbook
from ideas_app.programmes.rules.privacy import mask_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ideas_app.adapters.spreadsheets import Row, Workbook
    from ideas_app.programmes.models import Programme
    from ideas_app.programmes.rules.columns import ColumnMapping
    from ideas_app.programmes.rules.roster import ParsedRoster, RosterRow

_STORED = {"name": 40, "cohort": 40, "certificate_name": 80, "email": 320, "neighbourhood": 40}
"""Code points that a column holds. The rules count characters as readers do, of which one may be many."""

HEAD = 15
"""Rows of the sheet that the preview may show: enough to find the row of titles by eye."""


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose in the preview: the row of titles as the spreadsheet numbers it, and the
    column (from 0) of each field.
    """

    header_row: int
    columns: dict[str, int]
    sessions: tuple[int, ...] | None = None
    """The columns of meetings; None where they are still to be found."""


@dataclasses.dataclass(frozen=True, slots=True)
class ReadRoster:
    """A file that was read: its roster, and what the preview shows of it. Lives in memory alone."""

    file_name: str
    digest: str
    encoding: str
    sheets: tuple[str, ...]
    head: tuple[Row, ...]
    """The first rows of the sheet as they stand; none where a resident registration number refused it.
    The rest is let go at once: it may be large.
    """
    width: int
    parsed: ParsedRoster


def read_roster(
    programme: Programme,
    file_name: str,
    data: bytes,
    *,
    sheet: str | None = None,
    mapping: Choice | None = None,
) -> ReadRoster:
    """The roster of one sheet or of several, as `parse_workbook` chooses.

    Columns are guessed, with what the programme's last import taught, unless a `mapping` is given.
    What is wrong with rows stands in `parsed.errors`. Raises `Invalid` for a file that cannot be read.
    """
    try:
        workbook = read_table(file_name, data)
        chosen = _chosen(workbook, sheet, mapping, programme.year)
        parsed = parse_workbook(
            workbook,
            reference_on=clock.today(),
            sheet=sheet,
            mapping=chosen,
            remembered=_remembered(programme),
            year=programme.year,
        )
        shown = parsed.sheets[0].name if parsed.sheets else parsed.sheet
        table = None if parsed.is_refused else workbook.table(shown)
    except SpreadsheetError as error:
        raise as_invalid(error) from error
    return ReadRoster(
        file_name=_short_name(file_name),
        digest=hashlib.sha256(data).hexdigest(),
        encoding=workbook.encoding,
        sheets=workbook.sheet_names,
        head=table.rows[:HEAD] if table else (),
        width=table.width if table else 0,
        parsed=_with_unstorable(parsed),
    )


def check_file(file_name: str, data: bytes) -> None:
    """What can be said of a large file at once, before the worker reads it. Raises `Invalid`."""
    try:
        check_kind(file_name, data)
    except SpreadsheetError as error:
        raise as_invalid(error) from error


def guess_choice(read: ReadRoster, header_row: int) -> Choice:
    """The columns guessed from another row of titles; none where that row is not among the first."""
    row = next((row for row in read.head if row.number == header_row), None)
    titles = [cell_text(cell) for cell in row.cells] if row else []
    return Choice(header_row, guess_columns(titles, FIELDS, not_own=NOT_OWN))


def _chosen(
    workbook: Workbook, sheet: str | None, mapping: Choice | None, year: int
) -> ColumnMapping | None:
    if mapping is None or sheet == ALL_SHEETS:
        return None
    table = workbook.table(sheet)
    return mapping_by_hand(table, mapping.header_row, mapping.columns, mapping.sessions, year=year)


def _remembered(programme: Programme) -> Mapping[str, str] | None:
    titles = (programme.mapping or {}).get("titles")
    return titles if isinstance(titles, dict) and titles else None


def _short_name(file_name: str) -> str:
    """The name without folders, in NFC, its end kept where it is too long."""
    name = unicodedata.normalize("NFC", file_name.replace("\\", "/").rpartition("/")[2])
    return "".join(sign for sign in name if sign.isprintable())[-200:] or "-"


def _with_unstorable(parsed: ParsedRoster) -> ParsedRoster:
    more = [issue for row in parsed.rows if (issue := _unstorable(row, parsed.mapping))]
    if not more:
        return parsed
    errors = sorted([*parsed.errors, *more], key=lambda issue: issue.row or 0)
    return dataclasses.replace(parsed, errors=tuple(errors))


def _unstorable(row: RosterRow, mapping: ColumnMapping | None) -> Issue | None:
    for field, most in _STORED.items():
        value = getattr(row, field) or ""
        longest = max(len(value), len(name_key(value))) if field == "name" else len(value)
        if longest > most:
            code = "name_too_long" if field == "name" else "text_too_long"
            column = mapping.title(field.removesuffix("_name")) if mapping else ""
            shown = mask_value(field, value)
            return Issue(code, row.number, column, field, shown, {"limit": most})
    return None
