"""Answers with what a list shows beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased, selectinload

from ideas_app.answers.models import Answer
from ideas_app.answers.queries.one import days_to_spare, timing
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Family, Idea, State

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Select

    from ideas_app.answers.rules import (
        Timing,
    )


GONE = (State.WITHDRAWN, State.HIDDEN, State.REJECTED)
"""Ideas that nobody has to answer any more."""

LAST_DAY = func.coalesce(Answer.extended_to, Answer.due_on)

IS_PUBLIC = (
    Answer.answered_at.is_not(None),
    or_(Idea.is_listed, Idea.state == State.WITHDRAWN),
)
"""Published answers that everybody may read, as clauses over `rows_query`: not those to ideas that the centre
has hidden since.
"""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer with what a list shows beside it. `idea` is the idea itself, or the family's first
    member that is listed.
    """

    answer: Answer
    title: str
    idea: Idea
    field: Field
    campaign: Campaign
    supports: int
    timing: Timing
    days_left: int
    """Working days until it is due; below 0 when that is past; of a published answer, as it was when
    it was published.
    """
    is_family: bool

    @property
    def last_on(self) -> date:
        """The day on which it is due, the extension included."""
        return self.answer.extended_to or self.answer.due_on


def joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Joins what is selected of answers with the idea, field, campaign and family that each is about."""
    mate = aliased(Idea)
    of_family = (
        select(func.min(mate.id)).where(mate.family_id == Answer.family_id).correlate(Answer)
    )
    listed = of_family.where(mate.is_listed).scalar_subquery()
    member = func.coalesce(Answer.idea_id, listed, of_family.scalar_subquery())
    return (
        query.select_from(Answer)
        .join(Idea, Idea.id == member)
        .join(Field, Field.id == Idea.field_id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .outerjoin(Family, Family.id == Answer.family_id)
    )


def rows_query() -> Select[Answer, Idea, Field, Campaign, Family]:
    """Answers, each with its subject, as `row_of` takes them."""
    query = joined(select(Answer, Idea, Field, Campaign, Family))
    return query.options(selectinload(Answer.promises))


def public_ids() -> Select[int]:
    """The ids of the answers that everybody may read."""
    return joined(select(Answer.id)).where(*IS_PUBLIC)


def row_of(
    answer: Answer, idea: Idea, field: Field, campaign: Campaign, family: Family | None
) -> AnswerRow:
    """A row of `rows_query` as a list shows it."""
    return AnswerRow(
        answer=answer,
        title=family.title if family else idea.title,
        idea=idea,
        field=field,
        campaign=campaign,
        supports=family.supports_count if family else idea.supports_count,
        timing=timing(answer),
        days_left=days_to_spare(answer),
        is_family=family is not None,
    )


def get_row(answer_id: int) -> AnswerRow:
    """An answer with its subject. Raises `NotFound`."""
    found = session().execute(rows_query().where(Answer.id == answer_id)).one_or_none()
    if found is None:
        raise NotFound("no_answer", _l("There is no such answer."))
    return row_of(*found)
