"""The page of a campaign: where it stands, what comes, by which rules, for whom.

Must not know ideas or votes: it leads to their pages by name.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from ideas_app.campaigns import policy, queries
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import current_phase, eligibility_of, next_closing, rules_of
from ideas_app.core import clock
from ideas_app.programmes import queries as programmes
from ideas_app.web.access import current_actor, public
from ideas_app.web.i18n import format_short_day, localised
from ideas_app.web.replicas import may_lag

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign

blueprint = Blueprint("campaigns", __name__)
blueprints = (blueprint,)

_SECOND = timedelta(seconds=1)
_YEAR = timedelta(days=365)


@blueprint.get("/campaigns/<slug>")
@public
@may_lag
def show(slug: str) -> ResponseReturnValue:
    """One campaign: what is open now and why the rest is not, its timeline, its rules in words."""
    campaign = queries.get_campaign(slug)
    actor, now = current_actor(), clock.now()
    took_part = programmes.programmes_of(actor.id) if actor.id else frozenset()
    return render_template(
        "campaigns/show.html",
        campaign=campaign,
        phase=current_phase(campaign.phases, now),
        phases=phase_steps(campaign),
        activities=_activities(campaign),
        rules=rules_of(campaign),
        eligibility=eligibility_of(campaign),
        takes_part=policy.may_take_part(actor, campaign, now=now, took_part=took_part),
    )


def _activities(campaign: Campaign) -> list[dict[str, Any]]:
    """Each activity of the campaign: whether it is open, until when, or why not."""
    now = clock.now()
    used = {name for phase in campaign.phases for name in phase.activities}
    rows = []
    for activity in Activity:
        if activity.value not in used:
            continue
        until = next_closing(campaign.phases, activity, now)
        rows.append(
            {
                "kind": activity.value,
                "verdict": policy.is_open(campaign, activity, now),
                "last_day": until - _SECOND if until else None,
            }
        )
    return rows


@blueprint.app_template_global()
def phase_steps(campaign: Campaign) -> list[dict[str, Any]]:
    """A campaign's phases as `ui.phases` draws them: name, when, status, the days left of the present one.

    Phases without length were skipped and are left out.
    """
    now = clock.now()
    steps = []
    for phase in campaign.phases:
        if phase.starts_at >= phase.ends_at:
            continue
        first, last = clock.local_date(phase.starts_at), clock.local_date(phase.ends_at - _SECOND)
        here = phase.starts_at <= now < phase.ends_at
        left = (last - clock.today()).days
        steps.append(
            {
                "name": localised(phase, "title"),
                "when": f"{format_short_day(first)} ~ {_end(first, last)}".rstrip(),
                "status": "now" if here else "done" if phase.ends_at <= now else "next",
                "note": _("%(days)s days left", days=left) if here and left > 0 else "",
            }
        )
    return steps


def _end(first: date, last: date) -> str:
    """A day without its year says nothing more than a year away: such a phase is open-ended."""
    return format_short_day(last) if last - first < _YEAR else ""
