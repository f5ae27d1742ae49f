"""Meetings and presences of an import, stored and taken back. Must not know files."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, and_, bindparam, delete, exists, insert, select, update

from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.programmes import queries
from ideas_app.programmes.models import Meeting, Participation, Presence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ideas_app.programmes.rules.attendance import AttendancePlan

_PRESENCES: Table = Presence.__table__  # type: ignore[assignment]  # declared as FromClause
_CHUNK = 5_000


def carry_out_attendance(
    plan: AttendancePlan, programme_id: int, import_id: int
) -> dict[str, list[Any]]:
    """Stores what is planned; what the undo needs: meetings that were made, lengths as [id, before, after],
    presences that were added to records which stood before, and those that were taken back, whole.
    """
    if plan.changes_nothing:
        return {}
    lengths = _set_lengths(plan)
    made, ids = _make_meetings(plan, programme_id)
    records = _records_of(plan, import_id)
    now = clock.now()
    _insert(
        {
            "meeting_id": ids[place],
            "participation_id": row.record_id or records[row.key, row.row.cohort],
            "by_code": False,
            "noted_at": now,
        }
        for place, row in plan.added
    )
    return {
        "meetings": made,
        "lengths": lengths,
        "present": [
            [ids[place], row.record_id] for place, row in plan.added if row.record_id is not None
        ],
        "absent": _take_out([(ids[place], record) for place, record in plan.gone]),
    }


def take_back_attendance(moved: dict[str, Any]) -> None:
    """Puts meetings and presences back as they were before an import, where nobody has changed them since.

    A meeting that it made stays if somebody has been noted there in another way.
    """
    _delete([(each, record) for each, record in moved.get("present") or []])
    for meeting_id, before, after in moved.get("lengths") or []:
        session().execute(
            update(Meeting)
            .where(Meeting.id == meeting_id, Meeting.minutes == after)
            .values(minutes=before)
        )
    wanted = moved.get("absent") or []
    known = _standing([row[0] for row in wanted], [row[1] for row in wanted])
    _insert(
        [
            {
                "meeting_id": meeting_id,
                "participation_id": record,
                "by_code": by_code,
                "noted_at": datetime.fromisoformat(noted_at),
            }
            for meeting_id, record, by_code, noted_at in wanted
            if (meeting_id, record) in known
        ]
    )


def remove_empty_meetings(meeting_ids: Sequence[int]) -> None:
    """Removes those of the meetings at which nobody is noted."""
    somebody = exists().where(_PRESENCES.c.meeting_id == Meeting.id)
    session().execute(
        delete(Meeting)
        .where(Meeting.id.in_(meeting_ids), ~somebody)
        .execution_options(synchronize_session=False)
    )


def _make_meetings(plan: AttendancePlan, programme_id: int) -> tuple[list[int], list[int]]:
    """The ids of the meetings that are new, and of all in the plan's order."""
    made: list[int] = []
    ids: list[int] = []
    for each in plan.meetings:
        meeting_id = each.meeting_id
        if meeting_id is None:
            meeting = Meeting(
                programme_id=programme_id,
                number=each.number,
                title=each.topic,
                held_on=each.held_on,
                minutes=each.minutes,
            )
            session().add(meeting)
            session().flush()
            meeting_id = meeting.id
            made.append(meeting_id)
        ids.append(meeting_id)
    return made, ids


def _set_lengths(plan: AttendancePlan) -> list[Any]:
    moved: list[Any] = []
    for each in plan.meetings:
        if each.meeting_id is not None and each.is_changed:
            session().execute(
                update(Meeting).where(Meeting.id == each.meeting_id).values(minutes=each.minutes)
            )
            moved.append([each.meeting_id, each.was_minutes, each.minutes])
    return moved


def _records_of(plan: AttendancePlan, import_id: int) -> dict[tuple[str, str], int]:
    """The records that the import has just made, by the person's key and the cohort."""
    wanted = {(row.key, row.row.cohort) for _place, row in plan.added if row.record_id is None}
    if not wanted:
        return {}
    persons = {row.person_id: row.key for _place, row in plan.added if row.person_id is not None}
    # at once into the small form: 50,000 rows of a result beside it are 20 MB
    found: dict[tuple[str, str], int] = {}
    for row in queries.iterate_of_import(import_id):
        key = (persons.get(row.person_id, row.match_key), row.cohort)
        if key in wanted:
            found[key] = row.id
    return found


def _insert(rows: Iterable[dict[str, Any]]) -> None:
    left = iter(rows)
    while part := list(islice(left, _CHUNK)):
        session().execute(insert(_PRESENCES), part)


def _take_out(pairs: list[tuple[int, int]]) -> list[Any]:
    """Removes presences; all that is needed to put them back."""
    if not pairs:
        return []
    wanted = set(pairs)
    query = select(
        Presence.meeting_id, Presence.participation_id, Presence.by_code, Presence.noted_at
    ).where(Presence.meeting_id.in_({meeting_id for meeting_id, _record in pairs}))
    gone = [
        [*row[:3], row[3].isoformat()]
        for row in session().execute(query)
        if (row[0], row[1]) in wanted
    ]
    _delete(pairs)
    return gone


def _delete(pairs: list[tuple[int, int]]) -> None:
    if not pairs:
        return
    statement = delete(_PRESENCES).where(
        and_(
            _PRESENCES.c.meeting_id == bindparam("meeting"),
            _PRESENCES.c.participation_id == bindparam("record"),
        )
    )
    rows = [{"meeting": meeting, "record": record} for meeting, record in pairs]
    session().connection().execute(statement, rows)


def _standing(meetings: list[int], records: list[int]) -> set[tuple[int, int]]:
    """Pairs of meeting and record that both still stand and have no presence meanwhile."""
    known_meetings = set(session().scalars(select(Meeting.id).where(Meeting.id.in_(meetings))))
    known_records = set()
    for start in range(0, len(records), _CHUNK):
        part = records[start : start + _CHUNK]
        known_records |= set(
            session().scalars(select(Participation.id).where(Participation.id.in_(part)))
        )
    taken = {
        (row[0], row[1])
        for row in session().execute(
            select(Presence.meeting_id, Presence.participation_id).where(
                Presence.meeting_id.in_(known_meetings)
            )
        )
    }
    return {
        pair
        for pair in zip(meetings, records, strict=True)
        if pair[0] in known_meetings and pair[1] in known_records and pair not in taken
    }
