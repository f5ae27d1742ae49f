"""A person's own participation, record by record: meetings, hours, certificates. For nobody but the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from ideas_app.core.db import session
from ideas_app.programmes.models import Certificate, Meeting, Participation, Person, Programme
from ideas_app.programmes.queries.meetings import count_meetings_of, sum_minutes_of
from ideas_app.programmes.rules.certificates import show_code

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """One record of a person, with its programme loaded."""

    record: Participation
    meetings: int
    """At which the person was."""
    held: int
    """Meetings that the programme had."""
    minutes: int
    """Of the meetings at which the person was, as far as their length is known."""
    code: str
    """The check code of its certificate as it is shown; empty until one was printed."""

    @property
    def programme(self) -> Programme:
        """The programme of the record."""
        return self.record.programme

    @property
    def year(self) -> int:
        """The year of its programme."""
        return self.record.programme.year


def list_own_records(account_id: int | None, year: int | None = None) -> list[OwnRecord]:
    """The records of the person to whom an account is linked, of one year or all, the newest year first and
    in a year the newest record. Five statements.
    """
    query = (
        select(Participation, Certificate.code)
        .join(Participation.programme)
        .join(Participation.person)
        .outerjoin(Certificate, Certificate.participation_id == Participation.id)
        .where(Person.account_id == account_id, Person.account_id.is_not(None))
        .options(contains_eager(Participation.programme), contains_eager(Participation.person))
        .order_by(Programme.year.desc(), Participation.id.desc())
    )
    if year is not None:
        query = query.where(Programme.year == year)
    rows = [(row[0], row[1]) for row in session().execute(query)]
    ids = [record.id for record, _code in rows]
    meetings, minutes = count_meetings_of(ids), sum_minutes_of(ids)
    held = count_held(record.programme_id for record, _code in rows)
    return [
        OwnRecord(
            record,
            meetings.get(record.id, 0),
            held.get(record.programme_id, 0),
            minutes.get(record.id, 0),
            show_code(code) if code else "",
        )
        for record, code in rows
    ]


def count_held(programme_ids: Iterable[int]) -> dict[int, int]:
    """How many meetings programmes had."""
    query = (
        select(Meeting.programme_id, func.count(Meeting.id))
        .where(Meeting.programme_id.in_(sorted(set(programme_ids))))
        .group_by(Meeting.programme_id)
    )
    return {row[0]: row[1] for row in session().execute(query)}
