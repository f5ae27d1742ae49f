"""Reads one row of a roster after the mapping: every cell that cannot be understood becomes an
issue.

Must not know other rows, except for two facts about whole columns that its maker gives.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from ideas_app.adapters.spreadsheets import cell_text
from ideas_app.core.text import length
from ideas_app.programmes.models import Attendance
from ideas_app.programmes.rules.days import read_birth, read_day
from ideas_app.programmes.rules.issues import Issue, Unreadable
from ideas_app.programmes.rules.marks import is_blank, is_no, read_mark, read_status
from ideas_app.programmes.rules.names import normalise_name
from ideas_app.programmes.rules.phones import read_phone
from ideas_app.programmes.rules.privacy import mask_value
from ideas_app.programmes.rules.roster import RosterRow
from ideas_app.programmes.rules.sessions import read_session_mark

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ideas_app.adapters.spreadsheets import Cell, Row
    from ideas_app.programmes.rules.columns import ColumnMapping

T = TypeVar("T")

_EMAIL = re.compile(r"[^@\s,;<>\"']{1,64}@[^@\s,;<>\"']+\.[^@\s,;<>\"'.]{2,}")
_IN_BRACKETS = re.compile(r"\(\s*([가-힣]{2,}[0-9]?(?:읍|면|동))\b")
_PLACE = re.compile(
    r"(?<![가-힣0-9])([가-힣]{2,}[0-9]?(?:읍|면|동)|[A-Za-z]{2,}-?(?:eup|myeon|dong))\b",
    re.IGNORECASE,
)
_NOTE = 200


@dataclass(slots=True)
class RowReader:
    """Reads rows and gathers `errors`.

    `compact_births`: see `days.has_compact_births`. `blank_is_absent`: whether the attendance
    column marks those who came, so that a blank says no.
    """

    mapping: ColumnMapping
    reference_on: date
    compact_births: bool | None = None
    blank_is_absent: bool = False
    default_cohort: str = ""
    marks_presence: bool = False
    """Whether some column of a meeting names somebody who was there."""
    errors: list[Issue] = field(default_factory=list)
    seen_marks: dict[tuple[tuple[int, bool], ...], tuple[tuple[int, bool], ...]] = field(
        default_factory=dict
    )

    def read(self, row: Row) -> RosterRow | Issue | None:
        """The row; or why it is skipped; or None if it has errors, which then stand in `errors`."""
        before = len(self.errors)
        name = self._take(row, "name", _name)
        birth_on = self._take(row, "birth_on", self._birth)
        phone = self._take(row, "phone", read_phone)
        if len(self.errors) == before and birth_on is None and phone is None:
            self._complain(row, "name", "person_unclear")
        status, certificate, certified_on = self._outcome(row)
        made = {each: self._take(row, each, self._day) for each in ("applied_on", "joined_on")}
        email = self._take(row, "email", _email)
        cohort = self._take(row, "cohort", _line(40)) or self.default_cohort
        marks = self._marks(row)
        if len(self.errors) > before or name is None:
            return None
        if status is None:
            return Issue("absent", row.number, value=mask_value("name", name))
        return RosterRow(
            row.number,
            name,
            birth_on,
            phone,
            email,
            self._take(row, "neighbourhood", read_neighbourhood),
            self._take(row, "programme", _line(200)),
            cohort,
            made["applied_on"],
            made["joined_on"],
            status,
            certificate,
            certified_on,
            cell_text(self.cell(row, "note"))[:_NOTE],
            marks,
            status is Attendance.ATTENDED and self._is_never_there(row, marks),
        )

    def cell(self, row: Row, field_name: str) -> Cell:
        """The cell of a field, None where the field has no column."""
        place = self.mapping.columns.get(field_name)
        return row.cells[place] if place is not None and place < len(row.cells) else None

    def _take(self, row: Row, field_name: str, read: Callable[[Cell], T | None]) -> T | None:
        try:
            return read(self.cell(row, field_name))
        except Unreadable as error:
            self._complain(row, field_name, error.code, error.values)
            return None

    def _complain(
        self, row: Row, field_name: str, code: str, values: dict[str, str | int] | None = None
    ) -> None:
        value = mask_value(field_name, cell_text(self.cell(row, field_name)))
        title = self.mapping.title(field_name)
        self.errors.append(Issue(code, row.number, title, field_name, value, values or {}))

    def _marks(self, row: Row) -> tuple[tuple[int, bool], ...]:
        """Who was at which meeting, by the place of its column among the sessions; blanks say nothing."""
        found: list[tuple[int, bool]] = []
        for index, session in enumerate(self.mapping.sessions):
            cell = row.cells[session.place] if session.place < len(row.cells) else None
            try:
                said = read_session_mark(cell)
            except Unreadable as error:
                value = mask_value("session", cell_text(cell))
                self.errors.append(Issue(error.code, row.number, session.title, "session", value))
                continue
            if said is not None:
                found.append((index, said))
        marks = tuple(found)
        # most rows share their marks: of 50,000 rows each with its own they are 10 MB
        return self.seen_marks.setdefault(marks, marks)

    def _is_never_there(self, row: Row, marks: tuple[tuple[int, bool], ...]) -> bool:
        if not self.mapping.sessions or any(is_here for _index, is_here in marks):
            return False
        if not all(is_blank(self.cell(row, name)) for name in ("attended", "status")):
            return False
        return bool(marks) or self.marks_presence

    def _birth(self, cell: Cell) -> date | None:
        return read_birth(cell, reference_on=self.reference_on, is_compact=self.compact_births)

    def _day(self, cell: Cell) -> date | None:
        return read_day(cell, reference_on=self.reference_on)

    def _outcome(self, row: Row) -> tuple[Attendance | None, str | None, date | None]:
        """How far the person got (None: was not there), with which certificate, of which day."""
        word = self._take(row, "status", read_status)
        attended = self._take(row, "attended", _amount)
        completed = self._take(row, "completed", read_mark)
        flag = self._take(row, "certified", read_mark)
        named, certificate = self._certificate(row)
        certified_on = self._take(row, "certified_on", self._day)
        if "certified" in self.mapping.columns:
            certified = bool(flag) or (flag is None and certified_on is not None)
        else:
            certified = named or certified_on is not None
        if certified or word is Attendance.CERTIFIED:
            return Attendance.CERTIFIED, certificate, certified_on
        if completed or word is Attendance.COMPLETED:
            return Attendance.COMPLETED, None, None
        is_absent = attended is False or (attended is None and self.blank_is_absent)
        if word is False or (is_absent and word is None):
            return None, None, None
        return Attendance.ATTENDED, None, None

    def _certificate(self, row: Row) -> tuple[bool, str | None]:
        """Whether the column of certificates says that there is one, and its name if it says
        that too.
        """
        cell = self.cell(row, "certificate")
        if is_blank(cell) or is_no(cell):
            return False, None
        try:
            return bool(read_mark(cell)), None
        except Unreadable:
            return True, self._take(row, "certificate", _line(80))


def _name(cell: Cell) -> str:
    if is_blank(cell):
        raise Unreadable("name_missing")
    return normalise_name(cell_text(cell))


def _amount(cell: Cell) -> bool | None:
    return read_mark(cell, counts=True)


def _email(cell: Cell) -> str | None:
    if is_blank(cell):
        return None
    email = unicodedata.normalize("NFKC", cell_text(cell))
    if len(email) > 320 or not _EMAIL.fullmatch(email):
        raise Unreadable("email_unreadable")
    name, _, host = email.rpartition("@")
    return f"{name}@{host.lower()}"


def _line(longest: int) -> Callable[[Cell], str | None]:
    """A reader of one line of at most so many characters; a blank or a dash is None."""

    def read(cell: Cell) -> str | None:
        if is_blank(cell):
            return None
        text = cell_text(cell)
        if length(text) > longest:
            raise Unreadable("text_too_long", limit=longest)
        return text

    return read


def read_neighbourhood(cell: Cell) -> str | None:
    """The 읍·면·동 alone, also out of a full address, of which nothing else is taken; None if there
    is none.
    """
    text = cell_text(cell)
    found = _IN_BRACKETS.search(text) or _PLACE.search(text)
    return found[1][:40] if found else None
