"""What an official reads before writing: who took part in what, and what the city answered to ideas like this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from ideas_app.adapters import fulltext
from ideas_app.answers.models import Answer
from ideas_app.answers.queries.rows import AnswerRow, row_of, rows_query
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea
from ideas_app.programmes.models import Outcome, Participation, Person, Programme
from ideas_app.votes.models import Support

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

SIMILAR = 4
_LEAST = 120
"""Thousandths of an idea's weighed pairs that another must share; less than at the desk of moderators, for
here a miss costs more than a line too many."""
SMALLEST = 5
"""People on either side of a number about a programme: below, it would point at somebody."""


@dataclass(frozen=True, slots=True)
class Participants:
    """How many supporters of an idea took part in the programme it grew out of."""

    programme: Programme
    number: int


def list_participants(ideas: Sequence[Idea]) -> list[Participants]:
    """For ideas that grew out of a programme: how many of their supporters took part in it.

    Only where at least `SMALLEST` did and as many did not, and never for counselling: what the idea's page
    may say. One statement.
    """
    took_part = func.count(Support.account_id.distinct()).filter(Participation.id.is_not(None))
    everybody = func.count(Support.account_id.distinct())
    query = (
        select(Programme, took_part, everybody)
        .select_from(Idea)
        .join(Programme, Programme.id == Idea.programme_id)
        .join(Support, Support.idea_id == Idea.id)
        .outerjoin(Person, Person.account_id == Support.account_id)
        .outerjoin(
            Participation,
            (Participation.person_id == Person.id) & (Participation.programme_id == Programme.id),
        )
        .where(Idea.id.in_([idea.id for idea in ideas]), Programme.outcome != Outcome.COUNSELLING)
        .group_by(Programme.id)
        .order_by(Programme.id)
    )
    return [
        Participants(programme, number)
        for programme, number, total in session().execute(query)
        if number >= SMALLEST and total - number >= SMALLEST
    ]


def list_similar_answers(row: AnswerRow, text: str) -> list[AnswerRow]:
    """Published answers to the ideas most like this one, the closest first; not its own."""
    idea = row.idea
    answered = (
        select(Answer.id)
        .where(or_(Answer.idea_id == Idea.id, Answer.family_id == Idea.family_id))
        .where(Answer.answered_at.is_not(None), Answer.id != row.answer.id)
        .exists()
    )
    known: tuple[ColumnElement[bool], ...] = (Idea.is_listed.is_(True), answered)
    source = fulltext.Source("idea", Idea.id, Idea.title, (Idea.why, Idea.how), known)
    found = fulltext.find_alike(
        source, row.title, text, least=_LEAST, limit=2 * SIMILAR, without=idea.id
    )
    places = {one.key: place for place, one in enumerate(found)}
    if not places:
        return []
    like = select(Idea.family_id).where(Idea.id.in_(places), Idea.family_id.is_not(None))
    rows = session().execute(
        rows_query().where(
            Answer.answered_at.is_not(None),
            Answer.id != row.answer.id,
            or_(Answer.idea_id.in_(places), Answer.family_id.in_(like)),
        )
    )
    shown = sorted(
        (row_of(*each) for each in rows), key=lambda one: places.get(one.idea.id, len(places))
    )
    return shown[:SIMILAR]
