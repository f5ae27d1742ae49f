"""How many voted, in all and day by day; and whether ballots still know their voters. Must not change
anything.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, case, func, select

from ideas_app.campaigns.models import Activity
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.votes.models import Ballot, BallotUnlinking
from ideas_app.votes.rules import Stretch, join_small

if TYPE_CHECKING:
    from datetime import date

    from ideas_app.campaigns.models import Campaign


def turnout(campaign: Campaign) -> int:
    """How many ballots have been cast; who may be told: `policy.may_see_turnout`."""
    query = select(func.count(Ballot.id)).where(
        Ballot.campaign_id == campaign.id, Ballot.cast_at.is_not(None)
    )
    return session().scalar(query) or 0


def turnout_by_day(campaign: Campaign, *, exact: bool = False) -> list[Stretch]:
    """Ballots by the day on which they were cast last, over the days of the ballot up to today.

    Neighbouring days with few ballots are put together, so that no figure is below five. `exact`: each
    day by itself, for moderators only. One statement. `campaign` comes with its phases.
    """
    days = _days_of(campaign)
    if not days:
        return []
    # what was cast outside the days, by clocks or phases that moved, counts on the nearest one
    starts = [clock.day_start(day) for day in days[1:]]
    columns = []
    for place in range(len(days)):
        inside: ColumnElement[bool] = Ballot.cast_at.is_not(None)
        if place:
            inside &= Ballot.cast_at >= starts[place - 1]
        if place < len(starts):
            inside &= Ballot.cast_at < starts[place]
        columns.append(func.coalesce(func.sum(case((inside, 1), else_=0)), 0))
    row = session().execute(select(*columns).where(Ballot.campaign_id == campaign.id)).one()
    counted = [Stretch(day, day, int(count)) for day, count in zip(days, row, strict=True)]
    return counted if exact else join_small(counted)


def _days_of(campaign: Campaign) -> list[date]:
    phases = [phase for phase in campaign.phases if Activity.BALLOT in phase.activities]
    if not phases:
        return []
    first = clock.local_date(min(phase.starts_at for phase in phases))
    end = max(phase.ends_at for phase in phases) - timedelta(microseconds=1)
    last = min(clock.local_date(end), clock.today())
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def find_unlinking(campaign: Campaign) -> BallotUnlinking | None:
    """The note that nobody can tell any more who cast which ballot of the campaign, once it is so."""
    return session().get(BallotUnlinking, campaign.id)
