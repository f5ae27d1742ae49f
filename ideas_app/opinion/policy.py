"""Who may see a campaign's opinion map, and when; who may have it computed. Must not change anything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import last_closing
from ideas_app.core.i18n import lazy_day
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, refuse

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor

VOTING = (Activity.SUPPORT, Activity.BALLOT)
PATIENCE = timedelta(hours=1)
"""How long a computation may be awaited before it can be asked for again: the worker may have stopped."""


def may_see(actor: Actor, campaign: Campaign, *, now: datetime) -> Verdict:
    """Staff who work with results at once; everybody else when nothing can be voted on any more.

    A map that is seen while people support or vote would steer them. `campaign` comes with its phases.
    """
    if actor.has(Permission.OPINION_READ):
        return ALLOWED
    ends = [_last_end(campaign, activity) for activity in VOTING]
    until = max((end for end in ends if end is not None), default=None)
    if until is None:
        return refuse(
            "no_map", _l("Nobody could support ideas in this campaign, so it has no opinion map.")
        )
    if now < until:
        reason = _l(
            "The opinion map is shown from %(day)s on, when all voting has closed: before, it could "
            "steer the vote.",
            day=lazy_day(until),
        )
        return refuse("still_voting", reason)
    return ALLOWED


def may_ask(actor: Actor, asked_at: datetime | None, *, now: datetime) -> Verdict:
    """Staff may have a map computed anew, unless it is being computed since `asked_at`."""
    if not actor.has(Permission.OPINION_READ):
        reason = _l("Only staff have an opinion map computed.")
        return refuse("not_permitted", reason, sign_in=not actor.is_signed_in)
    if is_owed(asked_at, now):
        return refuse("being_computed", _l("The map is being computed already."))
    return ALLOWED


def is_owed(asked_at: datetime | None, now: datetime) -> bool:
    """Whether a map is being computed, as far as anybody can know."""
    return asked_at is not None and now - asked_at < PATIENCE


def gathering_closed_at(campaign: Campaign, now: datetime) -> datetime | None:
    """When the last support could be given, if that is past."""
    end = _last_end(campaign, Activity.SUPPORT)
    return (
        None if end is None or end > now else last_closing(campaign.phases, Activity.SUPPORT, now)
    )


def _last_end(campaign: Campaign, activity: Activity) -> datetime | None:
    spans = [
        phase.ends_at
        for phase in campaign.phases
        if activity.value in phase.activities and phase.starts_at < phase.ends_at
    ]
    return max(spans, default=None)
