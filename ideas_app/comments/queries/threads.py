"""Discussions, put in order. Must not change anything; what is deleted or hidden leaves here without its text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    select,
)

from ideas_app.accounts.models import Account
from ideas_app.comments.models import Comment, Stance
from ideas_app.comments.queries.written import visible_clause
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.core.prepared import Prepared, given
from ideas_app.ideas.models import Idea

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ideas_app.core.prepared import Asked

SHOWN = 20
"""Comments of each stance, and replies to each comment, that the idea page shows at once."""
WHOLE = 200
"""A discussion of at most so many comments and replies, deleted ones included, is read whole."""


class Line(NamedTuple):
    """A comment as pages show it. A tuple, because a page makes many of them: its fields are the columns of
    `_lines`, in their order, and then the replies.
    """

    id: int
    idea_id: int
    """The idea under which it was written: of a family, one of several."""
    parent_id: int | None
    stance: Stance
    text: str
    """Empty where it was deleted or hidden."""
    author_id: int
    nickname: str
    is_staff_voice: bool
    is_of_author: bool
    """Written by the idea's own author."""
    written_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    hidden_at: datetime | None
    hidden_code: str | None
    highlighted_at: datetime | None
    replies: Sequence[Line] = ()
    replies_count: int = 0
    """Replies in all; `replies` may hold fewer."""

    @property
    def is_visible(self) -> bool:
        """Whether its text can be read."""
        return self.deleted_at is None and self.hidden_at is None


@dataclass(frozen=True, slots=True)
class Column:
    """The comments of one stance: the first of them, and how many there are."""

    stance: Stance
    lines: list[Line]
    count: int
    """Comments that can be read, without replies."""
    next: str | None
    """Cursor of the rest, None when all are here."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The discussion of an idea."""

    columns: tuple[Column, Column, Column]
    """For, against, neutral."""

    @property
    def count(self) -> int:
        """Comments that can be read, without replies: what the bar of stances divides."""
        return sum(column.count for column in self.columns)

    @property
    def is_empty(self) -> bool:
        """Whether nobody has written yet."""
        return not any(column.lines for column in self.columns)


def short_talk(idea_id: int) -> Asked:
    """What reads a whole discussion along with its idea: the lines for `list_together`, none where it is long or where
    several ideas are talked about together.
    """
    return _SHORT, {"idea_id": idea_id}


def list_together(
    idea_ids: Sequence[int],
    *,
    shown: int = SHOWN,
    expected: int | None = None,
    lines: list[Line] | None = None,
) -> Thread:
    """The discussion of some ideas as one: the first comments of each stance, highlighted ones on
    top, then in the order of writing. `expected`: their number, where the caller knows it; `lines`: what `short_talk`
    gave for the one idea.

    A short discussion comes whole in one statement, and is put in order here: window functions cost the
    database more than that. Of a long one (`WHOLE`) only what is shown leaves the database, in two statements
    (and one more where that was not expected); the rest is behind each column's cursor.
    """
    if expected is None or expected <= WHOLE:
        if len(idea_ids) != 1:
            lines = list(map(_line, session().execute(_of_many(), {"idea_ids": idea_ids})))
        elif lines is None or (expected and not lines):
            # none though some are expected: between the two something was said, or a family parted
            lines = _OF_ONE.all(idea_id=idea_ids[0])
        if len(lines) <= WHOLE:
            return _ordered(lines, shown)
    return _ranked(idea_ids, shown)


