"""The end of what ties ballots to people: drafts after the close, every link some time after the result.

Must not know when a result was published: whoever knows calls `destroy_links`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, null, update

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import insert_ignore, session
from ideas_app.votes import policy, queries
from ideas_app.votes.models import Ballot, BallotUnlinking, PaperBallot

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign


def destroy_links(campaign: Campaign) -> int:
    """Forgets for good who cast which ballot of a campaign, and who only looked; how many ballots lost
    their link.

    Counts stay exact. The time of each ballot is brought down to its day, for an instant could be
    matched with other traces. Once only: a second call changes nothing and returns 0. `campaign` comes
    with its phases.
    """
    if not any(Activity.BALLOT in phase.activities for phase in campaign.phases):
        return 0
    note = {"campaign_id": campaign.id, "unlinked_at": clock.now(), "ballots": 0}
    if not insert_ignore(BallotUnlinking, note):
        return 0
    mine = Ballot.campaign_id == campaign.id
    _blur_times(campaign)
    cut = (
        update(Ballot)
        .where(mine, Ballot.cast_at.is_not(None))
        .where(Ballot.account_id.is_not(None) | Ballot.voter_key.is_not(None))
        .values(account_id=None, voter_key=None, draft=null())
        .returning(Ballot.id)
        .execution_options(synchronize_session=False)
    )
    count = len(session().scalars(cut).all())
    session().execute(
        delete(Ballot)
        .where(mine, Ballot.cast_at.is_(None))
        .execution_options(synchronize_session=False)
    )
    session().execute(
        delete(PaperBallot)
        .where(PaperBallot.campaign_id == campaign.id)
        .execution_options(synchronize_session=False)
    )
    session().execute(
        update(BallotUnlinking)
        .where(BallotUnlinking.campaign_id == campaign.id)
        .values(ballots=count)
        .execution_options(synchronize_session=False)
    )
    session().expire_all()
    audit.record(
        SYSTEM, Tag.BALLOT_LINKS_DESTROYED, "campaign", campaign.id, diff={"ballots": count}
    )
    return count


def _blur_times(campaign: Campaign) -> None:
    days = queries.turnout_by_day(campaign, exact=True)
    for place, day in enumerate(days):
        start = clock.day_start(day.first)
        change = update(Ballot).where(Ballot.campaign_id == campaign.id, Ballot.cast_at > start)
        if place + 1 < len(days):
            change = change.where(Ballot.cast_at < clock.day_start(days[place + 1].first))
        if day.count:
            session().execute(
                change.values(cast_at=start).execution_options(synchronize_session=False)
            )
    session().execute(
        update(Ballot)
        .where(Ballot.campaign_id == campaign.id, Ballot.cast_at.is_not(None))
        .values(opened_at=Ballot.cast_at)
        .execution_options(synchronize_session=False)
    )


def forget_drafts() -> int:
    """Throws away the ticks that were kept and never cast, in every ballot that has closed; how many
    people had some.
    """
    now = clock.now()
    over = [one.id for one in campaigns.list_campaigns() if policy.is_over(one, now)]
    change = (
        update(Ballot)
        .where(Ballot.campaign_id.in_(over), Ballot.draft.is_not(null()))
        .values(draft=null())
        .returning(Ballot.id)
        .execution_options(synchronize_session=False)
    )
    return len(session().scalars(change).all())
