"""Reads of discussions. Must not change anything; what is deleted or hidden leaves here without
its text.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, select

from ideas_app.accounts.models import Account
from ideas_app.comments.models import Comment, Stance
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.ideas.models import Idea

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ideas_app.core.actor import Actor

SHOWN = 20
"""Comments of each stance, and replies to each comment, that the idea page shows at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """A comment as pages show it."""

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
    replies: list[Line] = field(default_factory=list)
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


def visible_clause() -> ColumnElement[bool]:
    """The condition under which a comment can be read."""
    return and_(Comment.deleted_at.is_(None), Comment.hidden_at.is_(None))


def concerned_people() -> ScalarSelect[int]:
    """How many distinct people's visible comments speak against an idea, as a part of a query on ideas."""
    return (
        select(func.count(Comment.author_id.distinct()))
        .where(Comment.idea_id == Idea.id, Comment.stance == Stance.AGAINST, visible_clause())
        .correlate(Idea)
        .scalar_subquery()
    )


def is_visible(comment: Comment) -> bool:
    """Whether a comment can be read."""
    return comment.deleted_at is None and comment.hidden_at is None


def get_comment(comment_id: int) -> Comment:
    """The comment; raises `NotFound`."""
    comment = find_comment(comment_id)
    if comment is None:
        raise NotFound("not_found", _l("There is no such comment."))
    return comment


def find_comment(comment_id: int | None) -> Comment | None:
    """The comment or None."""
    return session().get(Comment, comment_id) if comment_id is not None else None


def count_today(actor: Actor, *, since: datetime | None = None) -> int:
    """How many comments the person has written today in Seoul, or since another instant, deleted ones included."""
    since = since or clock.day_start(clock.today())
    query = select(func.count(Comment.id)).where(
        Comment.author_id == actor.id, Comment.written_at >= since
    )
    return session().scalar(query) or 0


def list_texts_of(account_id: int | None, *, but: int | None = None, limit: int = 50) -> list[str]:
    """The newest comments that a person wrote and did not delete, for the search for repetitions."""
    query = (
        select(Comment.text)
        .where(
            Comment.author_id == account_id, Comment.deleted_at.is_(None), Comment.id != (but or 0)
        )
        .order_by(Comment.id.desc())
        .limit(limit)
    )
    return list(session().scalars(query))


def list_of_idea(idea_id: int, *, shown: int = SHOWN) -> Thread:
    """The discussion of one idea, as `list_together`."""
    return list_together([idea_id], shown=shown)


def list_together(idea_ids: Sequence[int], *, shown: int = SHOWN) -> Thread:
    """The discussion of some ideas as one: the first comments of each stance, highlighted ones on
    top, then in the order of writing.

    Two statements, however long the discussion: the rest is behind each column's cursor.
    """
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
    return Thread(columns=_columns(rows, replies, shown))


def _columns(
    rows: Sequence[Any], replies: dict[int, tuple[list[Line], int]], shown: int
) -> tuple[Column, Column, Column]:
    def column(stance: Stance) -> Column:
        mine = [row for row in rows if row.stance is stance]
        lines = [_line(row, replies.get(row.id)) for row in mine if row.place <= shown]
        rest = len(mine) > len(lines)
        return Column(
            stance=stance,
            lines=lines,
            count=int(mine[0].seen) if mine else 0,
            next=encode_cursor(lines[-1].id) if rest else None,
        )

    return column(Stance.FOR), column(Stance.AGAINST), column(Stance.NEUTRAL)


def list_page(
    idea_ids: Sequence[int], stance: Stance | None, *, after: str | None = None, limit: int = SHOWN
) -> Page[Line]:
    """The comments of one stance, or of all, on some ideas in the order of writing, from a cursor on."""
    query = _lines().where(Comment.idea_id.in_(idea_ids), Comment.parent_id.is_(None))
    if stance is not None:
        query = query.where(Comment.stance == stance)
    rows, cursor = _page(query, after, limit)
    replies = _replies_of(idea_ids, [row.id for row in rows], limit)
    return Page([_line(row, replies.get(row.id)) for row in rows], cursor)


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


def find_wrong_counters() -> list[str]:
    """Each counter of comments that differs from its rows, in words for the operator."""
    counted = func.count(Comment.id)
    query = (
        select(Idea.id, Idea.comments_count, counted)
        .outerjoin(Comment, and_(Comment.idea_id == Idea.id, visible_clause()))
        .group_by(Idea.id, Idea.comments_count)
        .having(Idea.comments_count != counted)
    )
    concerned = concerned_people()
    people = select(Idea.id, Idea.concerns_count, concerned).where(Idea.concerns_count != concerned)
    return [
        f"idea {key}: {name} is {stored}, the rows say {rows}"
        for name, each in (("comments_count", query), ("concerns_count", people))
        for key, stored, rows in session().execute(each)
    ]


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Comment.id,
            Comment.idea_id,
            Comment.parent_id,
            Comment.stance,
            Comment.text,
            Comment.author_id,
            Account.nickname,
            Comment.is_staff_voice,
            (Comment.author_id == Idea.author_id).label("is_of_author"),
            Comment.written_at,
            Comment.edited_at,
            Comment.deleted_at,
            Comment.hidden_at,
            Comment.hidden_code,
            Comment.highlighted_at,
        )
        .join(Account, Account.id == Comment.author_id)
        .join(Idea, Idea.id == Comment.idea_id)
    )


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
) -> dict[int, tuple[list[Line], int]]:
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


def _line(row: Any, replies: tuple[list[Line], int] | None = None) -> Line:
    can_be_read = row.deleted_at is None and row.hidden_at is None
    return Line(
        id=row.id,
        idea_id=row.idea_id,
        parent_id=row.parent_id,
        stance=row.stance,
        text=row.text if can_be_read else "",
        author_id=row.author_id,
        nickname=row.nickname,
        is_staff_voice=row.is_staff_voice,
        is_of_author=bool(row.is_of_author),
        written_at=row.written_at,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
        hidden_at=row.hidden_at,
        hidden_code=row.hidden_code,
        highlighted_at=row.highlighted_at,
        replies=replies[0] if replies else [],
        replies_count=replies[1] if replies else 0,
    )
