"""Reads of single comments and of how many there are. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    and_,
    func,
    select,
)

from ideas_app.comments.models import Comment, Stance
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Idea

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.core.actor import Actor


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


def count_by_campaign(account_id: int) -> dict[int, int]:
    """How many comments that can be read a person wrote, by campaign: for their own record."""
    query = (
        select(Idea.campaign_id, func.count(Comment.id))
        .join(Idea, Idea.id == Comment.idea_id)
        .where(Comment.author_id == account_id, visible_clause())
        .group_by(Idea.campaign_id)
    )
    return {row[0]: row[1] for row in session().execute(query)}


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
