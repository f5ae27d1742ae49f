"""Reads of rounds, and of what stands for election in them. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from ideas_app.campaigns.models import Activity, Campaign, Field, Phase
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.shortlists.models import Round, RoundEntry, RoundState, Source
from ideas_app.shortlists.rules import Phase as ElectionPhase
from ideas_app.votes import queries as votes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask_babel import LazyString

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


# -- rounds ----------------------------------------------------------------------------------------


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


# -- the page of a round ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """Where an entry can be read: the idea itself, or the family's first member."""

    id: int
    title: str
    field: Field
    family_id: int | None
    is_hidden: bool
    """Hidden since: its title is shown to nobody, and the link leads nowhere."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as the page may show it."""

    entry: RoundEntry
    link: Link | None

    @property
    def title(self) -> LazyString | str:
        """The title as it stood at the vote, unless the centre has hidden the idea since."""
        if self.link and self.link.is_hidden:
            return _l("(hidden by the centre)")
        return self.entry.title


@dataclass(frozen=True, slots=True)
class Line:
    """An elected entry, and how it came onto the list."""

    rank: int
    shown: Shown
    effective: Fraction
    """Its votes when it was chosen: that many voters who had got nothing would weigh the same."""
    first: int
    """Supporters for whom it was the first of theirs on the list."""
    second: int
    later: int
    is_completion: bool
    runner_up: Shown | None
    runner_up_votes: Fraction | None
    is_by_lot: bool
    """Whether it was level with others and stood first in the order of ties."""

    @property
    def served(self) -> int:
        """Supporters who had an idea on the list before."""
        return self.second + self.later

    @property
    def is_only_here(self) -> bool:
        """Whether plain top-k would have left it out."""
        return self.shown.entry.top_rank is None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a list gives to the voters."""

    n: int
    covered: int
    mean: Fraction
    jr: bool
    ejr_plus: bool

    @property
    def coverage(self) -> Fraction:
        """The share of voters with at least one idea on the list; 0 without voters."""
        return Fraction(self.covered, self.n or 1)


@dataclass(frozen=True, slots=True)
class RoundPage:
    """All that the page of a round shows."""

    campaign: Campaign
    seats: int
    lines: list[Line]
    top: list[Shown]
    """The plain top-k, most approvals first."""
    below: list[Shown]
    """Entries under the least approval."""
    ours: Figures
    plain: Figures
    seats_by_rule: int
    """Seats that the rule itself gave, before its completion."""
    decisive_ties: int
    """Equal votes in which the lot kept an entry off the list."""
    voted_in: Phase | None
    """The phase in which people voted."""

    @property
    def quota(self) -> int:
        """So many people are 1/k of the voters: the least whole number that is enough."""
        return -(-self.ours.n // self.seats)

    @property
    def gained(self) -> int:
        """How many voters more than under plain top-k have an idea on the list; may be negative."""
        return self.ours.covered - self.plain.covered

    @property
    def differing(self) -> int:
        """How many entries of this list plain top-k would not have."""
        return sum(line.is_only_here for line in self.lines)


def read_page(round_: Round) -> RoundPage:
    """The page of a round, which comes with its entries. Three statements, whatever the size."""
    campaign = (
        session()
        .scalars(
            select(Campaign)
            .where(Campaign.id == round_.campaign_id)
            .options(selectinload(Campaign.phases))
        )
        .one()
    )
    links = _links_of(round_)
    shown = {entry.project: Shown(entry, links.get(entry.project)) for entry in round_.entries}
    chosen = round_.result["chosen"]
    return RoundPage(
        campaign=campaign,
        seats=round_.seats,
        lines=[_line(step, shown) for step in chosen["rounds"]],
        top=[shown[project] for project in round_.result["top"]],
        below=[one for one in shown.values() if not one.entry.is_eligible],
        ours=_figures(round_.result["audit"]),
        plain=_figures(round_.result["top_audit"]),
        seats_by_rule=sum(step["phase"] == ElectionPhase.RULE.value for step in chosen["rounds"]),
        decisive_ties=sum(tie["decisive"] for tie in chosen["ties"]),
        voted_in=_phase_of(campaign, round_.source),
    )


def _links_of(round_: Round) -> dict[str, Link]:
    """A few columns and the field of each idea behind the entries; of a family, its first member
    that is not hidden.
    """
    alone = [entry.idea_id for entry in round_.entries if entry.idea_id is not None]
    families = [entry.family_id for entry in round_.entries if entry.family_id is not None]
    query = (
        select(Idea.id, Idea.title, Idea.family_id, Idea.state, Field)
        .join(Field, Field.id == Idea.field_id)
        .where(or_(Idea.id.in_(alone), Idea.family_id.in_(families)))
        .order_by(Idea.id)
    )
    links: dict[str, Link] = {}
    for idea_id, title, family_id, state, field in session().execute(query):
        is_hidden = state is State.HIDDEN
        links[f"i{idea_id}"] = Link(idea_id, title, field, None, is_hidden)
        if family_id is not None and not is_hidden:
            links.setdefault(f"f{family_id}", Link(idea_id, title, field, family_id, is_hidden))
    return links


def _line(step: dict[str, Any], shown: dict[str, Shown]) -> Line:
    levels = [*step["levels"], 0, 0]
    runner_up = step["leaders"][1] if len(step["leaders"]) > 1 else None
    return Line(
        rank=step["number"],
        shown=shown[step["idea"]],
        effective=Fraction(step["effective_votes"]),
        first=levels[0],
        second=levels[1],
        later=sum(levels[2:]),
        is_completion=step["phase"] == ElectionPhase.COMPLETION.value,
        runner_up=shown[runner_up["idea"]] if runner_up else None,
        runner_up_votes=Fraction(runner_up["effective_votes"]) if runner_up else None,
        is_by_lot=bool(step["tied"]),
    )


def _figures(audited: dict[str, Any]) -> Figures:
    return Figures(
        n=audited["n"],
        covered=audited["covered"],
        mean=Fraction(audited["mean"]),
        jr=audited["jr"],
        ejr_plus=audited["ejr_plus"],
    )


def _phase_of(campaign: Campaign, source: Source) -> Phase | None:
    activity = Activity.BALLOT if source is Source.BALLOT else Activity.SUPPORT
    voted = [phase for phase in campaign.phases if activity.value in phase.activities]
    return voted[-1] if voted else None
