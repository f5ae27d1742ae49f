"""How many answers came in time, and how the promises stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, or_, select

from ideas_app.adapters.holidays import is_day_off
from ideas_app.answers.models import Answer, Promise, PromiseStatus
from ideas_app.answers.queries.filters import (
    DEPARTMENT,
    EVERYTHING,
    LedgerFilter,
    narrow,
    promised_day,
)
from ideas_app.answers.queries.rows import GONE, IS_PUBLIC, joined
from ideas_app.answers.rules import (
    OnTimeRate,
    Standing,
    Timing,
    median_of,
    rate_of,
    standing_of,
    timing_of,
)
from ideas_app.answers.rules.rates import AnswerFact, DepartmentRate, PromiseFact, rates_of
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.prepared import Prepared
from ideas_app.core.workdays import working_days_between
from ideas_app.ideas.models import Family, Idea

if TYPE_CHECKING:
    from sqlalchemy import Select

YEAR = timedelta(days=365)
"""The last twelve months, of which the front page speaks."""


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


@dataclass(frozen=True, slots=True)
class CityRates:
    """How the whole city keeps its time: in the last twelve months, and ever."""

    year: OnTimeRate
    ever: OnTimeRate


def on_time_rate(campaign_id: int | None = None) -> OnTimeRate:
    """How many answers came in their time, of those due, over all campaigns or one."""
    today = clock.today()
    return rate_of(_timing(fact, today) for fact, _received in _read_answers(campaign_id))


def read_city_rates() -> CityRates:
    """The rates of the front page. One statement."""
    today = clock.today()
    facts = [fact for fact, _received in _read_answers()]
    recent = [fact for fact in facts if fact.settled_on >= today - YEAR]
    return CityRates(
        year=rate_of(_timing(fact, today) for fact in recent),
        ever=rate_of(_timing(fact, today) for fact in facts),
    )


def _timing(fact: AnswerFact, today: date) -> Timing:
    return timing_of(
        due_on=fact.due_on,
        extended_to=fact.extended_to,
        answered_on=fact.answered_on,
        today=today,
    )


def _read_answers(campaign_id: int | None = None) -> list[tuple[AnswerFact, date]]:
    """Every answer that was given or is owed, with the day of its receipt."""
    if campaign_id is None:
        rows = _GIVEN_OR_OWED.all()
    else:
        of_campaign = func.coalesce(Idea.campaign_id, Family.campaign_id) == campaign_id
        rows = list(session().execute(_given_or_owed().where(of_campaign)))
    return [
        (
            AnswerFact(
                department=department,
                due_on=due,
                extended_to=extended_to,
                answered_on=clock.local_date(answered_at) if answered_at else None,
            ),
            received_on,
        )
        for department, received_on, due, extended_to, answered_at in rows
    ]


def _given_or_owed() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Answer.department,
            Answer.received_on,
            Answer.due_on,
            Answer.extended_to,
            Answer.answered_at,
        )
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


_GIVEN_OR_OWED = Prepared(_given_or_owed())


def list_rates_by_department(
    since: date | None = None, until: date | None = None
) -> list[DepartmentRate]:
    """How each department kept its time and its word between two days, both counted; ever without them.

    What falls into the period, and who has a percentage: `rules.rates.rates_of`. Two statements.
    """
    today = clock.today()
    kept = session().execute(
        select(DEPARTMENT, Promise.status, Promise.status_on, Promise.due_on, Promise.moved_to)
        .join(Answer, Answer.id == Promise.answer_id)
        .where(Answer.answered_at.is_not(None))
    )
    promises = []
    for department, status, status_on, due, moved_to in kept:
        stands_so = standing_of(status, due_on=due, moved_to=moved_to, today=today)
        day = status_on if stands_so is Standing.KEPT else moved_to or due
        promises.append(PromiseFact(department, stands_so, day))
    answers = [fact for fact, _received in _read_answers()]
    return rates_of(answers, promises, today=today, since=since, until=until)


def count_promises(chosen: LedgerFilter = EVERYTHING) -> dict[Standing, int]:
    """How many public promises stand how today, of those chosen, in one statement: the rule of
    `rules.standing_of`. What is chosen of the standing itself is left out, so that each can be offered.
    """
    is_past = case((promised_day < clock.today(), 1), else_=0).label("is_past")
    counts = dict.fromkeys(Standing, 0)
    query = joined(select(Promise.status, is_past, func.count(Promise.id)))
    query = query.join(Promise, Promise.answer_id == Answer.id).where(*IS_PUBLIC)
    if chosen.year:
        query = query.where(
            promised_day >= date(chosen.year, 1, 1), promised_day <= date(chosen.year, 12, 31)
        )
    query = narrow(query, chosen, DEPARTMENT).group_by(Promise.status, is_past)
    for status, past, number in session().execute(query):
        counts[_standing_of_group(status, is_past=bool(past))] += number
    return counts


def _standing_of_group(status: PromiseStatus, *, is_past: bool) -> Standing:
    today = clock.today()
    day = today - timedelta(days=is_past)
    return standing_of(status, due_on=day, moved_to=day, today=today)


def read_ledger() -> Ledger:
    """The head of the public ledger. Two statements."""
    today = clock.today()
    read = _read_answers()
    days = [
        working_days_between(received, fact.answered_on, is_day_off)
        for fact, received in read
        if fact.answered_on
    ]
    rate = rate_of(_timing(fact, today) for fact, _received in read)
    return Ledger(rate=rate, median_days=median_of(days), promises=count_promises())
