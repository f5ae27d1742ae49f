"""The front page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import gettext as _

from ideas_app.answers import queries as answers
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.policy import is_open
from ideas_app.campaigns.rules import CampaignRules, current_phase, rules_of
from ideas_app.campaigns.views import phase_steps
from ideas_app.core import clock
from ideas_app.ideas import queries as ideas
from ideas_app.pages import queries
from ideas_app.pages.views.frame import blueprint, find_phase
from ideas_app.reports import queries as reports
from ideas_app.web.access import public
from ideas_app.web.replicas import may_lag

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign
    from ideas_app.reports.rules import Abstract

DOORS = 5
"""Ideas shown behind the first door; behind the second there are three, with their dots."""


@blueprint.get("/")
@public
@may_lag
def home() -> ResponseReturnValue:
    """What is open now, where to begin, what the city answered, what a year came to."""
    now = clock.now()
    campaign = _campaign_of_the_day()
    gathering = find_phase(campaign, Activity.SUBMIT)
    rules = rules_of(campaign) if campaign else CampaignRules()
    slug = campaign.slug if campaign else None
    week_ago = clock.today() - timedelta(days=7)
    pulse = (
        queries.pulse_of(campaign.id, since=week_ago, target=rules.readers_target)
        if campaign
        else queries.Pulse()
    )
    tide = queries.tide_of(campaign, gathering, pulse) if campaign and gathering else None
    abstract = reports.find_abstract()
    return render_template(
        "pages/home.html",
        campaign=campaign,
        phase=current_phase(campaign.phases, now) if campaign else None,
        phases=phase_steps(campaign) if campaign else [],
        tide=tide,
        newest=ideas.list_ideas(campaign=slug, sort="new", limit=DOORS).items,
        least_read=ideas.list_ideas(campaign=slug, sort="least_read", limit=3).items,
        new_this_week=pulse.new,
        under_read=pulse.under_read,
        stack=slug if campaign and is_open(campaign, Activity.SUPPORT, now) else None,
        readers_target=rules.readers_target,
        answer_days=rules.answer_days,
        fields=campaign.fields if campaign else [],
        answers=answers.list_newest(limit=3),
        rates=answers.read_city_rates(),
        outcomes=abstract,
        flow=_flow(abstract) if abstract else [],
    )


def _campaign_of_the_day() -> Campaign | None:
    """The newest campaign that takes ideas, else the newest that runs, else the newest. One statement."""
    everything = campaigns.read_house().campaigns
    now = clock.now()
    gathering = [one for one in everything if _takes_ideas(one)]
    running = [one for one in everything if current_phase(one.phases, now)]
    return next(iter([*gathering, *running, *everything]), None)


def _takes_ideas(campaign: Campaign) -> bool:
    phase = current_phase(campaign.phases, clock.now())
    return phase is not None and Activity.SUBMIT.value in phase.activities


def _flow(year: Abstract) -> list[tuple[int, str]]:
    return [
        (year.ideas_submitted, _("ideas gathered")),
        (year.ideas_on_ballot, _("ideas on the final ballot")),
        (year.ideas_shortlisted, _("ideas and families shortlisted")),
        (year.answered, _("answered by the city")),
        (year.promises_kept, _("promises kept")),
    ]
