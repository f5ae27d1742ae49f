"""How each period stands: what would go tonight, who would be told, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from sqlalchemy import func, select

from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.retaining import Rows, Span, Subjects, before_of, days_of_all, periods
from ideas_app.retention.models import Destruction, Warned
from ideas_app.retention.rules.due import WARN, Step, goes_on, next_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.core.retaining import Period


class _Told(TypedDict):
    """What the rules ask beside the period itself."""

    today: date
    warned_on: date | None
    reminded_on: date | None


@dataclass(frozen=True, slots=True)
class Planned:
    """One subject of a period: its step today, and the first day on which it may go."""

    subject_id: int
    counted_on: date
    goes_on: date
    step: Step


@dataclass(frozen=True, slots=True)
class Plan:
    """What one period would do on a day."""

    due: Span
    warn: list[Planned]
    remind: list[Planned]
    destroy: list[Planned]
    next_on: date | None = None
    """The next day on which something of what is known now goes; None where nothing is in sight."""


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One line of the page of periods."""

    period: Period
    days: int
    plan: Plan


def read_periods() -> list[PeriodRow]:
    """All periods as they stand today."""
    days = days_of_all()
    return [PeriodRow(each, days[each.name], plan_of(each, days[each.name])) for each in periods()]


def plan_of(period: Period, days: int) -> Plan:
    """What the period would do now. Reads only."""
    if isinstance(period.acts, Rows):
        return _plan_rows(period.acts, days)
    return _plan_subjects(period.name, period.acts, days)


def _plan_rows(rows: Rows, days: int) -> Plan:
    now = clock.now()
    due = rows.count(before_of(days, now))
    following = session().scalar(select(func.min(rows.since)).where(*rows.where))
    if following is None:
        return Plan(due, [], [], [])
    # a row goes in the night in which it is older than its period
    goes = _local_day(following) + timedelta(days=days + 1)
    return Plan(due, [], [], [], max(goes, clock.today()))


def _local_day(value: date | datetime) -> date:
    return clock.local_date(value) if isinstance(value, datetime) else value


def _plan_subjects(name: str, subjects: Subjects, days: int) -> Plan:
    planned = plan_subjects(name, subjects, days)
    going = [each for each in planned if each.step is Step.DESTROY]
    known = [each.counted_on for each in going]
    return Plan(
        Span(len(going), min(known, default=None), max(known, default=None)),
        [each for each in planned if each.step is Step.WARN],
        [each for each in planned if each.step is Step.REMIND],
        going,
        min((each.goes_on for each in planned), default=None),
    )


def plan_subjects(name: str, subjects: Subjects, days: int) -> list[Planned]:
    """The step of each subject that is near its end and not yet done with, by id."""
    today = clock.today()
    warned = {row.subject_id: row for row in _list_warned(name)}
    found = []
    for subject_id, counted_on in near_end(subjects, days):
        row = warned.get(subject_id)
        if row and row.done_on:
            continue
        warned_on, reminded_on = (row.warned_on, row.reminded_on) if row else (None, None)
        told = _Told(today=today, warned_on=warned_on, reminded_on=reminded_on)
        step = next_step(counted_on, days, **told)
        found.append(Planned(subject_id, counted_on, goes_on(counted_on, days, **told), step))
    return sorted(found, key=lambda each: each.subject_id)


def near_end(subjects: Subjects, days: int) -> Sequence[tuple[int, date]]:
    """The subjects that have at most 30 days left, with the day from which each is counted."""
    return subjects.list_counted(clock.today() - timedelta(days=days) + WARN)


def _list_warned(name: str) -> list[Warned]:
    return list(session().scalars(select(Warned).where(Warned.period == name)))


def count_destroyed(run: str) -> int:
    """How many rows a run has destroyed so far, as the register says."""
    query = select(func.sum(Destruction.count)).where(Destruction.run == run)
    return int(session().scalar(query) or 0)
