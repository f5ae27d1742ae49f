"""Flags and appeals, and the things they are about. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ideas_app.accounts.models import Account
from ideas_app.comments.models import Comment
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import Idea
from ideas_app.moderation.models import Appeal, Flag
from ideas_app.moderation.queries.context import find_rejecter

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FlagView:
    """A flag with what it points at; `comment` is None where it is the idea itself."""

    flag: Flag
    idea: Idea
    comment: Comment | None
    reporter: str
    others: int
    """Further open flags on the same thing."""

    @property
    def subject(self) -> Idea | Comment:
        """What was flagged."""
        return self.comment or self.idea


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal with its idea, and who rejected it."""

    appeal: Appeal
    idea: Idea
    rejected_by: str | None


def get_flag(flag_id: int) -> Flag:
    """A flag. Raises `NotFound`."""
    return _found(session().get(Flag, flag_id))


def get_appeal(appeal_id: int) -> Appeal:
    """An appeal. Raises `NotFound`."""
    return _found(session().get(Appeal, appeal_id))


def get_comment(comment_id: int) -> Comment:
    """A comment with its author, hidden or not. Raises `NotFound`."""
    # not joined: a comment that is held cannot be, on PostgreSQL, when an outer join comes along
    query = select(Comment).where(Comment.id == comment_id).options(selectinload(Comment.author))
    return _found(session().scalar(query))


def get_subject(flag: Flag) -> Idea | Comment:
    """The idea or comment that a flag is about."""
    if flag.comment_id is not None:
        return get_comment(flag.comment_id)
    return ideas.get_idea(flag.idea_id or 0)


def get_flag_of(reporter_id: int, subject: Idea | Comment) -> Flag:
    """The flag of a person on a thing. Raises `NotFound`."""
    column = Flag.comment_id if isinstance(subject, Comment) else Flag.idea_id
    query = select(Flag).where(Flag.reporter_id == reporter_id, column == subject.id)
    return _found(session().scalar(query))


def list_open_flags(subject: Idea | Comment) -> Sequence[Flag]:
    """The open flags on a thing, oldest first."""
    column = Flag.comment_id if isinstance(subject, Comment) else Flag.idea_id
    query = select(Flag).where(column == subject.id, Flag.settled_at.is_(None))
    return session().scalars(query.order_by(Flag.id)).all()


def view_flag(flag_id: int) -> FlagView:
    """A flag as the desk shows it. Raises `NotFound`."""
    flag = get_flag(flag_id)
    subject = get_subject(flag)
    comment = subject if isinstance(subject, Comment) else None
    idea = subject if isinstance(subject, Idea) else ideas.get_idea(subject.idea_id)
    others = [other for other in list_open_flags(subject) if other.id != flag.id]
    return FlagView(flag, idea, comment, _nickname(flag.reporter_id) or "", len(others))


def find_appeal_of(idea_id: int) -> Appeal | None:
    """The one appeal on an idea, or None."""
    return session().scalar(select(Appeal).where(Appeal.idea_id == idea_id))


def view_appeal(appeal_id: int) -> AppealView:
    """An appeal as the desk shows it. Raises `NotFound`."""
    appeal = get_appeal(appeal_id)
    rejecter = appeal.rejected_by or find_rejecter(appeal.idea_id)
    return AppealView(appeal, ideas.get_idea(appeal.idea_id), _nickname(rejecter))


def _nickname(account_id: int | None) -> str | None:
    if account_id is None:
        return None
    return session().scalar(select(Account.nickname).where(Account.id == account_id))


def _found(thing: T | None) -> T:
    if thing is None:
        raise NotFound("not_found", _l("This does not exist, or no longer."))
    return thing
