"""Ballots that were cast elsewhere, entered as a campaign of their own that is closed.

Must not know the file that they come from, nor who voted: such ballots belong to nobody here.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from ideas_app.campaigns import service as campaigns
from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.service import CampaignSpec, FieldSpec, PhaseSpec
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.rules import IdeaContent, PaperIdea
from ideas_app.votes.models import Ballot, BallotChoice, BallotEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ideas_app.accounts.models import Account
    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor

NOBODY = "—"
"""The name under imported ideas: the file does not say who wrote them."""
TITLE_MAX = 200
CHUNK = 500
"""Ballots that are written at once."""


@dataclass(frozen=True, slots=True)
class ForeignBallots:
    """A vote that is over: `projects` are (id, title) of each, `rows` are (positions, how many say
    the same), `empty` ballots approve nothing. `seats`: how long a list is to be made of it.
    """

    title: str
    seats: int
    projects: tuple[tuple[str, str], ...]
    rows: tuple[tuple[tuple[int, ...], int], ...]
    empty: int = 0

    @property
    def count(self) -> int:
        """All ballots, the empty ones too."""
        return sum(copies for _, copies in self.rows) + self.empty


def import_ballots(
    actor: Actor,
    slug: str,
    foreign: ForeignBallots,
    keeper: Account,
    *,
    tell: Callable[[int, int], None] | None = None,
) -> Campaign:
    """Makes a closed campaign of these ballots: its ideas, the lines of its ballot, the ballots.

    Nobody is told and no account is behind a ballot; all were cast at the same instant, so that
    their order says nothing. `keeper` is the staff account that stands behind the ideas.
    `tell(done, all)` is called after each chunk of ballots. Raises `Refused`, and `Invalid` when
    the address is taken: nothing is ever added to a campaign that exists.
    """
    now = clock.now()
    closed_at = now - timedelta(days=1)
    spec = CampaignSpec(
        slug=slug,
        title=foreign.title[:TITLE_MAX],
        year=clock.today().year,
        phases=(
            PhaseSpec(PhaseKind.BALLOT, closed_at - timedelta(days=1), closed_at),
            PhaseSpec(PhaseKind.CLOSED, closed_at, now + timedelta(days=1)),
        ),
        fields=(FieldSpec("other", "기타", "Other"),),
        settings={"seats": foreign.seats, "min_approval_percent": 0},
    )
    with outbox.muted():
        campaign = campaigns.create_campaign(actor, spec)
        entry_ids = _enter_ideas(actor, campaign, foreign, keeper)
        _enter_ballots(campaign, foreign, entry_ids, tell)
    return campaign


def _enter_ideas(
    actor: Actor, campaign: Campaign, foreign: ForeignBallots, keeper: Account
) -> list[int]:
    """The ids of the lines of the ballot, in the order of the projects."""
    day = campaign.phases[0].starts_at.date()
    papers = [
        PaperIdea(row, IdeaContent(title=title, why=f"({name})", field="other"), NOBODY, day)
        for row, (name, title) in enumerate(_name_apart(foreign.projects), start=1)
    ]
    ideas.import_papers(actor, campaign, papers, keeper)
    query = select(Idea).where(Idea.campaign_id == campaign.id).order_by(Idea.number)
    entries = []
    for idea in session().scalars(query):
        ideas.change_state(idea, State.ON_BALLOT)
        entries.append(BallotEntry(campaign_id=campaign.id, idea_id=idea.id, title=idea.title))
    session().add_all(entries)
    session().flush()
    return [entry.id for entry in entries]


def _name_apart(projects: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The projects with titles that differ: their ids stand behind a title that comes again."""
    known: set[str] = set()
    for name, given in projects:
        title = text.one_line(given)[:TITLE_MAX] or name
        if text.key(title) in known:
            title = f"{title[: TITLE_MAX - len(name) - 3]} ({name})"
        known.add(text.key(title))
        yield name, title


def _enter_ballots(
    campaign: Campaign,
    foreign: ForeignBallots,
    entry_ids: Sequence[int],
    tell: Callable[[int, int], None] | None,
) -> None:
    cast_at = campaign.phases[0].starts_at
    rows = [row for row, copies in (*foreign.rows, ((), foreign.empty)) for _ in range(copies)]
    adding = insert(Ballot).returning(Ballot.id, sort_by_parameter_order=True)
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        values = [
            {
                "campaign_id": campaign.id,
                "account_id": None,
                "pseudonym": secrets.token_hex(16),
                "opened_at": cast_at,
                "cast_at": cast_at,
            }
            for _ in chunk
        ]
        ballot_ids = session().scalars(adding, values).all()
        ticks = [
            {"ballot_id": ballot_id, "entry_id": entry_ids[position]}
            for ballot_id, row in zip(ballot_ids, chunk, strict=True)
            for position in row
        ]
        if ticks:
            session().execute(insert(BallotChoice), ticks)
        if tell:
            tell(start + len(chunk), len(rows))
