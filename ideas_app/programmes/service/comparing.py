"""The rehearsal of an import: figures before and after, the first rows, and who may be somebody known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.programmes import queries
from ideas_app.programmes.models import Attendance
from ideas_app.programmes.rules.days import mask_birth
from ideas_app.programmes.rules.matching import Change
from ideas_app.programmes.rules.names import mask_name
from ideas_app.programmes.rules.phones import mask_phone
from ideas_app.programmes.service.reporting import (
    FiguresLine,
    MeetingLine,
    PersonSeen,
    SampleRow,
    UnsureRow,
)

if TYPE_CHECKING:
    from datetime import date

    from ideas_app.programmes.models import Programme
    from ideas_app.programmes.rules.attendance import AttendancePlan
    from ideas_app.programmes.rules.matching import (
        Candidate,
        ImportPlan,
        PlannedRow,
        StoredPerson,
    )

SAMPLE = 5
"""Rows shown as they were understood."""
MOST_UNSURE = 100
"""Questions put to a person at once; the others wait for the next look."""

_COMPLETED = frozenset({Attendance.COMPLETED, Attendance.CERTIFIED})


def figures_lines(
    programme: Programme,
    plan: ImportPlan,
    stored: list[StoredPerson],
    attendance: AttendancePlan,
) -> tuple[FiguresLine, ...]:
    """The figures that an import moves, counted from the plan without storing anything."""
    own = queries.figures_of([programme.id])[programme.id]
    ids = [each.id for each in queries.list_programmes(programme.year)]
    year = sum(each.participations for each in queries.figures_of(ids).values())
    in_year = queries.list_persons_in_year(programme.year)
    new_rows = [each for each in plan.rows if each.change is Change.NEW]
    known = {each.person_id for each in new_rows if each.person_id is not None}
    completed, certified = _status_moves(plan, stored)
    return (
        FiguresLine("records", own.records, own.records + len(new_rows)),
        FiguresLine("year_participations", year, year + len(new_rows)),
        FiguresLine(
            "year_persons",
            len(in_year),
            len(in_year) + len(plan.new_persons) + len(known - in_year),
        ),
        FiguresLine("completed", own.completed, own.completed + completed),
        FiguresLine("certified", own.certified, own.certified + certified),
        *_presences(programme, attendance),
    )


def _presences(programme: Programme, attendance: AttendancePlan) -> list[FiguresLine]:
    """Presences at all meetings of the programme, where the file speaks of meetings."""
    if not attendance.meetings:
        return []
    before = sum(here for _meeting, here in queries.list_meetings(programme.id))
    return [FiguresLine("presences", before, before + len(attendance.added) - len(attendance.gone))]


def meeting_lines(attendance: AttendancePlan) -> tuple[MeetingLine, ...]:
    """The meetings that the file speaks of, by day."""
    lines = [
        MeetingLine(
            each.title,
            each.number,
            each.held_on,
            each.minutes,
            before,
            after,
            each.meeting_id is None,
        )
        for each, before, after in zip(
            attendance.meetings, attendance.before, attendance.after, strict=True
        )
    ]
    return tuple(sorted(lines, key=lambda line: (line.held_on, line.number)))


def _status_moves(plan: ImportPlan, stored: list[StoredPerson]) -> tuple[int, int]:
    """By how many the completed (certified ones included) and the certified grow."""
    before = {each.id: each.status for person in stored for each in person.records}
    completed = certified = 0
    for planned in plan.rows:
        was = before.get(planned.record_id) if planned.record_id is not None else None
        if planned.change is Change.NEW:
            now: object = planned.row.status
        elif planned.change is Change.CHANGED:
            now = planned.changes.get("status", was)
        else:
            continue
        completed += (now in _COMPLETED) - (was in _COMPLETED)
        certified += (now is Attendance.CERTIFIED) - (was is Attendance.CERTIFIED)
    return completed, certified


def sample_rows(plan: ImportPlan) -> tuple[SampleRow, ...]:
    """The first rows as they were understood, masked."""
    return tuple(
        SampleRow(
            row=each.row.number,
            name=mask_name(each.row.name),
            birth=mask_birth(each.row.birth_on) if each.row.birth_on else "",
            phone=mask_phone(each.row.phone) if each.row.phone else "",
            cohort=each.row.cohort,
            joined_on=each.row.joined_on,
            status=each.row.status.value,
            match=each.match,
        )
        for each in plan.rows[:SAMPLE]
    )


def unsure_rows(plan: ImportPlan, stored: list[StoredPerson]) -> tuple[UnsureRow, ...]:
    """The rows that may be somebody known, with whom they may be; earlier rows of the file too."""
    persons = {person.id: person for person in stored}
    rows = {each.row.number: each for each in plan.rows}
    found: list[UnsureRow] = []
    for each in plan.unsure:
        seen = [_candidate(candidate, persons, rows) for candidate in each.candidates]
        # Of two rows that may be one person only the later is asked about: the earlier one stands.
        earlier = tuple(one for one in seen if one.row is None or one.row < each.row.number)
        if earlier:
            said = _seen(each.row.name, each.row.birth_on, each.row.phone)
            found.append(UnsureRow(each.key, each.row.number, said, earlier))
        if len(found) == MOST_UNSURE:
            break
    return tuple(found)


def _candidate(
    candidate: Candidate, persons: dict[int, StoredPerson], rows: dict[int, PlannedRow]
) -> PersonSeen:
    if candidate.person_id is not None:
        person = persons[candidate.person_id]
        seen = _seen(person.name, person.birth_on, person.phone)
        key = person.key
    else:
        planned = rows[candidate.row or 0]
        seen = _seen(planned.row.name, planned.row.birth_on, planned.row.phone)
        key = planned.key
    return PersonSeen(
        seen.name,
        seen.born_on,
        seen.phone,
        person_id=candidate.person_id,
        row=candidate.row,
        key=key,
        differs=candidate.differs,
    )


def _seen(name: str, born_on: date | None, phone: str | None) -> PersonSeen:
    return PersonSeen(mask_name(name), born_on, mask_phone(phone) if phone else "")
