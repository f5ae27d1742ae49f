"""What a reader of the ledger may choose, as clauses. Must not change anything."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, union_all

from ideas_app.answers.models import Answer, Decision, Promise, PromiseStatus
from ideas_app.answers.rules import Standing
from ideas_app.answers.rules.rates import department_key, department_of, usual_name
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core import clock
from ideas_app.core.db import session

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

promised_day = func.coalesce(Promise.moved_to, Promise.due_on)
"""The day for which a promise is promised now."""

DEPARTMENT = func.coalesce(func.nullif(Promise.department, ""), Answer.department)
"""Who keeps a promise: its own department or, without one, the one that answered."""


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What is chosen; None where everything is. `departments` are all ways in which one is written."""

    decision: Decision | None = None
    campaign: str | None = None
    field: str | None = None
    departments: tuple[str, ...] = ()
    standing: Standing | None = None
    year: int | None = None
    """Of the answer in the list of answers, of the promised day in the list of promises."""


EVERYTHING = LedgerFilter()


@dataclass(frozen=True, slots=True)
class Department:
    """One department, however it is written: its key in addresses, its usual name, all that was written of
    it and its teams.
    """

    key: str
    name: str
    names: tuple[str, ...]


def narrow(
    query: Select[*tuple[Any, ...]], chosen: LedgerFilter, department: ColumnElement[str] | Any
) -> Select[*tuple[Any, ...]]:
    """What is chosen of decision, campaign, field and department, over `rows.joined`."""
    if chosen.decision:
        query = query.where(Answer.decision == chosen.decision)
    if chosen.campaign:
        query = query.where(Campaign.slug == chosen.campaign)
    if chosen.field:
        query = query.where(Field.key == chosen.field)
    if chosen.departments:
        query = query.where(department.in_(chosen.departments))
    return query


def stands(standing: Standing) -> ColumnElement[bool]:
    """Promises that read so today: the rule of `rules.standing_of` as a clause."""
    today = clock.today()
    is_open, is_moved = (
        Promise.status == PromiseStatus.OPEN,
        Promise.status == PromiseStatus.MOVED,
    )
    clauses: dict[Standing, ColumnElement[bool]] = {
        Standing.KEPT: Promise.status == PromiseStatus.DONE,
        Standing.DROPPED: Promise.status == PromiseStatus.DROPPED,
        Standing.NEXT: and_(is_open, promised_day >= today),
        Standing.MOVED: and_(is_moved, promised_day >= today),
        Standing.SILENT: and_(or_(is_open, is_moved), promised_day < today),
    }
    return clauses[standing]


def has_promise(standing: Standing) -> ColumnElement[bool]:
    """Answers with a promise that stands so today."""
    return (
        select(Promise.id)
        .where(Promise.answer_id == Answer.id, stands(standing))
        .correlate(Answer)
        .exists()
    )


def list_departments() -> list[Department]:
    """Every department that has answered or keeps a promise, once, by name. One statement."""
    answering = select(Answer.department.label("name"), func.count().label("number")).where(
        Answer.answered_at.is_not(None)
    )
    keeping = select(Promise.department, func.count()).join(Answer, Answer.id == Promise.answer_id)
    both = union_all(
        answering.group_by(Answer.department),
        keeping.where(Answer.answered_at.is_not(None)).group_by(Promise.department),
    )
    written: dict[str, Counter[str]] = defaultdict(Counter)
    usual: dict[str, Counter[str]] = defaultdict(Counter)
    for name, number in session().execute(both):
        if name:
            written[department_key(name)][name] += number
            usual[department_key(name)][department_of(name)] += number
    found = [
        Department(key, usual_name(usual[key]), tuple(sorted(names)))
        for key, names in written.items()
    ]
    return sorted(found, key=lambda one: one.name)
