"""Seeing to a period: warnings first, then what is due, in batches that each stand or fall as a whole.

Stopped between two batches, the next run goes on where it was: what is done is done and in the register.
Must not know any table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import publish
from ideas_app.core.retaining import Rows, Span, before_of, days_of, periods
from ideas_app.retention import policy
from ideas_app.retention.events import PeriodLookedAt
from ideas_app.retention.models import Warned
from ideas_app.retention.queries.periods import near_end, plan_subjects
from ideas_app.retention.rules.due import Step
from ideas_app.retention.service.registering import register

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.core.retaining import Period, Subjects
    from ideas_app.retention.queries.periods import Planned

BATCH = 500
"""Rows, or subjects, of one transaction: short enough to hold up no vote."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a run of one period did."""

    warned: int = 0
    reminded: int = 0
    destroyed: int = 0


def ask_all() -> None:
    """Has every period looked at, each by an event of its own: one that fails holds up no other."""
    for period in periods():
        publish(PeriodLookedAt(period.name))


def run_period(actor: Actor, period: Period, *, by: str, batch: int = BATCH) -> Done:
    """Sees to one period, in transactions of its own. Raises `Refused`."""
    policy.may_manage(actor).require()
    days = days_of(period)
    if isinstance(period.acts, Rows):
        return Done(destroyed=_run_rows(actor, period, period.acts, days, by, batch))
    return _run_subjects(actor, period, period.acts, days, by, batch)


def _run_rows(actor: Actor, period: Period, rows: Rows, days: int, by: str, batch: int) -> int:
    before, destroyed = before_of(days, clock.now()), 0
    while True:
        with transaction():
            span = rows.destroy(before, batch)
            if span.count:
                register(actor, period, span, days=days, by=by)
        destroyed += span.count
        if span.count < batch:
            return destroyed


def _run_subjects(
    actor: Actor, period: Period, subjects: Subjects, days: int, by: str, batch: int
) -> Done:
    planned = plan_subjects(period.name, subjects, days)
    with transaction():
        _forget_others(period.name, subjects, days)
    steps = {step: [each for each in planned if each.step is step] for step in Step}
    for step in (Step.WARN, Step.REMIND):
        for part in _parts(steps[step], batch):
            with transaction():
                _tell(period.name, subjects, part, step)
    destroyed = 0
    for part in _parts(steps[Step.DESTROY], batch):
        with transaction():
            destroyed += _destroy(actor, period, subjects, part, days, by)
    return Done(len(steps[Step.WARN]), len(steps[Step.REMIND]), destroyed)


def _parts(planned: list[Planned], size: int) -> list[list[Planned]]:
    return [planned[start : start + size] for start in range(0, len(planned), size)]


def _forget_others(name: str, subjects: Subjects, days: int) -> None:
    """What is no longer near its end (somebody came back) or gone begins anew another time."""
    near = {subject_id for subject_id, _since in near_end(subjects, days)}
    for row in session().scalars(select(Warned).where(Warned.period == name)):
        if row.subject_id not in near:
            session().delete(row)


def _tell(name: str, subjects: Subjects, part: list[Planned], step: Step) -> None:
    today = clock.today()
    for each in part:
        row = session().get(Warned, (name, each.subject_id))
        if step is Step.WARN and row is None:
            session().add(Warned(period=name, subject_id=each.subject_id, warned_on=today))
        elif step is Step.REMIND and row is not None and row.reminded_on is None:
            row.reminded_on = today
        else:
            continue  # another worker was quicker
        subjects.announce(each.subject_id, each.goes_on, (each.goes_on - today).days)


def _destroy(
    actor: Actor, period: Period, subjects: Subjects, part: list[Planned], days: int, by: str
) -> int:
    open_ = []
    counted = dict(near_end(subjects, days))  # somebody may have come back since the look
    for each in part:
        if counted.get(each.subject_id) != each.counted_on:
            continue
        row = session().get(Warned, (period.name, each.subject_id))
        if row is not None and row.done_on is None:
            row.done_on = clock.today()
            open_.append(each)
    if not open_:
        return 0
    count = subjects.destroy([each.subject_id for each in open_])
    if count:
        known = [each.counted_on for each in open_]
        register(actor, period, Span(count, min(known), max(known)), days=days, by=by)
    return count
