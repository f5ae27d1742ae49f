"""What an import tells: counts, figures before and after, and every row that was wrong, skipped or worth a look.

Nothing in it names a person: values are masked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ideas_app.core.errors import Fault, Invalid
from ideas_app.programmes.rules.messages import explain, explain_in_place
from ideas_app.programmes.rules.roster import sheet_and_row

if TYPE_CHECKING:
    from datetime import date, datetime

    from flask_babel import LazyString

    from ideas_app.programmes.rules.issues import Issue
    from ideas_app.programmes.rules.matching import Match
    from ideas_app.programmes.rules.roster import SheetRead

MOST_FAULTS = 200
"""Errors that a refusal carries; the report has them all."""


@dataclass(frozen=True, slots=True)
class FiguresLine:
    """One figure before and after: records, completed and certified of the programme,
    year_participations and year_persons of its year, presences at its meetings.
    """

    code: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One thing about one row. `kind` is error, skipped or notice; `row` None means the whole file."""

    kind: str
    code: str
    row: int | None
    column: str
    value: str
    message: LazyString


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One of the first rows as it was understood, masked."""

    row: int
    name: str
    birth: str
    phone: str
    cohort: str
    joined_on: date | None
    status: str
    match: Match


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """One side of a comparison: who an unsure row speaks of, or who that may be.

    The birth date is whole, as without it nobody could decide; name and number are masked.
    """

    name: str
    born_on: date | None
    phone: str
    person_id: int | None = None
    row: int | None = None
    key: str = ""
    differs: str = ""
    """name, birth_on or phone: what is not the same."""


@dataclass(frozen=True, slots=True)
class UnsureRow:
    """A row that may be somebody known; `key` names it in decisions."""

    key: str
    row: int
    said: PersonSeen
    candidates: tuple[PersonSeen, ...]


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting that the file speaks of, and how many were noted there before and after."""

    title: str
    """Of its column in the file."""
    number: int
    held_on: date
    minutes: int | None
    before: int
    after: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of an import or of its rehearsal."""

    programme: str
    file_name: str
    file_digest: str
    encoding: str
    sheet: str
    sheets: tuple[str, ...]
    header_row: int | None
    columns: dict[str, str]
    """The title of the column of each field."""
    not_used: tuple[str, ...]
    """Titles of columns that serve no field."""
    read_sheets: tuple[SheetRead, ...] = ()
    """The sheets that were read together; none where it was one alone."""
    rows: int = 0
    """Rows that speak of somebody and were understood."""
    persons_new: int = 0
    persons_same: int = 0
    persons_changed: int = 0
    """Known persons of whom the file says another e-mail address or neighbourhood."""
    rows_unsure: int = 0
    rows_left_out: int = 0
    records_new: int = 0
    records_changed: int = 0
    records_same: int = 0
    presences_new: int = 0
    presences_gone: int = 0
    meetings: tuple[MeetingLine, ...] = ()
    moves_meetings: bool = False
    """Whether a meeting is made, or learns how long it was."""
    errors: tuple[Issue, ...] = ()
    skipped: tuple[Issue, ...] = ()
    notices: tuple[Issue, ...] = ()
    figures: tuple[FiguresLine, ...] = ()
    sample: tuple[SampleRow, ...] = ()
    unsure: tuple[UnsureRow, ...] = ()
    same_file_at: datetime | None = None
    """When the very same file was imported before, if it was."""
    import_id: int | None = None
    """The import that was made; None in a rehearsal, and where the file changes nothing."""
    is_dry_run: bool = field(default=True)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the file is stored already."""
        moved = self.persons_new + self.persons_changed + self.records_new + self.records_changed
        return not (self.errors or moved or self.moves_attendance)

    @property
    def moves_attendance(self) -> bool:
        """Whether a presence or a meeting is stored, changed or taken back."""
        return bool(self.presences_new or self.presences_gone or self.moves_meetings)

    @property
    def lines(self) -> list[ReportLine]:
        """Errors, skipped rows and notices with their words, in the order of the file."""
        found = [
            ReportLine(kind, each.code, each.row, each.column, each.value, explain(each))
            for kind, issues in (
                ("error", self.errors),
                ("skipped", self.skipped),
                ("notice", self.notices),
            )
            for each in issues
        ]
        return sorted(found, key=lambda line: line.row or 0)

    def as_plain(self) -> dict[str, Any]:
        """The report as plain JSON values, words in the present language."""
        counted = (
            *("rows", "persons_new", "persons_same", "persons_changed"),
            *("rows_unsure", "rows_left_out"),
            *("records_new", "records_changed", "records_same"),
            *("presences_new", "presences_gone"),
        )
        plain: dict[str, list[dict[str, Any]]] = {"error": [], "skipped": [], "notice": []}
        for line in self.lines:
            plain[line.kind].append(
                {
                    "sheet": sheet_and_row(line.row)[0] or self.sheet,
                    "row": sheet_and_row(line.row)[1],
                    "column": line.column,
                    "code": line.code,
                    "value": line.value,
                    "message": str(line.message),
                }
            )
        return {
            "programme": self.programme,
            "file": self.file_name,
            "digest": self.file_digest,
            "encoding": self.encoding,
            "sheet": self.sheet,
            "header_row": self.header_row,
            "columns": self.columns,
            **{name: getattr(self, name) for name in counted},
            "meetings": [
                {
                    "title": each.title,
                    "number": each.number,
                    "held_on": each.held_on.isoformat(),
                    "minutes": each.minutes,
                    "present": [each.before, each.after],
                    "new": each.is_new,
                }
                for each in self.meetings
            ],
            "figures": {line.code: [line.before, line.after] for line in self.figures},
            "errors": plain["error"],
            "skipped": plain["skipped"],
            "notices": plain["notice"],
            "import_id": self.import_id,
            "dry_run": self.is_dry_run,
        }


class RosterRefused(Invalid):
    """A roster with errors: nothing of it is stored. Carries the whole `report`."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__(
            *(
                Fault("file", issue.code, explain_in_place(issue))
                for issue in report.errors[:MOST_FAULTS]
            )
        )
        self.report = report
