"""What officials owe: answers by due date."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from ideas_app.answers.models import Answer
from ideas_app.answers.queries.rows import GONE, LAST_DAY, AnswerRow, row_of, rows_query
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea


def list_inbox() -> list[AnswerRow]:
    """Answers still owed, the earliest due first."""
    found = session().execute(
        rows_query()
        .where(Answer.answered_at.is_(None))
        .where(or_(Answer.family_id.is_not(None), Idea.state.not_in(GONE)))
        .order_by(LAST_DAY, Answer.id)
    )
    return [row_of(*row) for row in found]


def count_owed() -> int:
    """Answers that wait to be written: the number in the official's bar."""
    query = (
        select(func.count(Answer.id))
        .outerjoin(Idea, Idea.id == Answer.idea_id)
        .where(Answer.answered_at.is_(None))
        .where(or_(Answer.family_id.is_not(None), Idea.state.not_in(GONE)))
    )
    return session().scalar(query) or 0
