"""The public ledger, by answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, func, or_, select, true

from ideas_app.answers.models import Answer, Promise
from ideas_app.answers.queries.filters import EVERYTHING, LedgerFilter, has_promise, narrow
from ideas_app.answers.queries.rows import IS_PUBLIC, AnswerRow, joined, row_of, rows_query
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.core.prepared import Prepared, given
from ideas_app.ideas.models import Family, Idea

if TYPE_CHECKING:
    from sqlalchemy import Select


def list_public(
    chosen: LedgerFilter = EVERYTHING, *, after: str | None = None, limit: int = 20
) -> Page[AnswerRow]:
    """Published answers, newest first; not those to ideas that the centre has hidden since."""
    query = narrow(rows_query().where(*IS_PUBLIC), chosen, Answer.department)
    if chosen.year:
        query = query.where(*_within_year(chosen.year))
    if chosen.standing:
        query = query.where(has_promise(chosen.standing))
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


class NewestAnswer(NamedTuple):
    """A published answer as a card shows it, of plain values."""

    answer: Any
    """Its decision, department, headline, reason, and when it was given."""
    idea: Any
    """Id and title of the idea, or of the family's first member that is listed."""
    title: str
    promises: int


def list_newest(*, limit: int) -> list[NewestAnswer]:
    """The newest of `list_public`, for the front page. One statement."""
    return [
        NewestAnswer(row, _Named(row.idea_id, row.idea_title), row.title, row.promises)
        for row in _NEWEST.all(limit=limit)
    ]


class _Named(NamedTuple):
    id: int
    title: str


def _newest() -> Select[*tuple[Any, ...]]:
    promises = select(func.count(Promise.id)).where(Promise.answer_id == Answer.id)
    query = joined(
        select(
            Answer.decision,
            Answer.department,
            Answer.headline,
            Answer.reason,
            Answer.answered_at,
            Idea.id.label("idea_id"),
            Idea.title.label("idea_title"),
            func.coalesce(Family.title, Idea.title).label("title"),
            promises.scalar_subquery().label("promises"),
        )
    )
    ordered = query.where(*IS_PUBLIC).order_by(Answer.answered_at.desc(), Answer.id.desc())
    return ordered.limit(given("limit", Integer()))


_NEWEST = Prepared(_newest())


def _within_year(year: int) -> tuple[ColumnElement[bool], ...]:
    first, next_first = (clock.day_start(date(each, 1, 1)) for each in (year, year + 1))
    return Answer.answered_at >= first, Answer.answered_at < next_first


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
