"""One person's inbox. What the reader may not see any more is left out. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, func, or_, select

from ideas_app.core.db import session
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.ideas.models import Idea
from ideas_app.ideas.queries import readable_clause
from ideas_app.notifications.models import Notice
from ideas_app.notifications.rules import KINDS, Group

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

COUNTED = 99
"""An unread count above this is shown as more than it: nobody counts further."""
SHOWS = ("all", "unread", "decisions")
"""What the inbox can be narrowed to."""

_DUTIES = [kind for kind, each in KINDS.items() if each.group is Group.DUTY]
_DECISIONS = [kind for kind, each in KINDS.items() if each.group in {Group.OWN, Group.ANSWERS}]


def seen_by(account_id: int | InstrumentedAttribute[int] | None) -> ColumnElement[bool]:
    """Whether a person may read the idea of a notice: public ones, their own, and what they work on.

    `account_id` may be a column, for statements about several people.
    """
    readable = or_(readable_clause(), Idea.author_id == account_id)
    return or_(
        Notice.idea_id.is_(None),
        Notice.kind.in_(_DUTIES),
        exists().where(Idea.id == Notice.idea_id, readable),
    )


def list_of(
    account_id: int | None, *, show: str = "all", after: str | None = None, limit: int = 30
) -> Page[Notice]:
    """One person's notices, newest first; `show` is one of `SHOWS`."""
    query = (
        select(Notice)
        .where(Notice.account_id == account_id, Notice.in_inbox, seen_by(account_id))
        .order_by(Notice.id.desc())
    )
    if show == "unread":
        query = query.where(Notice.read_at.is_(None))
    elif show == "decisions":
        query = query.where(Notice.kind.in_(_DECISIONS))
    key = decode_cursor(after, int)
    if key:
        query = query.where(Notice.id < key[0])
    rows = list(session().scalars(query.limit(limit + 1)))
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(rows[:limit], more)


def find_own(account_id: int | None, notice_id: int) -> Notice | None:
    """A notice of one's own; None for anybody else's."""
    query = select(Notice).where(Notice.id == notice_id, Notice.account_id == account_id)
    return session().scalar(query)


def count_unread(account_id: int | None) -> int:
    """How many notices a person has not read; at most `COUNTED` + 1."""
    if account_id is None:
        return 0
    unread = (
        select(Notice.id)
        .where(Notice.account_id == account_id, Notice.read_at.is_(None))
        .where(Notice.in_inbox, seen_by(account_id))
        .limit(COUNTED + 1)
    )
    return session().scalar(select(func.count()).select_from(unread.subquery())) or 0


def count_of_kind(account_id: int, kind: str, idea_id: int) -> int:
    """How often a person was told one kind of thing about one idea."""
    query = select(func.count(Notice.id)).where(
        Notice.account_id == account_id, Notice.kind == kind, Notice.idea_id == idea_id
    )
    return session().scalar(query) or 0
