"""What a roster says once it is read: rows of participation, and what was wrong, skipped or
worth a look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeAlias

from ideas_app.programmes.rules.names import name_key

if TYPE_CHECKING:
    from datetime import date

    from ideas_app.programmes.models import Attendance
    from ideas_app.programmes.rules.columns import ColumnMapping
    from ideas_app.programmes.rules.issues import Issue
    from ideas_app.programmes.rules.sessions import SessionColumn

SPAN = 10_000_000
"""More rows than any sheet has."""


class Place(int):
    """The number of a row in one of several sheets that are read together: it orders and compares as
    a number does, no two are equal, and it shows itself as `2기 17`.
    """

    sheet: str
    row: int

    def __new__(cls, position: int, sheet: str, row: int) -> Self:
        """Row `row` of `sheet`, which is the `position`-th that is read, from 0."""
        place = super().__new__(cls, (position + 1) * SPAN + row)
        place.sheet, place.row = sheet, row
        return place

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"


def sheet_and_row(number: int | None) -> tuple[str, int | None]:
    """The sheet, where several were read, and the row as the spreadsheet shows it."""
    return (number.sheet, number.row) if isinstance(number, Place) else ("", number)


Identity: TypeAlias = "tuple[str, date | None, str | None]"
"""Name key, birth date, phone: three equal are one person, two are a question."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One participation; `number` is the row in the spreadsheet. A name, and a birth date or a
    phone, are there.
    """

    number: int
    name: str
    birth_on: date | None
    phone: str | None
    email: str | None
    neighbourhood: str | None
    programme: str | None
    cohort: str
    applied_on: date | None
    joined_on: date | None
    status: Attendance
    certificate_name: str | None
    certified_on: date | None
    note: str
    marks: tuple[tuple[int, bool], ...] = ()
    """By the place among the roster's `sessions`: whether they were there. Without the blanks."""
    is_never_there: bool = False
    """No meeting of the file had them there, and nothing else says so: whoever has no record yet gets none."""

    @property
    def identity(self) -> Identity:
        """What tells persons apart."""
        return name_key(self.name), self.birth_on, self.phone

    @property
    def record(self) -> tuple[object, ...]:
        """What would be stored of the participation, beside person and cohort."""
        return self.status, self.joined_on, self.certificate_name, self.certified_on, self.marks


@dataclass(frozen=True, slots=True)
class SheetRead:
    """One of several sheets that were read together."""

    name: str
    header_row: int
    columns: tuple[str, ...]
    """The fields that it speaks of."""
    rows: int


@dataclass(frozen=True, slots=True)
class ParsedRoster:
    """A read roster. Nothing of it may be stored while `errors` is not empty."""

    sheet: str
    mapping: ColumnMapping | None
    rows: tuple[RosterRow, ...] = ()
    errors: tuple[Issue, ...] = ()
    skipped: tuple[Issue, ...] = ()
    notices: tuple[Issue, ...] = ()
    programmes: tuple[str, ...] = ()
    """The different programme names in the file: more than one is a notice."""
    sheets: tuple[SheetRead, ...] = ()
    """The sheets that were read together; none where it was one alone. `mapping` is the first one's."""
    sessions: tuple[SessionColumn, ...] = ()
    """The columns of meetings, of all sheets that were read."""

    @property
    def provided(self) -> frozenset[str]:
        """The fields that the file speaks of; about all others it is silent and changes nothing."""
        if self.sheets:
            # a field that one sheet is silent about is not spoken of by the file
            return frozenset.intersection(*(frozenset(one.columns) for one in self.sheets))
        return frozenset(self.mapping.columns) if self.mapping else frozenset()

    @property
    def is_refused(self) -> bool:
        """Whether the file as a whole may not be read any further, shown or kept."""
        return any(issue.code == "resident_number" for issue in self.errors)
