"""How many answers came in time, and how the promises stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, func, or_, select

from ideas_app.adapters.holidays import is_day_off
from ideas_app.answers.models import Answer, Promise, PromiseStatus
from ideas_app.answers.queries.rows import GONE
from ideas_app.answers.rules import (
    OnTimeRate,
    Standing,
    median_of,
    rate_of,
    standing_of,
    timing_of,
)
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.workdays import working_days_between
from ideas_app.ideas.models import Family, Idea


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the public ledger says at its head."""

    rate: OnTimeRate
    median_days: int | None
    """Working days from receipt to answer: the middle of all answers, the lower of two."""
    promises: dict[Standing, int]

    @property
    def promised(self) -> int:
        """All promises."""
        return sum(self.promises.values())


def on_time_rate(campaign_id: int | None = None) -> OnTimeRate:
    """How many answers came in their time, of those due, over all campaigns or one."""
    return _rate_and_days(campaign_id)[0]


def _rate_and_days(campaign_id: int | None = None) -> tuple[OnTimeRate, list[int]]:
    query = (
        select(Answer.received_on, Answer.due_on, Answer.extended_to, Answer.answered_at)
        .outerjoin(Idea, Idea.id == Answer.idea_id)
        .outerjoin(Family, Family.id == Answer.family_id)
        .where(
            or_(
                Answer.answered_at.is_not(None),
                Answer.family_id.is_not(None),
                Idea.state.not_in(GONE),
            )
        )
    )
    if campaign_id is not None:
        query = query.where(func.coalesce(Idea.campaign_id, Family.campaign_id) == campaign_id)
    today = clock.today()
    timings, days = [], []
    for received_on, due, extended_to, answered_at in session().execute(query):
        answered = clock.local_date(answered_at) if answered_at else None
        timings.append(
            timing_of(due_on=due, extended_to=extended_to, answered_on=answered, today=today)
        )
        if answered:
            days.append(working_days_between(received_on, answered, is_day_off))
    return rate_of(timings), days


def count_promises() -> dict[Standing, int]:
    """How many promises stand how today, in one statement: the rule of `rules.standing_of`."""
    due = func.coalesce(Promise.moved_to, Promise.due_on)
    is_past = case((due < clock.today(), 1), else_=0).label("is_past")
    counts = dict.fromkeys(Standing, 0)
    found = session().execute(
        select(Promise.status, is_past, func.count(Promise.id)).group_by(Promise.status, is_past)
    )
    for status, past, number in found:
        counts[_standing_of_group(status, is_past=bool(past))] += number
    return counts


def _standing_of_group(status: PromiseStatus, *, is_past: bool) -> Standing:
    today = clock.today()
    day = today - timedelta(days=is_past)
    return standing_of(status, due_on=day, moved_to=day, today=today)


def read_ledger() -> Ledger:
    """The head of the public ledger. Two statements."""
    rate, days = _rate_and_days()
    return Ledger(rate=rate, median_days=median_of(days), promises=count_promises())
