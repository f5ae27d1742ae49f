"""The public ledger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, true

from ideas_app.answers.models import Answer, Decision
from ideas_app.answers.queries.rows import AnswerRow, row_of, rows_query
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core.db import session
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.ideas.models import Idea, State


def list_public(
    *,
    decision: Decision | None = None,
    campaign: str | None = None,
    field: str | None = None,
    after: str | None = None,
    limit: int = 20,
) -> Page[AnswerRow]:
    """Published answers, newest first; not those to ideas that the centre has hidden since."""
    query = rows_query().where(
        Answer.answered_at.is_not(None), or_(Idea.is_listed, Idea.state == State.WITHDRAWN)
    )
    if decision:
        query = query.where(Answer.decision == decision)
    if campaign:
        query = query.where(Campaign.slug == campaign)
    if field:
        query = query.where(Field.key == field)
    key = decode_cursor(after, str, int)
    if key:
        query = query.where(_older_than(str(key[0]), int(key[1])))
    ordered = query.order_by(Answer.answered_at.desc(), Answer.id.desc())
    rows = [row_of(*row) for row in session().execute(ordered.limit(limit + 1))]
    more = None
    if len(rows) > limit:
        last = rows[limit - 1].answer
        more = encode_cursor(last.answered_at.isoformat() if last.answered_at else "", last.id)
    return Page(rows[:limit], more)


def _older_than(stamp: str, answer_id: int) -> ColumnElement[bool]:
    """The rows behind a cursor; a spoilt cursor starts the list anew."""
    try:
        instant = datetime.fromisoformat(stamp)
    except ValueError:
        return true()
    if instant.tzinfo is None:
        return true()
    same = and_(Answer.answered_at == instant, Answer.id < answer_id)
    return or_(Answer.answered_at < instant, same)
