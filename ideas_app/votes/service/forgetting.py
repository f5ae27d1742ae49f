"""What becomes of somebody's votes when they leave.

Where a vote is still open their voice is taken back, so that nobody speaks twice by joining again; where it has
closed the voice stays counted and loses its owner: a ballot is cut loose as `unlinking` does for all, a support
keeps the number of an account whose row is empty, for people are counted once in a family by it.
Must not know who is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Activity, Campaign
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Family, Idea, Reading
from ideas_app.votes import policy
from ideas_app.votes.models import AsideSupport, Ballot, FamilyLeaver, PaperBallot, Support
from ideas_app.votes.service.counters import recount_family, recount_ideas
from ideas_app.votes.service.gates import hold_open

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class VoteFigures:
    """How many voices somebody has given, and how many of them stand in votes that have closed."""

    supports: int
    supports_stay: int
    ballots: int
    ballots_stay: int


def forget_voter(account_id: int) -> None:
    """Takes back what stands in open votes, with every count; cuts loose what was counted."""
    _take_back_supports(account_id)
    _cut_ballots(account_id)
    session().execute(
        update(PaperBallot)
        .where(PaperBallot.account_id == account_id)
        .values(account_id=None)
        .execution_options(synchronize_session=False)
    )


def _take_back_supports(account_id: int) -> None:
    gathering = campaigns.list_open(Activity.SUPPORT, clock.now())
    for campaign in gathering:
        hold_open(campaign, Activity.SUPPORT)
    within = Idea.campaign_id.in_([one.id for one in gathering])
    touched = [
        select(table.idea_id).join(Idea, Idea.id == table.idea_id).where(within, mine)
        for table, mine in (
            (Support, Support.account_id == account_id),
            (AsideSupport, AsideSupport.account_id == account_id),
            (Reading, Reading.account_id == account_id),
        )
    ]
    idea_ids = sorted({idea_id for query in touched for idea_id in session().scalars(query)})
    families = _hold(idea_ids)
    for table in (Support, AsideSupport):
        gone = (table.account_id == account_id, table.idea_id.in_(idea_ids))
        session().execute(delete(table).where(*gone).execution_options(synchronize_session=False))
    ideas.forget_readings(account_id, idea_ids)
    recount_ideas(idea_ids)
    for family in families:
        left = (FamilyLeaver.family_id == family.id, FamilyLeaver.account_id == account_id)
        session().execute(delete(FamilyLeaver).where(*left))
        recount_family(family)
    session().expire_all()


def _hold(idea_ids: Sequence[int]) -> list[Family]:
    """The families of some ideas, and the ideas, held until the transaction ends."""
    kin = select(Idea.family_id).where(Idea.id.in_(idea_ids), Idea.family_id.is_not(None))
    families = select(Family).where(Family.id.in_(kin)).order_by(Family.id).with_for_update()
    held = list(session().scalars(families.execution_options(populate_existing=True)))
    session().execute(select(Idea.id).where(Idea.id.in_(idea_ids)).with_for_update()).all()
    return held


def _cut_ballots(account_id: int) -> None:
    for ballot, campaign in _ballots_of(account_id):
        if ballot.cast_at is None or not policy.is_over(campaign, clock.now()):
            session().delete(ballot)
            continue
        # an instant could be matched with other traces: the day is kept, as in the figures by day
        day = clock.day_start(clock.local_date(ballot.cast_at))
        ballot.cast_at = ballot.opened_at = day
        ballot.account_id = None
        ballot.draft = None
    session().flush()


def _ballots_of(account_id: int) -> list[tuple[Ballot, Campaign]]:
    rows = session().scalars(select(Ballot).where(Ballot.account_id == account_id))
    known = {one.id: one for one in campaigns.list_campaigns()}
    return [(ballot, known[ballot.campaign_id]) for ballot in rows.all()]


def count_votes(account_id: int) -> VoteFigures:
    """How many voices a person has given, and how many would stay counted if they left now."""
    now = clock.now()
    gathering = [one.id for one in campaigns.list_open(Activity.SUPPORT, now)]
    mine = select(func.count(Support.id)).where(Support.account_id == account_id)
    total = session().scalar(mine) or 0
    taken = session().scalar(
        mine.join(Idea, Idea.id == Support.idea_id).where(Idea.campaign_id.in_(gathering))
    )
    cast = [pair for pair in _ballots_of(account_id) if pair[0].cast_at is not None]
    over = [campaign for _ballot, campaign in cast if policy.is_over(campaign, now)]
    return VoteFigures(total, total - (taken or 0), len(cast), len(over))
