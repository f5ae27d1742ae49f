"""What helps to judge an idea: its log, its author's other ideas, what it was before it was hidden.

Must not change anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.accounts.models import Account
from ideas_app.audit import queries as audit
from ideas_app.audit.models import AuditEntry
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.models import Campaign
from ideas_app.core.db import session
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import Idea
from ideas_app.ideas.rules import shown_number

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import RejectCode, State
    from ideas_app.ideas.queries import IdeaRow

PAST = 8
"""How many earlier ideas of an author the desk shows."""


@dataclass(frozen=True, slots=True)
class PastIdea:
    """Another idea of the same author, in one line."""

    id: int
    title: str
    number: str
    state: State
    code: RejectCode | None
    supports: int


@dataclass(frozen=True, slots=True)
class Act:
    """An entry of the log with its actor's nickname, which only the desk sees."""

    at: datetime
    tag: str
    role: str
    nickname: str | None
    reason: str


def list_acts(idea_id: int) -> list[Act]:
    """What was done with an idea, oldest first. Two statements."""
    entries = audit.list_of_subject("idea", idea_id)
    wanted = {entry.actor_id for entry in entries if entry.actor_id}
    names: dict[int, str] = {}
    if wanted:
        query = select(Account.id, Account.nickname).where(Account.id.in_(wanted))
        names = {row.id: row.nickname for row in session().execute(query)}
    return [
        Act(entry.at, entry.tag, entry.actor_role, names.get(entry.actor_id or 0), entry.reason)
        for entry in entries
    ]


def list_past_of_author(author_id: int, *, but: int, limit: int = PAST) -> list[PastIdea]:
    """An author's other ideas in every state, newest first."""
    rows = session().execute(
        select(
            Idea.id,
            Idea.title,
            Idea.number,
            Idea.state,
            Idea.code,
            Idea.supports_count,
            Campaign.year,
        )
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(Idea.author_id == author_id, Idea.id != but)
        .order_by(Idea.id.desc())
        .limit(limit)
    )
    return [
        PastIdea(
            id=row.id,
            title=row.title,
            number=shown_number(row.year, row.number),
            state=row.state,
            code=row.code,
            supports=row.supports_count,
        )
        for row in rows
    ]


def list_similar(idea: Idea, actor: Actor) -> list[IdeaRow]:
    """The ideas most alike, of every campaign and in every state that the actor may read."""
    body = f"{idea.why}\n{idea.how}"
    found = ideas.find_similar(idea.title, body, actor=actor, without=idea.id)
    return [similar.row for similar in found]


def find_rejecter(idea_id: int) -> int | None:
    """The account that rejected the idea last, from the log; None when the system did."""
    entry = _last(Tag.IDEA_REJECTED, "idea", idea_id)
    return entry.actor_id if entry else None


def find_former(family_id: int) -> int | None:
    """The account that formed the family, from the log."""
    entry = _last(Tag.FAMILY_FORMED, "family", family_id)
    return entry.actor_id if entry else None


def find_before_hiding(idea_id: int) -> dict[str, Any]:
    """State, code, words and date that an idea had when it was hidden last; empty when unknown."""
    entry = _last(Tag.IDEA_HIDDEN, "idea", idea_id)
    return dict(entry.diff.get("before") or {}) if entry else {}


def _last(tag: Tag, subject_type: str, subject_id: int) -> AuditEntry | None:
    return session().scalar(
        select(AuditEntry)
        .where(AuditEntry.subject_type == subject_type, AuditEntry.subject_id == subject_id)
        .where(AuditEntry.tag == tag.value)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