def _whole(wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The statement of a short discussion."""
    return _lines().where(wanted).order_by(_comment.c.id).limit(WHOLE + 1)


@cache
def _of_many() -> Select[*tuple[Any, ...]]:
    return _whole(_comment.c.idea_id.in_(bindparam("idea_ids", expanding=True)))


def _ordered(lines: list[Line], shown: int) -> Thread:
    """A whole discussion, its lines in the order of writing, as `list_together` shows it."""
    heads: dict[Stance, list[Line]] = {stance: [] for stance in Stance}
    answers: dict[int, list[Line]] = defaultdict(list)
    if any(line.highlighted_at for line in lines):
        lines = sorted(lines, key=lambda line: line.highlighted_at is None)
    for line in lines:
        (heads[line.stance] if line.parent_id is None else answers[line.parent_id]).append(line)

    def with_replies(line: Line) -> Line:
        found = answers.get(line.id)
        replies = sorted(found[:shown], key=lambda line: line.id) if found else ()
        return _line(line, (replies, len(found))) if found else line

    def column(stance: Stance) -> Column:
        of_stance = heads[stance]
        return _column(
            stance,
            [with_replies(line) for line in of_stance[:shown]],
            count=len([1 for line in of_stance if not line.deleted_at and not line.hidden_at]),
            has_more=len(of_stance) > shown,
        )

    return Thread((column(Stance.FOR), column(Stance.AGAINST), column(Stance.NEUTRAL)))


def _ranked(idea_ids: Sequence[int], shown: int) -> Thread:
    """What is shown of a long discussion."""
    place = _place(Comment.stance)
    seen = func.sum(case((visible_clause(), 1), else_=0)).over(partition_by=Comment.stance)
    ranked = (
        select(Comment.id, place.label("place"), seen.label("seen"))
        .where(Comment.idea_id.in_(idea_ids), Comment.parent_id.is_(None))
        .subquery()
    )
    query = (
        _lines()
        .add_columns(ranked.c.place, ranked.c.seen)
        .join(ranked, ranked.c.id == Comment.id)
        .where(ranked.c.place <= shown + 1)
        .order_by(ranked.c.place)
    )
    rows = session().execute(query).all()
    replies = _replies_of(idea_ids, [row.id for row in rows if row.place <= shown], shown)

    def column(stance: Stance) -> Column:
        of_stance = [row for row in rows if row.stance is stance]
        return _column(
            stance,
            [_line(row, replies.get(row.id, ((), 0))) for row in of_stance[:shown]],
            count=int(of_stance[0].seen) if of_stance else 0,
            has_more=len(of_stance) > shown,
        )

    return Thread((column(Stance.FOR), column(Stance.AGAINST), column(Stance.NEUTRAL)))


def _column(stance: Stance, lines: list[Line], *, count: int, has_more: bool) -> Column:
    return Column(stance, lines, count, encode_cursor(lines[-1].id) if has_more else None)


def list_page(
    idea_ids: Sequence[int], stance: Stance | None, *, after: str | None = None, limit: int = SHOWN
) -> Page[Line]:
    """The comments of one stance, or of all, on some ideas in the order of writing, from a cursor on."""
    query = _lines().where(Comment.idea_id.in_(idea_ids), Comment.parent_id.is_(None))
    if stance is not None:
        query = query.where(Comment.stance == stance)
    rows, cursor = _page(query, after, limit)
    replies = _replies_of(idea_ids, [row.id for row in rows], limit)
    return Page([_line(row, replies.get(row.id, ((), 0))) for row in rows], cursor)


def list_replies(comment: Comment, *, after: str | None = None, limit: int = SHOWN) -> Page[Line]:
    """The replies to one comment in the order of writing, from a cursor on."""
    query = _lines().where(Comment.idea_id == comment.idea_id, Comment.parent_id == comment.id)
    rows, cursor = _page(query, after, limit)
    return Page([_line(row) for row in rows], cursor)


def get_line(comment_id: int) -> Line:
    """One comment as pages show it, without its replies; raises `NotFound`."""
    row = session().execute(_lines().where(Comment.id == comment_id)).one_or_none()
    if row is None:
        raise NotFound("not_found", _l("There is no such comment."))
    return _line(row)


def list_of_author(account_id: int, *, limit: int = 100) -> list[Line]:
    """The person's comments, latest first: for their own record."""
    query = _lines().where(Comment.author_id == account_id, Comment.deleted_at.is_(None))
    rows = session().execute(query.order_by(Comment.id.desc()).limit(limit))
    return [_line(row) for row in rows]


# tables, not classes: such a statement goes past the mapper, and the lines of a discussion are many
_comment, _account, _idea = Comment.__table__, Account.__table__, Idea.__table__
_is_shown = and_(_comment.c.deleted_at.is_(None), _comment.c.hidden_at.is_(None))


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            _comment.c.id,
            _comment.c.idea_id,
            _comment.c.parent_id,
            _comment.c.stance,
            case((_is_shown, _comment.c.text), else_="").label("text"),
            _comment.c.author_id,
            _account.c.nickname,
            _comment.c.is_staff_voice,
            (_comment.c.author_id == _idea.c.author_id).label("is_of_author"),
            _comment.c.written_at,
            _comment.c.edited_at,
            _comment.c.deleted_at,
            _comment.c.hidden_at,
            _comment.c.hidden_code,
            _comment.c.highlighted_at,
        )
        .select_from(_comment)
        .join(_account, _account.c.id == _comment.c.author_id)
        .join(_idea, _idea.c.id == _comment.c.idea_id)
    )


_COLUMNS = len(_lines().selected_columns)
_of_one = _comment.c.idea_id == given("idea_id", Integer())
_OF_ONE = Prepared(_whole(_of_one), Line, ((), 0))
_is_short = and_(_idea.c.family_id.is_(None), _idea.c.comments_count <= WHOLE)
_SHORT = Prepared(_whole(and_(_of_one, _is_short)), Line, ((), 0))


def _place(partition: Any) -> ColumnElement[int]:
    first = case((Comment.highlighted_at.is_not(None), 0), else_=1)
    return func.row_number().over(partition_by=partition, order_by=(first, Comment.id))


def _page(
    query: Select[*tuple[Any, ...]], after: str | None, limit: int
) -> tuple[list[Any], str | None]:
    last = decode_cursor(after, int)
    if last is not None:
        query = query.where(Comment.id > last[0])
    rows = list(session().execute(query.order_by(Comment.id).limit(limit + 1)))
    cursor = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return rows[:limit], cursor


def _replies_of(
    idea_ids: Sequence[int], comment_ids: Sequence[int], shown: int
) -> dict[int, tuple[Sequence[Line], int]]:
    """The first replies to each of the comments, and how many there are."""
    if not comment_ids:
        return {}
    total = func.count().over(partition_by=Comment.parent_id)
    ranked = (
        select(Comment.id, _place(Comment.parent_id).label("place"), total.label("total"))
        .where(Comment.idea_id.in_(idea_ids), Comment.parent_id.in_(comment_ids))
        .subquery()
    )
    query = (
        _lines()
        .add_columns(ranked.c.total)
        .join(ranked, ranked.c.id == Comment.id)
        .where(ranked.c.place <= shown)
        .order_by(Comment.id)
    )
    lines: dict[int, list[Line]] = defaultdict(list)
    totals: dict[int, int] = {}
    for row in session().execute(query):
        lines[row.parent_id].append(_line(row))
        totals[row.parent_id] = row.total
    return {parent_id: (lines[parent_id], totals[parent_id]) for parent_id in lines}


def _line(row: Any, replies: tuple[Sequence[Line], int] = ((), 0)) -> Line:
    return Line._make((*row[:_COLUMNS], *replies))
