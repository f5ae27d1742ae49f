"""A campaign whose ballot has closed, and a year of answers: what the tests of both rooms begin with."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from ideas_app.accounts.models import Account
from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.shortlists import queries, service
from ideas_app.shortlists.models import Round
from ideas_app.shortlists.rules import analysis
from ideas_app.votes.models import Ballot, BallotChoice, BallotEntry
from tests.factories import make_campaign, make_idea, reload

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ideas_app.campaigns.models import Campaign
    from tests.people import Cast

CAMPS = {"ab": 60, "abc": 40, "d": 30, "de": 20, "f": 1}
"""151 ballots over the ideas a to f: two camps that share nothing, and a voice of its own."""


def closed_ballot(
    cast: Cast,
    camps: dict[str, int] | None = None,
    *,
    phase: PhaseKind = PhaseKind.SHORTLISTING,
    slug: str = "ideas-2026",
    **settings: Any,
) -> tuple[Campaign, dict[str, Idea]]:
    """A campaign with one idea for each letter of the ballots, and the ballots."""
    camps = CAMPS if camps is None else camps
    campaign = make_campaign(slug, phase, settings={"seats": 3, **settings})
    letters = sorted(set("".join(camps)) | set("abc"))
    ideas = {
        letter: make_idea(cast.mina, campaign, title=f"제안 {letter}", state=State.ON_BALLOT)
        for letter in letters
    }
    with transaction() as session:
        entries = {}
        for letter, idea in ideas.items():
            entries[letter] = BallotEntry(
                campaign_id=campaign.id, idea_id=idea.id, title=idea.title, summary="한 줄"
            )
            session.add(entries[letter])
        session.flush()
        cast_ballots(campaign, {letter: entry.id for letter, entry in entries.items()}, camps)
    return reload(type(campaign), campaign.id), {
        letter: reload(Idea, idea.id) for letter, idea in ideas.items()
    }


def cast_ballots(campaign: Campaign, entry_ids: dict[str, int], camps: dict[str, int]) -> None:
    """Ballots on paper: so many of each kind."""
    ballots = Ballot.__table__
    cast = [ticks for ticks, count in camps.items() for _ in range(count)]
    rows = [
        {
            "campaign_id": campaign.id,
            "pseudonym": secrets.token_hex(16),
            "opened_at": clock.now(),
            "cast_at": clock.now(),
        }
        for _ in cast
    ]
    if not rows:
        return
    with transaction() as session:
        returning = insert(ballots).returning(ballots.c.id, sort_by_parameter_order=True)
        made = session.scalars(returning, rows).all()
        choices = [
            {"ballot_id": ballot_id, "entry_id": entry_ids[tick]}
            for ballot_id, ticks in zip(made, cast, strict=True)
            for tick in ticks
        ]
        session.execute(insert(BallotChoice.__table__), choices)


def make_family(campaign: Campaign, members: Sequence[Idea], title: str = "함께 낸 제안") -> Family:
    """A family as rows."""
    with transaction() as session:
        family = Family(
            campaign_id=campaign.id,
            title=title,
            text="하나로 묶은 글",
            reason="같은 바람",
            formed_at=clock.now(),
            objection_until=clock.now(),
            supports_count=25,
        )
        session.add(family)
        session.flush()
        for member in members:
            session.get_one(Idea, member.id).family_id = family.id
    return reload(Family, family.id)


def computed(cast: Cast, campaign: Campaign, **question: Any) -> Round:
    """A computed round."""
    with transaction():
        round_ = service.compute_round(cast.sora, get_campaign(campaign.slug), **question)
    return queries.get_round(round_.id)


def signed(cast: Cast, round_id: int) -> Round:
    """The round with the signatures of two people under its list."""
    # the two hundred resamplings of a round are tried where they are at home; here a few are enough
    with pytest.MonkeyPatch.context() as few:
        few.setattr(analysis, "RUNS", 20)
        service.analyse_round(round_id)
    for person in (cast.sora, cast.dana):
        with transaction():
            round_ = queries.get_round(round_id)
            service.sign_list(person, round_, queries.seal_of(round_))
    return queries.get_round(round_id)


def published(cast: Cast, campaign: Campaign, **question: Any) -> Round:
    """A published round."""
    round_ = signed(cast, computed(cast, campaign, **question).id)
    with transaction():
        service.publish_round(cast.sora, queries.get_round(round_.id))
    return queries.get_round(round_.id)


def give_voters(
    campaign: Campaign, people: Sequence[tuple[int, dict[str, Any]]], prefix: str = "v"
) -> list[int]:
    """Accounts for the ballots of a campaign in the order in which they were cast: so many of each kind,
    a kind being columns of the account. The ids of the accounts.
    """
    kinds = [columns for count, columns in people for _ in range(count)]
    with transaction() as session:
        ballots = session.scalars(
            select(Ballot).where(Ballot.campaign_id == campaign.id).order_by(Ballot.id)
        )
        made = []
        for number, (ballot, columns) in enumerate(zip(ballots, kinds, strict=False)):
            account = Account(
                nickname=f"{prefix}{number}", created_at=clock.now(), role=Role.YOUTH, **columns
            )
            session.add(account)
            session.flush()
            ballot.account_id = account.id
            made.append(account.id)
    return made
