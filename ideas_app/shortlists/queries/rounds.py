"""Reads of rounds, and of what stands for election in them. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from ideas_app.campaigns.models import Campaign
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.shortlists.models import Round, RoundAuditor, RoundEntry, RoundState, Source
from ideas_app.shortlists.rules import Change, order_list, seal_list, write_list
from ideas_app.votes import queries as votes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select

    from ideas_app.core.actor import Actor

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


def get_round(round_id: int) -> Round:
    """A round with its entries in the order of the lot, its changes and its signatures.

    Raises `NotFound`.
    """
    found = session().scalar(_with_people(round_id))
    if found is None:
        raise NotFound("no_round", _l("There is no such shortlist."))
    return found


def hold(round_: Round) -> None:
    """Makes whoever else changes, signs or publishes this round wait, and reads it as it is now."""
    current = session()
    current.flush()
    current.execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    current.scalar(_with_people(round_.id).execution_options(populate_existing=True))


def _with_people(round_id: int) -> Select[Round]:
    return (
        select(Round)
        .where(Round.id == round_id)
        .options(
            selectinload(Round.entries),
            selectinload(Round.changes),
            selectinload(Round.signatures),
        )
    )


def changes_of(round_: Round) -> list[Change]:
    """The changes by hand as the kernel takes them; `round_` comes with entries and changes."""
    project = {entry.id: entry.project for entry in round_.entries}
    return [Change(project[one.entry_id], one.kind.value, one.reason) for one in round_.changes]


def list_text_of(round_: Round) -> bytes:
    """The canonical text of the list as it stands; `round_` comes with entries and changes."""
    return write_list(round_.digest, round_.result["chosen"]["winners"], changes_of(round_))


def seal_of(round_: Round) -> str:
    """The digest of the list as it stands; `round_` comes with entries and changes."""
    return seal_list(round_.digest, round_.result["chosen"]["winners"], changes_of(round_))


def is_auditor(actor: Actor, round_: Round) -> bool:
    """Whether the person was named as one who may check this round's ballots."""
    return actor.id is not None and session().get(RoundAuditor, (round_.id, actor.id)) is not None


def list_auditors(round_: Round) -> list[RoundAuditor]:
    """Those who may check this round's ballots, as named."""
    query = select(RoundAuditor).where(RoundAuditor.round_id == round_.id)
    return list(session().scalars(query.order_by(RoundAuditor.named_at, RoundAuditor.account_id)))


def find_changed_rounds() -> list[str]:
    """Each round whose ballots, list or signatures are not what was frozen, in words for the operator."""
    counted = select(Round.id).where(Round.state.not_in({RoundState.ASKED, RoundState.FAILED}))
    faults = []
    for round_id in session().scalars(counted.order_by(Round.id)).all():
        round_ = get_round(round_id)
        if sha256(round_.snapshot.encode()).hexdigest() != round_.digest:
            faults.append(f"round {round_id}: the ballots are not those of its digest")
        listed = [entry.project for entry in list_elected(round_)]
        wanted = order_list(round_.result["chosen"]["winners"], changes_of(round_))
        if listed != list(wanted):
            faults.append(f"round {round_id}: the list is not the computed one with its changes")
        if round_.list_digest is not None and round_.list_digest != seal_of(round_):
            faults.append(f"round {round_id}: the list is not the one that was signed")
    return faults


def list_rounds(*, published_only: bool, limit: int = 100) -> list[RoundRow]:
    """Rounds with their campaigns, newest first."""
    query = select(Round, Campaign).join(Campaign, Campaign.id == Round.campaign_id)
    if published_only:
        query = query.where(Round.state == RoundState.PUBLISHED)
    found = session().execute(query.order_by(Round.id.desc()).limit(limit))
    return [RoundRow(round_, campaign) for round_, campaign in found]


def find_published(campaign_id: int) -> Round | None:
    """The published round of a campaign, with its entries and changes."""
    return session().scalar(
        select(Round)
        .where(Round.campaign_id == campaign_id, Round.state == RoundState.PUBLISHED)
        .options(selectinload(Round.entries), selectinload(Round.changes))
        .order_by(Round.id.desc())
        .limit(1)
    )


def list_elected(round_: Round) -> list[RoundEntry]:
    """The entries on the list as people changed it, in its order."""
    chosen = [entry for entry in round_.entries if entry.final_rank is not None]
    return sorted(chosen, key=lambda entry: entry.final_rank or 0)


def list_ideas_of(entries: Sequence[RoundEntry]) -> list[Idea]:
    """The ideas behind entries, members of families included, that can still come onto a list:
    not those withdrawn, hidden or split since.
    """
    alone = [entry.idea_id for entry in entries if entry.idea_id is not None]
    families = [entry.family_id for entry in entries if entry.family_id is not None]
    query = select(Idea).where(or_(Idea.id.in_(alone), Idea.family_id.in_(families)))
    return list(session().scalars(query.where(Idea.state.in_(CHOOSABLE)).order_by(Idea.id)))


def require_standing(elected: Sequence[RoundEntry]) -> list[Idea]:
    """The ideas behind a list that can be signed and published.

    Raises `Conflict` for an empty list, or when an idea of it was withdrawn, hidden or split since.
    """
    if not elected:
        message = _l("Nothing was elected, so there is no list to publish. Compute it anew.")
        raise Conflict("empty_list", message)
    ideas = list_ideas_of(elected)
    idea_ids = {idea.id for idea in ideas}
    family_ids = {idea.family_id for idea in ideas}
    for entry in elected:
        stands = entry.idea_id in idea_ids if entry.idea_id else entry.family_id in family_ids
        if not stands:
            message = _l(
                "“%(title)s” was withdrawn, hidden or split since this list was computed. "
                "Take it out or compute the list anew.",
                title=entry.title,
            )
            raise Conflict("entry_gone", message)
    return ideas


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


def choices_of(round_: Round, campaign: Campaign) -> list[Choice]:
    """What stood in a round, with its lines on the ballot; `round_` comes with its entries."""
    lines = {votes.subject_key(line): line.id for line in votes.list_entries(campaign)}
    return [
        Choice(entry.title, entry.idea_id, entry.family_id, lines.get(entry.project))
        for entry in round_.entries
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
