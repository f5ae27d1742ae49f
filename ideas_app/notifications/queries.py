"""Reads of notices, and of who is to be told. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from ideas_app.accounts.models import Account
from ideas_app.core.db import session
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.ideas.models import Follow, Idea, State
from ideas_app.notifications.models import Notice
from ideas_app.shortlists.models import RoundEntry
from ideas_app.votes.models import Support

if TYPE_CHECKING:
    from collections.abc import Iterable

_DECIDED = (State.SHORTLISTED, State.NOT_SHORTLISTED, State.ANSWERED, State.DONE)
COUNTED = 99
"""An unread count above this is shown as more than it: nobody counts further."""


def list_of(account_id: int | None, *, after: str | None = None, limit: int = 30) -> Page[Notice]:
    """One person's notices, newest first."""
    query = select(Notice).where(Notice.account_id == account_id).order_by(Notice.id.desc())
    key = decode_cursor(after, int)
    if key:
        query = query.where(Notice.id < key[0])
    rows = list(session().scalars(query.limit(limit + 1)))
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(rows[:limit], more)


def count_unread(account_id: int | None) -> int:
    """How many notices a person has not read; at most `COUNTED` + 1."""
    if account_id is None:
        return 0
    unread = (
        select(Notice.id)
        .where(Notice.account_id == account_id, Notice.read_at.is_(None))
        .limit(COUNTED + 1)
    )
    return session().scalar(select(func.count()).select_from(unread.subquery())) or 0


def find_to_mail(notice_id: int) -> tuple[Notice, Account] | None:
    """A notice not mailed yet and its receiver, if that person still gets mail."""
    row = (
        session()
        .execute(
            select(Notice, Account)
            .join(Account, Account.id == Notice.account_id)
            .where(Notice.id == notice_id, Notice.mailed_at.is_(None))
            .where(Account.email.is_not(None), Account.verified_at.is_not(None))
            .where(Account.disabled_at.is_(None), Account.deleted_at.is_(None))
            .execution_options(populate_existing=True)
        )
        .one_or_none()
    )
    return (row[0], row[1]) if row else None


def list_open(account_ids: Iterable[int | None]) -> list[int]:
    """Those of the accounts that still belong to somebody, each once."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    return sorted(
        session().scalars(
            select(Account.id).where(Account.id.in_(wanted), Account.deleted_at.is_(None))
        )
    )


def list_interested(ideas: Iterable[Idea]) -> dict[int, Idea]:
    """By account, an idea of these that the person supports or follows; authors of any are left out."""
    by_id = {idea.id: idea for idea in ideas}
    authors = {idea.author_id for idea in by_id.values()}
    found: dict[int, Idea] = {}
    for table in (Support, Follow):
        rows = session().execute(
            select(table.account_id, table.idea_id)
            .where(table.idea_id.in_(by_id))
            .order_by(table.idea_id)
        )
        for account_id, idea_id in rows:
            if account_id not in authors:
                found.setdefault(account_id, by_id[idea_id])
    return found


def list_members(family_id: int) -> list[Idea]:
    """The ideas that stand in a family now."""
    query = select(Idea).where(Idea.family_id == family_id).order_by(Idea.id)
    return list(session().scalars(query))


def count_of_kind(account_id: int, kind: str, idea_id: int) -> int:
    """How often a person was told one kind of thing about one idea."""
    query = select(func.count(Notice.id)).where(
        Notice.account_id == account_id, Notice.kind == kind, Notice.idea_id == idea_id
    )
    return session().scalar(query) or 0


def list_ideas_of_round(round_id: int, *, elected: bool) -> list[Idea]:
    """The ideas whose entry, or whose family's entry, was elected in a round, or was not."""
    place = RoundEntry.final_rank
    rank = place.is_not(None) if elected else place.is_(None)
    chosen = select(RoundEntry.idea_id, RoundEntry.family_id).where(
        RoundEntry.round_id == round_id, rank
    )
    alone: set[int | None] = set()
    families: set[int | None] = set()
    for idea_id, family_id in session().execute(chosen):
        (alone if family_id is None else families).add(idea_id if family_id is None else family_id)
    query = select(Idea).where(or_(Idea.id.in_(alone), Idea.family_id.in_(families)))
    return list(session().scalars(query.where(Idea.state.in_(_DECIDED)).order_by(Idea.id)))
