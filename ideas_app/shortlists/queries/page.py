"""What the page of a round shows of its list. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from ideas_app.campaigns.models import Campaign, Field, Phase
from ideas_app.core.db import session
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Idea, State
from ideas_app.shortlists.models import ChangeKind, Round
from ideas_app.shortlists.queries.analysis import Analysis, read_analysis
from ideas_app.shortlists.queries.voters import phase_of
from ideas_app.shortlists.rules import Phase as ElectionPhase

if TYPE_CHECKING:
    from datetime import datetime

    from flask_babel import LazyString

    from ideas_app.shortlists.models import RoundEntry


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
class ByHand:
    """A change of the list by hand, with the reason that everybody may read."""

    id: int
    shown: Shown
    is_out: bool
    reason: str
    made_at: datetime
    made_by: int | None


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
    taken_out: ByHand | None
    """The change that took it out of the list again."""

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
    histogram: tuple[int, ...]
    """Voters by the number of their ideas on the list, from 0."""

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
    changes: list[ByHand]
    """What people changed, in the order in which they did."""
    barred: list[tuple[Shown, Shown]]
    """Pairs that cannot stand on one list."""
    final: list[Shown]
    """The list as it is public, in its order: the computed one with the changes."""
    ours: Figures
    """Of the list with its changes."""
    computed: Figures
    plain: Figures
    seats_by_rule: int
    """Seats that the rule itself gave, before its completion."""
    decisive_ties: int
    """Equal votes in which the lot kept an entry off the list."""
    voted_in: Phase | None
    """The phase in which people voted."""
    titles: dict[str, LazyString | str]
    """Of every entry, by project, as they may be shown."""
    analysis: Analysis | None
    """None while it is being computed."""

    @property
    def close(self) -> list[Line]:
        """The close calls on the list; none before the analysis is there."""
        return [line for line in self.lines if self._is_close(line)]

    @property
    def firm(self) -> list[Line]:
        """All other places of the list."""
        return [line for line in self.lines if not self._is_close(line)]

    def _is_close(self, line: Line) -> bool:
        return self.analysis is not None and self.analysis.firm[line.shown.entry.project].is_close

    @property
    def added(self) -> list[ByHand]:
        """What people put on the list."""
        return [change for change in self.changes if not change.is_out]

    @property
    def quota(self) -> int:
        """So many people are 1/k of the voters: the least whole number that is enough."""
        return -(-self.ours.n // self.seats)

    @property
    def gained(self) -> int:
        """How many voters more than under plain top-k have an idea on the list; may be negative."""
        return self.ours.covered - self.plain.covered

    @property
    def by_ideas(self) -> list[tuple[int, int, int]]:
        """For each number of ideas the voters with so many of theirs on this list, and on plain top-k."""
        rows = zip_longest(self.ours.histogram, self.plain.histogram, fillvalue=0)
        return [(ideas, ours, plain) for ideas, (ours, plain) in enumerate(rows)]

    @property
    def differing(self) -> int:
        """How many entries of this list plain top-k would not have."""
        return sum(one.entry.top_rank is None for one in self.final)


def read_page(round_: Round) -> RoundPage:
    """The page of a counted round, which comes with its entries and changes. Three statements, whatever
    the size.
    """
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
    changes = _changes_of(round_, shown)
    out = {change.shown.entry.project: change for change in changes if change.is_out}
    final = sorted(
        (one for one in shown.values() if one.entry.final_rank is not None),
        key=lambda one: one.entry.final_rank or 0,
    )
    return RoundPage(
        campaign=campaign,
        seats=round_.seats,
        lines=[_line(step, shown, out.get(step["idea"])) for step in chosen["rounds"]],
        top=[shown[project] for project in round_.result["top"]],
        below=[one for one in shown.values() if not one.entry.is_eligible],
        changes=changes,
        barred=[(shown[one], shown[other]) for one, other in round_.incompatible],
        final=final,
        ours=_figures(round_.result.get("final_audit") or round_.result["audit"]),
        computed=_figures(round_.result["audit"]),
        plain=_figures(round_.result["top_audit"]),
        seats_by_rule=sum(step["phase"] == ElectionPhase.RULE.value for step in chosen["rounds"]),
        decisive_ties=sum(tie["decisive"] for tie in chosen["ties"]),
        voted_in=phase_of(campaign, round_.source),
        titles={project: one.title for project, one in shown.items()},
        analysis=read_analysis(round_, shown),
    )


def find_pictures(round_id: int, locale: str) -> dict[str, str]:
    """The charts of a round by name, as SVG with texts in a language; none while they are not drawn."""
    drawn = session().scalar(select(Round.pictures).where(Round.id == round_id)) or {}
    found: dict[str, str] = drawn.get(locale, {})
    return found


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


def _changes_of(round_: Round, shown: dict[str, Shown]) -> list[ByHand]:
    project = {entry.id: entry.project for entry in round_.entries}
    return [
        ByHand(
            id=change.id,
            shown=shown[project[change.entry_id]],
            is_out=change.kind is ChangeKind.TAKEN_OUT,
            reason=change.reason,
            made_at=change.made_at,
            made_by=change.made_by,
        )
        for change in round_.changes
    ]


def _line(step: dict[str, Any], shown: dict[str, Shown], taken_out: ByHand | None) -> Line:
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
        taken_out=taken_out,
    )


def _figures(audited: dict[str, Any]) -> Figures:
    return Figures(
        n=audited["n"],
        covered=audited["covered"],
        mean=Fraction(audited["mean"]),
        jr=audited["jr"],
        ejr_plus=audited["ejr_plus"],
        histogram=tuple(audited["histogram"]),
    )
