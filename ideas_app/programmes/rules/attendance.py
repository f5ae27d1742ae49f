"""Which meeting each column of a roster means, and which presences an import would add or take back. Pure:
the caller brings what is stored.

The day tells meetings apart, and the number where there is none. A meeting that is missing is made. An empty
cell changes nothing, so that importing a file a second time changes nothing either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.programmes.rules.issues import Issue
from ideas_app.programmes.rules.matching import Change, Match

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from ideas_app.programmes.rules.matching import PlannedRow
    from ideas_app.programmes.rules.sessions import SessionColumn

MEETINGS_MAX = 200
"""Of one programme: a year has no more days of work."""


@dataclass(frozen=True, slots=True)
class StoredMeeting:
    """A meeting that is stored; `minutes` None where nobody said how long it was."""

    id: int
    number: int
    held_on: date
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedMeeting:
    """A meeting that a file speaks of. `meeting_id` None: it is made. `minutes`: what is stored afterwards."""

    title: str
    number: int
    held_on: date
    minutes: int | None
    topic: str = ""
    meeting_id: int | None = None
    was_minutes: int | None = None

    @property
    def is_changed(self) -> bool:
        """Whether something is stored of the meeting itself."""
        return self.meeting_id is None or self.minutes != self.was_minutes


@dataclass(frozen=True, slots=True)
class AttendancePlan:
    """What an import would do to meetings and presences. `added` and `gone` name a meeting by its place in
    `meetings`, and the planned row or the stored record of the person.
    """

    meetings: tuple[PlannedMeeting, ...] = ()
    added: tuple[tuple[int, PlannedRow], ...] = ()
    gone: tuple[tuple[int, int], ...] = ()
    before: tuple[int, ...] = ()
    """Of each meeting, who was noted before."""
    errors: tuple[Issue, ...] = ()
    notices: tuple[Issue, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether everything that the file says of meetings is stored already."""
        return not (self.added or self.gone or any(each.is_changed for each in self.meetings))

    @property
    def after(self) -> tuple[int, ...]:
        """Of each meeting, who is noted afterwards."""
        counts = list(self.before)
        for place, _row in self.added:
            counts[place] += 1
        for place, _record in self.gone:
            counts[place] -= 1
        return tuple(counts)


class MeetingPlanner:
    """Finds the meeting of each column among those that are stored, or plans a new one.

    `first_on` is the programme's first day: where a file numbers its columns and says no day, a new meeting
    is put there, and a notice asks for the day.
    """

    def __init__(self, stored: Iterable[StoredMeeting], *, first_on: date | None) -> None:
        self.stored = sorted(stored, key=lambda each: each.number)
        self.first_on = first_on
        self.meetings: list[PlannedMeeting] = []
        self.errors: list[Issue] = []
        self.notices: list[Issue] = []

    def place_all(self, sessions: Sequence[SessionColumn]) -> list[int | None]:
        """The place among `meetings` of each column; None for one with an error."""
        places = [self.place(each) for each in sessions]
        seen: dict[tuple[str, int], SessionColumn] = {}
        for session, place in zip(sessions, places, strict=True):
            if place is None:
                continue
            other = seen.setdefault((session.sheet, place), session)
            if other is not session:
                values: dict[str, str | int] = {"other": other.title}
                self.errors.append(Issue("session_twice", column=session.title, values=values))
        return places

    def place(self, session: SessionColumn) -> int | None:
        """The place among `meetings` of one column."""
        same_day = [each for each in self._all() if each.held_on == session.held_on]
        same_number = [each for each in self._all() if each.number == session.number]
        if session.held_on is None:
            known = same_number
        else:
            known = same_day
            if len(same_day) > 1:
                known = [each for each in same_day if each.number == session.number]
                if not known:
                    values: dict[str, str | int] = {"count": len(same_day)}
                    self.errors.append(
                        Issue("session_unclear", column=session.title, values=values)
                    )
                    return None
        return self._take(known[0], session) if known else self._make(session)

    def _all(self) -> list[PlannedMeeting]:
        """Those that the file has named so far, then those that are stored."""
        named = {each.meeting_id for each in self.meetings}
        rest = [
            PlannedMeeting("", each.number, each.held_on, each.minutes, "", each.id, each.minutes)
            for each in self.stored
            if each.id not in named
        ]
        return [*self.meetings, *rest]

    def _take(self, known: PlannedMeeting, session: SessionColumn) -> int:
        minutes = known.minutes if session.minutes is None else session.minutes
        made = PlannedMeeting(
            known.title or session.title,
            known.number,
            known.held_on,
            minutes,
            known.topic or session.topic,
            known.meeting_id,
            known.was_minutes,
        )
        if known in self.meetings:
            place = self.meetings.index(known)
            self.meetings[place] = made
            return place
        self.meetings.append(made)
        return len(self.meetings) - 1

    def _make(self, session: SessionColumn) -> int | None:
        numbers = {each.number for each in self._all()}
        number = session.number
        if number is None or number in numbers:
            taken, number = number, max(numbers, default=0) + 1
            if taken is not None:
                values: dict[str, str | int] = {"taken": taken, "number": number}
                self.notices.append(
                    Issue("session_renumbered", column=session.title, values=values)
                )
        held_on = session.held_on or self.first_on
        if held_on is None:
            self.errors.append(Issue("session_without_day", column=session.title))
            return None
        if len(numbers) >= MEETINGS_MAX:
            values = {"limit": MEETINGS_MAX}
            self.errors.append(Issue("too_many_sessions", column=session.title, values=values))
            return None
        if session.held_on is None:
            values = {"number": number, "day": held_on.isoformat()}
            self.notices.append(Issue("session_on_first_day", column=session.title, values=values))
        self.meetings.append(
            PlannedMeeting(session.title, number, held_on, session.minutes, session.topic)
        )
        return len(self.meetings) - 1


def plan_attendance(
    sessions: Sequence[SessionColumn],
    rows: Iterable[PlannedRow],
    stored: Iterable[StoredMeeting],
    present: Mapping[int, Collection[int]],
    *,
    first_on: date | None,
) -> AttendancePlan:
    """What the marks of a roster would change. `present`: by meeting, the records that were there."""
    if not sessions:
        return AttendancePlan()
    planner = MeetingPlanner(stored, first_on=first_on)
    places = planner.place_all(sessions)
    stored_here = [present.get(each.meeting_id or 0, ()) for each in planner.meetings]
    added: list[tuple[int, PlannedRow]] = []
    gone: list[tuple[int, int]] = []
    for row in rows:
        if row.match is Match.LEFT_OUT or row.change is Change.NONE:
            continue
        for index, is_here in row.row.marks:
            place = places[index]
            if place is None:
                continue
            was_here = row.record_id in stored_here[place]
            if is_here and not was_here:
                added.append((place, row))
            elif not is_here and was_here and row.record_id is not None:
                gone.append((place, row.record_id))
    return AttendancePlan(
        tuple(planner.meetings),
        tuple(added),
        tuple(gone),
        tuple(len(here) for here in stored_here),
        tuple(planner.errors),
        tuple(planner.notices),
    )
