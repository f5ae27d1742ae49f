"""What is asked of somebody, what somebody asked, and how far each idea has come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from ideas_app.campaigns.models import Campaign
from ideas_app.core.db import session
from ideas_app.evaluations.models import Evaluation
from ideas_app.evaluations.queries.rows import (
    LIVE,
    OPEN,
    OWED,
    EvaluationRow,
    row_of,
    rows_query,
)
from ideas_app.evaluations.queries.tallies import DONE
from ideas_app.evaluations.rules import Tally
from ideas_app.ideas.models import Family, Idea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

MOST = 200
"""Lines of a list: of older ones the filter for the campaign finds the rest."""


class State(StrEnum):
    """What a list shows."""

    WAITING = "waiting"
    DONE = "done"
    ALL = "all"


def list_waiting(account_id: int | None) -> list[EvaluationRow]:
    """What a person still owes, the earliest due first; nothing whose idea is gone."""
    return list_own(account_id, State.WAITING)


def count_waiting(account_id: int | None) -> int:
    """How many evaluations a person owes."""
    query = (
        select(func.count(Evaluation.id))
        .outerjoin(Idea, Idea.id == Evaluation.idea_id)
        .outerjoin(Family, Family.id == Evaluation.family_id)
        .where(Evaluation.account_id == account_id, OWED)
    )
    return session().scalar(query) or 0


def list_own(account_id: int | None, state: State, campaign: str = "") -> list[EvaluationRow]:
    """What a person was asked, without what was taken back."""
    mine = (Evaluation.account_id == account_id, Evaluation.taken_back_at.is_(None))
    return _list(state, campaign, *mine)


def list_asked(account_id: int | None, state: State, campaign: str = "") -> list[EvaluationRow]:
    """What a person asked of others, without what they took back. Of what waits, declined ones are a part:
    until the asker puts them away, somebody else has to be asked.
    """
    mine = (Evaluation.asked_by == account_id, Evaluation.taken_back_at.is_(None))
    waiting = or_(OWED, Evaluation.declined_at.is_not(None))
    return _list(state, campaign, *mine, waiting=waiting)


def _list(
    state: State,
    campaign: str,
    *where: ColumnElement[bool],
    waiting: ColumnElement[bool] = OWED,
) -> list[EvaluationRow]:
    query = rows_query().where(*where)
    if campaign:
        query = query.where(Campaign.slug == campaign)
    if state is State.WAITING:
        query = query.where(waiting).order_by(Evaluation.due_on, Evaluation.id)
    else:
        if state is State.DONE:
            query = query.where(Evaluation.closed_at.is_not(None))
        query = query.order_by(Evaluation.due_on.desc(), Evaluation.id.desc())
    return [row_of(row) for row in session().execute(query.limit(MOST))]


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """An idea or family with how many of those who were asked have evaluated it."""

    idea_id: int | None
    family_id: int | None
    title: str
    campaign: Campaign
    tally: Tally
    due_on: Any
    """The earliest day that is still owed, None where nothing is."""


def list_subjects(state: State, campaign: str = "") -> list[SubjectRow]:
    """Everything that somebody was asked about, the earliest owed first, then the newest."""
    due = func.min(Evaluation.due_on).filter(Evaluation.closed_at.is_(None))
    campaign_id = func.coalesce(Idea.campaign_id, Family.campaign_id)
    title = func.coalesce(Idea.title, Family.title)
    newest = func.max(Evaluation.id)
    query = (
        select(
            Evaluation.idea_id,
            Evaluation.family_id,
            title,
            Campaign,
            DONE,
            func.count(Evaluation.id),
            due,
        )
        .outerjoin(Idea, Idea.id == Evaluation.idea_id)
        .outerjoin(Family, Family.id == Evaluation.family_id)
        .join(Campaign, Campaign.id == campaign_id)
        .where(LIVE, OPEN)
        .group_by(Evaluation.idea_id, Evaluation.family_id, title, Campaign.id)
        .order_by(due.is_(None), due, newest.desc())
    )
    if campaign:
        query = query.where(Campaign.slug == campaign)
    if state is State.WAITING:
        query = query.having(func.count(Evaluation.id) > DONE)
    elif state is State.DONE:
        query = query.having(func.count(Evaluation.id) == DONE)
    return [
        SubjectRow(row[0], row[1], row[2], row[3], Tally(int(row[4]), int(row[5])), row[6])
        for row in session().execute(query.limit(MOST))
    ]


def list_campaigns() -> Sequence[Campaign]:
    """Campaigns in which somebody was asked, the newest first, for the filter."""
    asked = (
        select(func.coalesce(Idea.campaign_id, Family.campaign_id))
        .select_from(Evaluation)
        .outerjoin(Idea, Idea.id == Evaluation.idea_id)
        .outerjoin(Family, Family.id == Evaluation.family_id)
    )
    query = select(Campaign).where(Campaign.id.in_(asked)).order_by(Campaign.id.desc())
    return session().scalars(query).all()
