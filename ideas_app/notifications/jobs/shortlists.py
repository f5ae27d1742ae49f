"""The vote and its outcome. Nothing is told of a round before it is published, nor of votes at all."""

from __future__ import annotations

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.events import PhaseChanged
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.policy import is_open
from ideas_app.core import clock
from ideas_app.core.outbox import handles
from ideas_app.notifications import queries, service
from ideas_app.shortlists.events import ShortlistPublished


@handles(PhaseChanged)
def tell_ballot(event: PhaseChanged) -> None:
    """A vote has opened: whoever is tied to an entry hears of it, once a campaign."""
    campaign = campaigns.get_by_id(event.campaign_id)
    if is_open(campaign, Activity.BALLOT, clock.now()):
        ties = queries.ties_of(queries.list_on_ballot(campaign.id))
        service.tell("ballot_open", campaign.id, ties, slug=campaign.slug)


@handles(ShortlistPublished)
def tell_shortlist(event: ShortlistPublished) -> None:
    """Authors, and whoever is interested, hear how each idea fared."""
    for happening, elected in (("shortlisted", True), ("not_shortlisted", False)):
        for idea in queries.list_ideas_of_round(event.round_id, elected=elected):
            once = f"{event.round_id}:{idea.id}"
            service.tell(happening, once, queries.ties_of([idea]), round_id=event.round_id)
