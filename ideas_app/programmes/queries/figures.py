"""How many took part. Participations and persons are counted apart; a fixed number of statements each.

What may be printed for everybody is decided by `Figures.public_*`: nothing about fewer than five people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.core.db import session
from ideas_app.programmes.models import Attendance, Outcome, Participation, Programme, Tally
from ideas_app.programmes.policy import MIN_CELL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_COMPLETED = (Attendance.COMPLETED, Attendance.CERTIFIED)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one programme."""

    records: int = 0
    tallied: int = 0
    persons: int = 0
    completed: int = 0
    """Those who completed, certified ones included."""
    certified: int = 0
    sessions: int = 0

    @property
    def participations(self) -> int:
        """Records and tallied participations together."""
        return self.records + self.tallied

    @property
    def public_participations(self) -> int | None:
        """Participations as everybody may see them; None where they are fewer than five."""
        return self.participations if self.participations >= MIN_CELL else None

    @property
    def public_certified(self) -> int | None:
        """Certified people as everybody may see them; None where either they or the others are too few."""
        others = self.records - self.certified
        if self.certified < MIN_CELL or 0 < others < MIN_CELL:
            return None
        return self.certified


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The figures of a year's programmes together."""

    programmes: int
    participations: int
    persons: int
    certified: int
    certificate_kinds: int
    counselling_sessions: int


@dataclass(slots=True)
class _Sums:
    """What is gathered per programme before it becomes `Figures`."""

    records: int = 0
    persons: int = 0
    by_status: dict[Attendance, int] = field(default_factory=dict)
    tallied: int = 0
    sessions: int = 0


def suppressed(numbers: Sequence[int]) -> list[int | None]:
    """Parts of a total as everybody may see them: None for fewer than five people.

    Where one part alone would be hidden the next smallest is hidden too: the total would betray it.
    """
    hidden = {place for place, number in enumerate(numbers) if 0 < number < MIN_CELL}
    if len(hidden) == 1:
        others = [place for place, number in enumerate(numbers) if number >= MIN_CELL]
        hidden |= set(sorted(others, key=lambda place: numbers[place])[:1])
    return [None if place in hidden else number for place, number in enumerate(numbers)]


def figures_of(programme_ids: Iterable[int]) -> dict[int, Figures]:
    """The figures of programmes by id; three statements, whatever the rows."""
    wanted = sorted(set(programme_ids))
    sums = {programme_id: _Sums() for programme_id in wanted}
    for programme_id, status, number in session().execute(
        select(Participation.programme_id, Participation.status, func.count())
        .where(Participation.programme_id.in_(wanted))
        .group_by(Participation.programme_id, Participation.status)
    ):
        sums[programme_id].by_status[status] = number
    for programme_id, number in session().execute(
        select(Participation.programme_id, func.count(Participation.person_id.distinct()))
        .where(Participation.programme_id.in_(wanted))
        .group_by(Participation.programme_id)
    ):
        sums[programme_id].persons = number
    for programme_id, people, times in session().execute(
        select(Tally.programme_id, func.sum(Tally.participants), func.sum(Tally.sessions))
        .where(Tally.programme_id.in_(wanted))
        .group_by(Tally.programme_id)
    ):
        sums[programme_id].tallied = int(people or 0)
        sums[programme_id].sessions = int(times or 0)
    return {programme_id: _figures(found) for programme_id, found in sums.items()}


def _figures(sums: _Sums) -> Figures:
    return Figures(
        records=sum(sums.by_status.values()),
        tallied=sums.tallied,
        persons=sums.persons,
        completed=sum(sums.by_status.get(status, 0) for status in _COMPLETED),
        certified=sums.by_status.get(Attendance.CERTIFIED, 0),
        sessions=sums.sessions,
    )


def year_figures(year: int) -> YearFigures:
    """The figures of a year over its programmes that are open or closed, not the planned ones."""
    run = (
        session()
        .execute(
            select(Programme.id, Programme.outcome, Programme.certificate).where(
                Programme.year == year, Programme.status != "planned"
            )
        )
        .all()
    )
    figures = figures_of(row.id for row in run)
    persons = session().scalar(
        select(func.count(Participation.person_id.distinct()))
        .join(Programme, Programme.id == Participation.programme_id)
        .where(Programme.year == year, Programme.status != "planned")
    )
    kinds = {row.certificate for row in run if row.certificate and figures[row.id].certified}
    return YearFigures(
        programmes=len(run),
        participations=sum(each.participations for each in figures.values()),
        persons=persons or 0,
        certified=sum(each.certified for each in figures.values()),
        certificate_kinds=len(kinds),
        counselling_sessions=sum(
            figures[row.id].sessions for row in run if row.outcome is Outcome.COUNSELLING
        ),
    )


def list_cohorts(programme_id: int) -> list[tuple[str, int, int]]:
    """The cohorts of a programme in the order of their names: cohort, participations, certified."""
    sums: dict[str, dict[Attendance, int]] = {}
    for cohort, status, number in session().execute(
        select(Participation.cohort, Participation.status, func.count())
        .where(Participation.programme_id == programme_id)
        .group_by(Participation.cohort, Participation.status)
    ):
        sums.setdefault(cohort, {})[status] = number
    return [
        (cohort, sum(found.values()), found.get(Attendance.CERTIFIED, 0))
        for cohort, found in sorted(sums.items())
    ]


def count_participants(programme_id: int) -> int:
    """The number of persons with a record in the programme."""
    query = select(func.count(Participation.person_id.distinct()))
    return session().scalar(query.where(Participation.programme_id == programme_id)) or 0
