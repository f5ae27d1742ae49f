"""The work at the desk itself: who has what open, notes, colleagues, what can be taken back.

Must not change anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from ideas_app.accounts import queries as accounts
from ideas_app.accounts.models import Account
from ideas_app.audit.models import AuditEntry
from ideas_app.campaigns.models import Campaign
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import GRANTS, Permission
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.rules import shown_number
from ideas_app.moderation.models import DeskAct, DeskLock, DeskNote, Flag
from ideas_app.moderation.rules import UNDO_FOR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from ideas_app.core.actor import Actor
    from ideas_app.moderation.rules import Item


@dataclass(frozen=True, slots=True)
class LockView:
    """Who has an item open, since when, and from whom it was taken over."""

    account_id: int
    name: str
    taken_at: datetime
    taken_from: str | None


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note with its author's nickname."""

    text: str
    name: str | None
    written_at: datetime


def find_lock(item: Item, thing_id: int) -> LockView | None:
    """Who has an item open now, or None."""
    former = aliased(Account)
    row = (
        session()
        .execute(
            select(DeskLock, Account.nickname, former.nickname.label("former"))
            .join(Account, Account.id == DeskLock.account_id)
            .outerjoin(former, former.id == DeskLock.taken_from)
            .where(DeskLock.kind == item.value, DeskLock.thing_id == thing_id)
            .where(DeskLock.until > clock.now())
            .execution_options(populate_existing=True)
        )
        .first()
    )
    if row is None:
        return None
    lock = row.DeskLock
    return LockView(lock.account_id, row.nickname, lock.taken_at, row.former)


def list_colleagues(*, but: int | None = None) -> dict[int, str]:
    """Everybody who works at one of the two desks, by account: their nicknames."""
    desks = {Permission.IDEA_MODERATE, Permission.ANSWER_WRITE}
    roles = [role for role, grants in GRANTS.items() if desks & grants]
    query = select(Account.id, Account.nickname).where(
        Account.role.in_(roles),
        Account.disabled_at.is_(None),
        Account.deleted_at.is_(None),
        Account.verified_at.is_not(None),
    )
    return {row.id: row.nickname for row in session().execute(query) if row.id != but}


def list_notes(idea_id: int) -> list[NoteView]:
    """The notes beside an idea, oldest first."""
    rows = session().execute(
        select(DeskNote.text, DeskNote.written_at, Account.nickname)
        .outerjoin(Account, Account.id == DeskNote.author_id)
        .where(DeskNote.idea_id == idea_id)
        .order_by(DeskNote.id)
    )
    return [NoteView(row.text, row.nickname, row.written_at) for row in rows]


def get_note(note_id: int) -> DeskNote:
    """A note. Raises `NotFound`."""
    found = session().get(DeskNote, note_id)
    if found is None:
        raise NotFound("no_note", _l("This does not exist, or no longer."))
    return found


@dataclass(frozen=True, slots=True)
class AuthorFacts:
    """What is known of an author at the desk, in numbers."""

    since_at: datetime
    is_verified: bool
    trusted_at: datetime | None
    published: int
    rejected: int
    flagged: int
    """Their ideas that somebody has flagged."""


def facts_of_author(author_id: int) -> AuthorFacts:
    """An author in numbers, ideas from paper apart. Two statements. Raises `NotFound`."""
    account = accounts.get_account(author_id)
    own = (Idea.author_id == author_id, Idea.pen_name.is_(None))

    def count(*where: ColumnElement[bool]) -> Any:
        return select(func.count(Idea.id)).where(*own, *where).scalar_subquery()

    flagged = (
        select(func.count(func.distinct(Flag.idea_id)))
        .join(Idea, Idea.id == Flag.idea_id)
        .where(*own)
        .scalar_subquery()
    )
    is_rejected = count(Idea.state == State.REJECTED)
    row = (
        session().execute(select(count(Idea.published_at.is_not(None)), is_rejected, flagged)).one()
    )
    return AuthorFacts(
        account.created_at, account.verified_at is not None, account.trusted_at, *row
    )


def find_number(idea_id: int) -> str:
    """The number under which people know an idea; empty where there is none."""
    query = select(Campaign.year, Idea.number).join(Campaign, Campaign.id == Idea.campaign_id)
    row = session().execute(query.where(Idea.id == idea_id)).first()
    return shown_number(row.year, row.number) if row else ""


def count_published_of(author_id: int) -> int:
    """How many ideas of an author a person at the desk has let onto the list."""
    published = select(func.count(func.distinct(Idea.id))).where(
        Idea.author_id == author_id, Idea.pen_name.is_(None), Idea.published_at.is_not(None)
    )
    return session().scalar(published) or 0


def find_last_entry_of(actor_id: int | None) -> AuditEntry | None:
    """The newest entry of the log that names an account as who acted."""
    query = select(AuditEntry).where(AuditEntry.actor_id == actor_id)
    return session().scalar(query.order_by(AuditEntry.id.desc()).limit(1))


def get_act(act_id: int) -> DeskAct:
    """An act that could be taken back. Raises `NotFound`."""
    found = session().get(DeskAct, act_id)
    if found is None:
        raise NotFound("no_act", _l("This can no longer be taken back."))
    return found


def list_batch(act: DeskAct) -> Sequence[DeskAct]:
    """An act with those decided together with it, in the order in which they were made."""
    first = act.batch_id or act.id
    query = select(DeskAct).where(or_(DeskAct.id == first, DeskAct.batch_id == first))
    return session().scalars(query.order_by(DeskAct.id)).all()


def find_undoable(actor: Actor) -> tuple[DeskAct, int] | None:
    """The actor's newest act that can still be taken back, and of how many ideas it is; None without one."""
    query = select(DeskAct).where(
        DeskAct.actor_id == actor.id,
        DeskAct.batch_id.is_(None),
        DeskAct.until > clock.now(),
    )
    act = session().scalar(query.order_by(DeskAct.id.desc()).limit(1))
    if act is None or act.undone_at:
        return None
    return act, len(list_batch(act))


def count_done_today(actor: Actor) -> int:
    """How many things the actor has decided since local midnight and not taken back."""
    query = select(func.count(DeskAct.id)).where(
        DeskAct.actor_id == actor.id,
        DeskAct.until >= clock.day_start(clock.today()) + UNDO_FOR,
        DeskAct.undone_at.is_(None),
    )
    return session().scalar(query) or 0
