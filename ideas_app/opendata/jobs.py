"""What follows later: bundles that keep up with the data, and years that are kept. Must not decide anything itself."""

from __future__ import annotations

from ideas_app.campaigns import queries as campaigns
from ideas_app.core import housekeeping, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.events import IdeaWithdrawn
from ideas_app.moderation.events import IdeaFixed, IdeaHidden, IdeaRestored
from ideas_app.opendata import queries, service
from ideas_app.opendata.events import BundleDue
from ideas_app.shortlists import queries as shortlists
from ideas_app.shortlists.events import ShortlistPublished


@outbox.handles(BundleDue, outside=True)
def look_again(event: BundleDue) -> None:
    """Makes the bundles of a campaign anew, and keeps an edition once its shortlist is answered."""
    service.refresh(event.campaign_id)
    service.archive_answered(SYSTEM, campaigns.get_by_id(event.campaign_id))


@housekeeping.hourly
def ask_for_all() -> None:
    """Has every campaign with data looked at."""
    for campaign in queries.list_campaigns_with_data():
        outbox.publish(BundleDue(campaign.id))


def after_an_idea(event: IdeaHidden | IdeaWithdrawn | IdeaRestored | IdeaFixed) -> None:
    """What nobody may read any more leaves the data at once, not only within the hour."""
    outbox.publish(BundleDue(ideas.get_idea(event.idea_id).campaign_id))


outbox.handles(IdeaHidden)(after_an_idea)
outbox.handles(IdeaWithdrawn)(after_an_idea)
outbox.handles(IdeaRestored)(after_an_idea)
outbox.handles(IdeaFixed)(after_an_idea)


@outbox.handles(ShortlistPublished)
def after_a_shortlist(event: ShortlistPublished) -> None:
    """A shortlist is data from the moment in which it is public."""
    outbox.publish(BundleDue(shortlists.get_round(event.round_id).campaign_id))
