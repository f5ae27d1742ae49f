"""Reads for preparing a ballot. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core.db import session
from ideas_app.ideas.models import Family, Idea
from ideas_app.votes.models import BallotEntry
from ideas_app.votes.queries.ballots import members_of
from ideas_app.votes.rules import BALLOTABLE, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.votes.queries.supports import HasSubject

CANDIDATES = 300
"""How many ideas the page that prepares a ballot offers beside those already chosen."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An idea or a family that may come onto the ballot."""

    subject: Subject
    title: str
    field: Field | None
    supports_count: int
    members: int
    page_id: int
    is_chosen: bool

    @property
    def key(self) -> str:
        """Its name in the form that prepares the ballot: `i17`, `f3`."""
        return subject_key(self.subject)


def subject_key(subject: HasSubject) -> str:
    """The short public name of what an entry is about: `i17`, `f3`."""
    return f"f{subject.family_id}" if subject.family_id else f"i{subject.idea_id}"


def list_candidates(campaign: Campaign, *, limit: int = CANDIDATES) -> list[Candidate]:
    """Ideas and families that may come onto the ballot: the chosen ones first, then the most
    supported.

    An idea within a family comes with its family only.
    """
    chosen = {
        Subject(idea_id, family_id)
        for idea_id, family_id in session().execute(
            select(BallotEntry.idea_id, BallotEntry.family_id).where(
                BallotEntry.campaign_id == campaign.id
            )
        )
    }
    found = _family_candidates(campaign, chosen) + _idea_candidates(campaign, chosen, limit)
    return sorted(found, key=lambda one: (not one.is_chosen, -one.supports_count, one.page_id))


def _idea_candidates(campaign: Campaign, chosen: set[Subject], limit: int) -> list[Candidate]:
    kept = [subject.idea_id for subject in chosen if subject.idea_id]
    query = (
        select(Idea.id, Idea.title, Idea.supports_count, Field)
        .join(Field, Field.id == Idea.field_id)
        .where(Idea.campaign_id == campaign.id, Idea.family_id.is_(None))
        .where(Idea.state.in_(BALLOTABLE))
    )
    best = query.order_by(Idea.supports_count.desc(), Idea.id.desc()).limit(limit)
    rows = {row.id: row for row in session().execute(best)}
    if not set(kept) <= set(rows):
        rows |= {row.id: row for row in session().execute(query.where(Idea.id.in_(kept)))}
    return [
        Candidate(
            subject=Subject(idea_id=row.id),
            title=row.title,
            field=row.Field,
            supports_count=row.supports_count,
            members=1,
            page_id=row.id,
            is_chosen=Subject(idea_id=row.id) in chosen,
        )
        for row in rows.values()
    ]


def _family_candidates(campaign: Campaign, chosen: set[Subject]) -> list[Candidate]:
    query = select(Family).where(Family.campaign_id == campaign.id, Family.split_at.is_(None))
    families = session().scalars(query).all()
    members = members_of([family.id for family in families])
    return [
        Candidate(
            subject=Subject(family_id=family.id),
            title=family.title,
            field=members[family.id].first_field,
            supports_count=family.supports_count,
            members=members[family.id].count,
            page_id=members[family.id].first_id,
            is_chosen=Subject(family_id=family.id) in chosen,
        )
        for family in families
        if family.id in members
    ]


def load_subjects(candidates: Iterable[Candidate]) -> list[Idea | Family]:
    """The ideas and families that candidates stand for, in their order."""
    wanted = [candidate.subject for candidate in candidates]
    found: dict[Subject, Idea | Family] = {
        Subject(idea_id=idea.id): idea
        for idea in session().scalars(
            select(Idea).where(Idea.id.in_([one.idea_id for one in wanted if one.idea_id]))
        )
    }
    for family in session().scalars(
        select(Family).where(Family.id.in_([one.family_id for one in wanted if one.family_id]))
    ):
        found[Subject(family_id=family.id)] = family
    return [found[subject] for subject in wanted if subject in found]
