"""What follows later: the count that was asked for, its analysis and its charts, too long for a request; and
the end of the links between people and the ballots of a published round.

Must not decide anything itself.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock, housekeeping, outbox
from ideas_app.core.db import session
from ideas_app.shortlists import service
from ideas_app.shortlists.events import RoundAsked, RoundComputed
from ideas_app.shortlists.models import Round
from ideas_app.votes import queries as votes
from ideas_app.votes import service as votes_service


@outbox.handles(RoundAsked, outside=True)
def count(event: RoundAsked) -> None:
    """Counts what was asked without holding up votes. Running twice changes nothing."""
    service.count_round(event.round_id)


@outbox.handles(RoundComputed, outside=True)
def analyse(event: RoundComputed) -> None:
    """Analyses the list without holding up votes, then draws its charts. Running twice changes nothing."""
    service.analyse_round(event.round_id)
    service.draw_round(event.round_id)


@housekeeping.hourly
def destroy_ballot_links() -> None:
    """Some days after the first list was confirmed, as the campaign says, nobody can tell any more who cast
    which ballot. A later list starts no new time. Lists of before there were signatures count from
    their publication.
    """
    settled = func.coalesce(Round.confirmed_at, Round.published_at)
    query = select(Round.campaign_id, func.min(settled)).where(settled.is_not(None))
    for campaign_id, settled_at in session().execute(query.group_by(Round.campaign_id)).all():
        campaign = campaigns.get_by_id(campaign_id)
        until = clock.now() - timedelta(days=rules_of(campaign).ballot_link_days)
        if settled_at <= until and votes.find_unlinking(campaign) is None:
            votes_service.destroy_links(campaign)
