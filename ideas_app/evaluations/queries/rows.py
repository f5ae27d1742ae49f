"""An evaluation with what a list shows beside it: never a score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased

from ideas_app.accounts.models import Account
from ideas_app.adapters.holidays import is_day_off
from ideas_app.campaigns.models import Campaign
from ideas_app.core import clock
from ideas_app.core.workdays import working_days_between
from ideas_app.evaluations.models import Evaluation
from ideas_app.evaluations.rules import Standing, standing_of
from ideas_app.ideas.models import Family, Idea

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Select

OPEN = case((Evaluation.idea_id.is_not(None), Idea.is_listed), else_=Family.split_at.is_(None))
"""Whether the idea or family can still be evaluated, where both are joined."""

LIVE = Evaluation.declined_at.is_(None) & Evaluation.taken_back_at.is_(None)

OWED = and_(LIVE, Evaluation.closed_at.is_(None), OPEN)
"""What somebody still has to do, where idea and family are joined."""


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """One request: who is to evaluate what by when, and how it stands."""

    id: int
    idea_id: int | None
    family_id: int | None
    title: str
    campaign: Campaign
    account_id: int
    name: str
    department: str | None
    asked_by: int | None
    asker: str | None
    """Who asked; None where that account is gone."""
    question: str
    due_on: Any
    standing: Standing
    decline_reason: str
    is_open: bool
    """Whether the idea or family can still be evaluated."""
    days_left: int
    """Working days until it is due, below 0 when that is past."""

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether its asker may take it back: nobody has worked on it."""
        return self.standing in (Standing.ASKED, Standing.DECLINED)

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still owes it."""
        owed = (Standing.ASKED, Standing.SCORED, Standing.REOPENED)
        return self.is_open and self.standing in owed


_ASKER = aliased(Account)


def rows_query() -> Select[*tuple[Any, ...]]:
    """Evaluations, each with its subject, its two people and its campaign, as `row_of` takes them."""
    campaign_id = func.coalesce(Idea.campaign_id, Family.campaign_id)
    return (
        select(
            Evaluation,
            func.coalesce(Idea.title, Family.title).label("title"),
            Campaign,
            Account.nickname,
            Account.department,
            _ASKER.nickname.label("asker"),
            OPEN.label("is_open"),
        )
        .outerjoin(Idea, Idea.id == Evaluation.idea_id)
        .outerjoin(Family, Family.id == Evaluation.family_id)
        .join(Campaign, Campaign.id == campaign_id)
        .join(Account, Account.id == Evaluation.account_id)
        .outerjoin(_ASKER, _ASKER.id == Evaluation.asked_by)
    )


def row_of(found: Any) -> EvaluationRow:
    """A row of `rows_query`."""
    evaluation: Evaluation = found.Evaluation
    return EvaluationRow(
        id=evaluation.id,
        idea_id=evaluation.idea_id,
        family_id=evaluation.family_id,
        title=found.title,
        campaign=found.Campaign,
        account_id=evaluation.account_id,
        name=found.nickname,
        department=found.department,
        asked_by=evaluation.asked_by,
        asker=found.asker,
        question=evaluation.question,
        due_on=evaluation.due_on,
        standing=standing_of(evaluation),
        decline_reason=evaluation.decline_reason,
        is_open=bool(found.is_open),
        days_left=days_left(evaluation),
    )


def days_left(evaluation: Evaluation) -> int:
    """Working days from today to its due day; below 0 when that is past."""
    today = clock.today()
    if evaluation.due_on < today:
        return -max(working_days_between(evaluation.due_on, today, is_day_off), 1)
    return working_days_between(today, evaluation.due_on, is_day_off)
