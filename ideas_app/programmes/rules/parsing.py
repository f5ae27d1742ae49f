"""A table becomes a roster: titles, rows that are none, cells left out under a merged one, the same
row twice.

Pure; the file itself is read by `adapters.spreadsheets`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ideas_app.adapters.spreadsheets import Row, cell_text
from ideas_app.core.text import key
from ideas_app.programmes.rules.columns import WITHIN, guess_mapping, is_header_again
from ideas_app.programmes.rules.days import has_compact_births
from ideas_app.programmes.rules.issues import Issue, Unreadable
from ideas_app.programmes.rules.marks import is_blank, read_mark
from ideas_app.programmes.rules.privacy import find_resident_numbers, mask_value
from ideas_app.programmes.rules.reading import RowReader
from ideas_app.programmes.rules.roster import ParsedRoster, Place, SheetRead
from ideas_app.programmes.rules.sessions import read_session_mark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ideas_app.adapters.spreadsheets import Cell, Table, Workbook
    from ideas_app.programmes.rules.columns import ColumnMapping
    from ideas_app.programmes.rules.roster import Identity, RosterRow
    from ideas_app.programmes.rules.sessions import SessionColumn

_TOTAL = re.compile(
    r"(합계|소계|총계|총합계|누계|총합|합|계|평균|총인원|total|subtotal|grandtotal|sum)|총?(합계|소계)?:?\d+명"
    r"|(총|합계|소계)\d+(명|건)?",
)
_SURE_TOTAL = frozenset(
    {"합계", "소계", "총계", "총합계", "누계", "total", "subtotal", "grandtotal"}
)
_COHORT_SHEET = re.compile(r"제?\s*\d{1,3}\s*(기|차|차수|회|회차|반)")
ALL_SHEETS = "*"
"""The choice of every sheet together: no sheet can have this name."""
_FILLED = ("programme", "cohort")
"""Columns that officials merge over many rows: once saved as CSV only the first of them has the
value.
"""


def parse_workbook(
    workbook: Workbook,
    *,
    reference_on: date,
    sheet: str | None = None,
    mapping: ColumnMapping | None = None,
    remembered: Mapping[str, str] | None = None,
    year: int | None = None,
) -> ParsedRoster:
    """The roster of one sheet or, with `ALL_SHEETS`, of every shown one that has a row of titles.

    Without a choice all are read together where each is named after a cohort (`1기`, `2기`); else the
    first shown one that has a row of titles, and the others are named in a notice. Every sheet is
    searched for resident registration numbers. `year` is the programme's, for days of meetings without one.
    Raises `SpreadsheetError` (no_sheet, empty_file).
    """
    year = year or reference_on.year
    if found := find_resident_numbers(workbook.sheets):
        return ParsedRoster(sheet or "", None, errors=tuple(found))
    titled = [
        (table, found_in)
        for table in workbook.sheets
        if not table.is_hidden and (found_in := guess_mapping(table, remembered=remembered))
    ]
    # a sheet that explains the columns names them too, but tells nobody apart
    complete = [table for table, one in titled if {"birth_on", "phone"} & set(one.columns)]
    with_titles = complete or [table for table, _mapping in titled]
    if len(with_titles) > 1 and (
        sheet == ALL_SHEETS or (sheet is None and all(map(_is_cohort, with_titles)))
    ):
        rosters = [
            parse_roster(table, reference_on=reference_on, remembered=remembered, year=year)
            for table in with_titles
        ]
        return _together(rosters)
    if sheet == ALL_SHEETS:
        sheet = None
    table = with_titles[0] if sheet is None and with_titles else workbook.table(sheet)
    roster = parse_roster(
        table, mapping, reference_on=reference_on, remembered=remembered, year=year
    )
    others = [each.name for each in with_titles if each.name != table.name]
    if not others:
        return roster
    notice = Issue("other_sheets", values={"sheet": table.name, "sheets": ", ".join(others)[:200]})
    return _with_notices(roster, [notice])


def _is_cohort(table: Table) -> bool:
    return bool(_COHORT_SHEET.fullmatch(table.name.strip()))


def _together(rosters: list[ParsedRoster]) -> ParsedRoster:
    """Several sheets as one roster: every row knows its sheet, and a person who stands on two sheets in
    one cohort is found as on one.
    """
    rows: list[RosterRow] = []
    issues: dict[str, list[Issue]] = {"errors": [], "skipped": [], "notices": []}
    sessions: list[SessionColumn] = []
    for position, roster in enumerate(rosters):
        first = len(sessions)
        sessions += [replace(each, sheet=roster.sheet) for each in roster.sessions]
        rows += [
            replace(
                row,
                number=Place(position, roster.sheet, row.number),
                marks=tuple((first + index, is_here) for index, is_here in row.marks),
            )
            for row in roster.rows
        ]
        for name, found in issues.items():
            found += [_placed(each, position, roster.sheet) for each in getattr(roster, name)]
    merged, twice, clashes = _merge_equal(rows)
    errors = sorted([*issues["errors"], *clashes], key=lambda issue: issue.row or 0)
    programmes = dict.fromkeys(name for roster in rosters for name in roster.programmes)
    return ParsedRoster(
        ALL_SHEETS,
        rosters[0].mapping,
        tuple(merged),
        tuple(errors),
        tuple(issues["skipped"]),
        (*issues["notices"], *twice),
        tuple(programmes),
        tuple(
            SheetRead(
                roster.sheet,
                roster.mapping.header_row if roster.mapping else 0,
                tuple(roster.mapping.columns) if roster.mapping else (),
                len(roster.rows),
            )
            for roster in rosters
        ),
        tuple(sessions),
    )


def _placed(issue: Issue, position: int, sheet: str) -> Issue:
    values = dict(issue.values)
    if isinstance(first := values.get("first"), int):
        values["first"] = Place(position, sheet, first)
    row = None if issue.row is None else Place(position, sheet, issue.row)
    return replace(issue, row=row, values=values)


def parse_roster(
    table: Table,
    mapping: ColumnMapping | None = None,
    *,
    reference_on: date,
    remembered: Mapping[str, str] | None = None,
    year: int | None = None,
) -> ParsedRoster:
    """Every row of the table as a participation, an error, or a row that was skipped and why.

    Without a mapping it is guessed. A resident registration number anywhere refuses the whole
    table. Two rows of the same person and cohort are merged if equal (a notice) and are an error if
    not. `reference_on` decides the century of two-digit birth years and which dates are believable.
    """
    if found := find_resident_numbers([table]):
        return ParsedRoster(table.name, None, errors=tuple(found))
    mapping = mapping or guess_mapping(table, remembered=remembered, year=year or reference_on.year)
    if mapping is None or any(place >= table.width for place in mapping.columns.values()):
        return ParsedRoster(
            table.name, None, errors=(Issue("header_not_found", values={"within": WITHIN}),)
        )
    if fault := _missing_column(mapping):
        return ParsedRoster(table.name, mapping, errors=(fault,))
    body, skipped = _people(table, mapping)
    body, filled = _fill_down(body, mapping)
    reader = RowReader(
        mapping,
        reference_on,
        compact_births=has_compact_births(
            _column(body, mapping, "birth_on"), reference_on=reference_on
        ),
        blank_is_absent=_marks_presence(_column(body, mapping, "attended")),
        default_cohort=_cohort_of_sheet(table, mapping),
        marks_presence=_has_somebody(body, mapping.sessions),
    )
    read = [reader.read(row) for row in body]
    rows, notices, clashes = _merge_equal(
        [each for each in read if each and not isinstance(each, Issue)]
    )
    skipped += [each for each in read if isinstance(each, Issue)]
    errors = sorted([*reader.errors, *clashes], key=lambda issue: issue.row or 0)
    if not read:
        errors.append(Issue("no_rows"))
    programmes = tuple(dict.fromkeys(row.programme for row in rows if row.programme))
    return ParsedRoster(
        table.name,
        mapping,
        tuple(rows),
        tuple(errors),
        tuple(sorted(skipped, key=lambda issue: issue.row or 0)),
        (*_file_notices(filled, programmes, mapping), *notices),
        programmes,
        sessions=mapping.sessions,
    )


def _with_notices(roster: ParsedRoster, notices: list[Issue]) -> ParsedRoster:
    return replace(roster, notices=(*notices, *roster.notices))


def _missing_column(mapping: ColumnMapping) -> Issue | None:
    if "name" not in mapping.columns:
        return Issue("column_missing_name", mapping.header_row)
    if not {"birth_on", "phone"} & set(mapping.columns):
        return Issue("column_missing_person", mapping.header_row)
    return None


def _column(rows: list[Row], mapping: ColumnMapping, field: str) -> list[Cell]:
    place = mapping.columns.get(field)
    return [] if place is None else [row.cells[place] for row in rows if place < len(row.cells)]


def _people(table: Table, mapping: ColumnMapping) -> tuple[list[Row], list[Issue]]:
    """The rows below the titles that speak of somebody, and the others with the reason."""
    people: list[Row] = []
    skipped: list[Issue] = []
    for row in table.rows:
        if row.number <= mapping.header_row or row.number == mapping.second_row:
            continue
        texts = [cell_text(cell) for cell in row.cells]
        code = _why_nobody(texts, mapping)
        if code is None:
            people.append(row)
        else:
            first = next((text for text in texts if text), "")
            skipped.append(Issue(code, row.number, value=mask_value("", first)))
    return people, skipped


def _why_nobody(texts: list[str], mapping: ColumnMapping) -> str | None:
    """Why a row speaks of nobody: a total, the titles once more, or no word about a person; else
    None.
    """

    def at(field: str) -> str:
        place = mapping.columns.get(field)
        text = texts[place] if place is not None else ""
        return "" if is_blank(text) else text

    name = key(at("name"))
    has_contact = any(at(field) for field in ("birth_on", "phone", "email"))
    left = {key(each) for each in texts[: mapping.columns["name"]]}
    is_total = bool(_TOTAL.fullmatch(name) or left & _SURE_TOTAL) or (
        not name and any(_TOTAL.fullmatch(key(each)) for each in texts)
    )
    if name in _SURE_TOTAL or (is_total and not has_contact):
        return "total"
    if is_header_again(mapping, texts):
        return "titles_again"
    return None if name or has_contact else "nobody"


def _fill_down(rows: list[Row], mapping: ColumnMapping) -> tuple[list[Row], dict[str, int]]:
    """The rows with the programme and cohort of the row above where they are blank, and how many
    were filled.
    """
    places = {field: mapping.columns[field] for field in _FILLED if field in mapping.columns}
    above: dict[str, Cell] = {}
    counts = dict.fromkeys(places, 0)
    filled: list[Row] = []
    for row in rows:
        cells = list(row.cells)
        for field, place in places.items():
            if cells[place] is not None:
                above[field] = cells[place]
            elif field in above:
                cells[place] = above[field]
                counts[field] += 1
        filled.append(Row(row.number, tuple(cells)))
    return filled, counts


def _marks_presence(cells: list[Cell]) -> bool:
    """Whether a column marks those who came: then a blank in it says that somebody did not."""
    for cell in cells:
        try:
            if read_mark(cell, counts=True):
                return True
        except Unreadable:
            continue
    return False


def _has_somebody(rows: list[Row], sessions: Sequence[SessionColumn]) -> bool:
    """Whether some column of a meeting names somebody who was there."""
    for row in rows:
        for session in sessions:
            try:
                if read_session_mark(row.cells[session.place]):
                    return True
            except Unreadable:
                continue
    return False


def _cohort_of_sheet(table: Table, mapping: ColumnMapping) -> str:
    """Rosters with one sheet a cohort name it on the tab alone."""
    if "cohort" in mapping.columns or not _is_cohort(table):
        return ""
    return table.name.strip()


def _merge_equal(
    rows: list[RosterRow],
) -> tuple[list[RosterRow], list[Issue], list[Issue]]:
    """The rows without repeated ones; notices of those; errors of those that contradict an
    earlier row.
    """
    first: dict[tuple[Identity, str], RosterRow] = {}
    notices: list[Issue] = []
    clashes: list[Issue] = []
    for row in rows:
        same = first.setdefault((row.identity, key(row.cohort)), row)
        if same is row:
            continue
        code = "row_twice" if same.record == row.record else "row_contradicts"
        issue = Issue(
            code, row.number, value=mask_value("name", row.name), values={"first": same.number}
        )
        (notices if code == "row_twice" else clashes).append(issue)
    return list(first.values()), notices, clashes


def _file_notices(
    filled: dict[str, int], programmes: tuple[str, ...], mapping: ColumnMapping
) -> list[Issue]:
    notices = [
        Issue("filled_down", column=mapping.title(field), field=field, values={"count": count})
        for field, count in filled.items()
        if count
    ]
    if len(programmes) > 1:
        values: dict[str, str | int] = {
            "count": len(programmes),
            "names": ", ".join(programmes)[:200],
        }
        notices.append(
            Issue("several_programmes", column=mapping.title("programme"), values=values)
        )
    return notices
