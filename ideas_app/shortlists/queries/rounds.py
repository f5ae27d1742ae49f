"""Reads of rounds, and of what stands for election in them. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from ideas_app.campaigns.models import Campaign
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.shortlists.models import Round, RoundEntry, RoundState, Source
from ideas_app.votes import queries as votes

if TYPE_CHECKING:
    from collections.abc import Sequence

CHOOSABLE = frozenset({State.PUBLISHED, State.ON_BALLOT})
"""States from which an idea can come onto a list."""


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round with its campaign, for lists."""

    round: Round
    campaign: Campaign


@dataclass(frozen=True, slots=True)
class Choice:
    """An idea or a family that can be elected."""

    title: str
    idea_id: int | None = None
    family_id: int | None = None
    entry_id: int | None = None
    """Its line on the ballot, where the ballot is what counts."""

    @property
    def project(self) -> str:
        """Its public id in files and links: i17 for an idea, f3 for a family."""
        return votes.subject_key(self)


def get_round(round_id: int, *, for_update: bool = False) -> Round:
    """A round with its entries in the order of the lot. Raises `NotFound`."""
    query = select(Round).where(Round.id == round_id).options(selectinload(Round.entries))
    found = session().scalar(query.with_for_update() if for_update else query)
    if found is None:
        raise NotFound("no_round", _l("There is no such shortlist."))
    return found


def list_rounds(*, published_only: bool, limit: int = 100) -> list[RoundRow]:
    """Rounds with their campaigns, newest first."""
    query = select(Round, Campaign).join(Campaign, Campaign.id == Round.campaign_id)
    if published_only:
        query = query.where(Round.state == RoundState.PUBLISHED)
    found = session().execute(query.order_by(Round.id.desc()).limit(limit))
    return [RoundRow(round_, campaign) for round_, campaign in found]


def find_published(campaign_id: int) -> Round | None:
    """The published round of a campaign, with its entries."""
    return session().scalar(
        select(Round)
        .where(Round.campaign_id == campaign_id, Round.state == RoundState.PUBLISHED)
        .options(selectinload(Round.entries))
        .order_by(Round.id.desc())
        .limit(1)
    )


def list_elected(round_: Round) -> list[RoundEntry]:
    """The entries on the list, in the order of their election."""
    chosen = [entry for entry in round_.entries if entry.rank is not None]
    return sorted(chosen, key=lambda entry: entry.rank or 0)


def list_ideas_of(entries: Sequence[RoundEntry]) -> list[Idea]:
    """The ideas behind entries, members of families included, that can still come onto a list:
    not those withdrawn, hidden or split since.
    """
    alone = [entry.idea_id for entry in entries if entry.idea_id is not None]
    families = [entry.family_id for entry in entries if entry.family_id is not None]
    query = select(Idea).where(or_(Idea.id.in_(alone), Idea.family_id.in_(families)))
    return list(session().scalars(query.where(Idea.state.in_(CHOOSABLE)).order_by(Idea.id)))


def list_choices(campaign: Campaign, source: Source) -> list[Choice]:
    """What can be elected: the lines of the ballot that still stand, or, where the supports of the
    gathering count, every published idea and family.
    """
    if source is Source.BALLOT:
        return [
            Choice(entry.title, entry.idea_id, entry.family_id, entry.id)
            for entry in votes.list_entries(campaign)
            if entry.is_standing
        ]
    standing = (Idea.campaign_id == campaign.id) & Idea.state.in_(CHOOSABLE)
    ideas = session().execute(
        select(Idea.id, Idea.title).where(standing, Idea.family_id.is_(None)).order_by(Idea.id)
    )
    families = session().execute(
        select(Family.id, Family.title)
        .where(Family.id.in_(select(Idea.family_id).where(standing)), Family.split_at.is_(None))
        .order_by(Family.id)
    )
    return [Choice(title, idea_id=idea_id) for idea_id, title in ideas] + [
        Choice(title, family_id=family_id) for family_id, title in families
    ]


def list_ballots(campaign: Campaign, source: Source, choices: Sequence[Choice]) -> list[list[str]]:
    """The approvals of each voter as public ids: nothing of who, when or how."""
    if source is Source.SUPPORTS:
        places = votes.supports_as_lists(campaign, choices)
        return [[choices[place].project for place in ballot] for ballot in places]
    project = {choice.entry_id: choice.project for choice in choices}
    return [
        [project[entry_id] for entry_id in ballot if entry_id in project]
        for ballot in votes.ballots_as_lists(campaign)
    ]
