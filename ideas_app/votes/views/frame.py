"""What the pages of this room share: their blueprint, the phase of a ballot, who may see the turnout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from ideas_app.campaigns.models import Activity
from ideas_app.core import clock
from ideas_app.votes import policy, queries
from ideas_app.web.access import current_actor

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign, Phase

blueprint = Blueprint("votes", __name__)


def ballot_phase(campaign: Campaign) -> Phase | None:
    """The phase in which the campaign votes."""
    return phase_of(campaign, Activity.BALLOT)


def phase_of(campaign: Campaign, activity: Activity) -> Phase | None:
    """The last phase in which the campaign does something."""
    phases = [phase for phase in campaign.phases if activity in phase.activities]
    return phases[-1] if phases else None


def has_begun(campaign: Campaign) -> bool:
    """Before the ballot opens its lines may still change: nobody but moderators sees them."""
    phase = ballot_phase(campaign)
    return phase is not None and phase.starts_at <= clock.now()


def turnout_of(campaign: Campaign) -> int | None:
    """How many have voted, for those who may know."""
    allowed = policy.may_see_turnout(current_actor(), campaign, now=clock.now())
    return queries.turnout(campaign) if allowed else None
