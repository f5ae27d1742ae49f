"""The page of a campaign's opinion map, in words first. Must not compute anything."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _

from ideas_app.campaigns import queries as campaigns
from ideas_app.core import clock
from ideas_app.core.actor import VISITOR
from ideas_app.core.db import transaction
from ideas_app.core.permissions import Permission
from ideas_app.opinion import policy, queries, service
from ideas_app.web.access import current_actor, public, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.verdict import Verdict

blueprint = Blueprint("opinion", __name__)
blueprints = (blueprint,)

_HALF = 150
"""Half the side of the picture, in its own units."""


@blueprint.app_template_global()
def opinion_door(campaign: Campaign) -> Verdict:
    """Whether the map of a campaign is open to the present actor, and why not: for pages that lead there."""
    return policy.may_see(current_actor(), campaign, now=clock.now())


@blueprint.app_template_global()
def opinion_campaigns() -> Sequence[Campaign]:
    """All campaigns, for the desk that leads to their maps."""
    return campaigns.list_campaigns()


@blueprint.app_template_filter("hexagon")
def hexagon(cell: Sequence[float], width: float) -> str:
    """The corners of a cell of the picture as an SVG list of points; a hair smaller than its place."""
    x, y = cell[0] * _HALF, -cell[1] * _HALF
    radius = width * _HALF / math.sqrt(3) * 0.94
    corners = [math.pi / 6 + corner * math.pi / 3 for corner in range(6)]
    return " ".join(
        f"{x + radius * math.cos(angle):.1f},{y + radius * math.sin(angle):.1f}"
        for angle in corners
    )


@blueprint.get("/opinion/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """The map of one campaign."""
    campaign = campaigns.get_campaign(slug)
    actor, now = current_actor(), clock.now()
    policy.may_see(actor, campaign, now=now).require()
    found = queries.find_map(campaign.id)
    return render_template(
        "opinion/show.html",
        campaign=campaign,
        page=queries.read_page(found),
        is_owed=policy.is_owed(found.asked_at if found else None, now),
        ask=policy.may_ask(actor, found.asked_at if found else None, now=now),
        for_all=policy.may_see(VISITOR, campaign, now=now),
    )


@blueprint.post("/opinion/<slug>")
@requires(Permission.OPINION_READ)
def ask(slug: str) -> ResponseReturnValue:
    """Has the map computed anew, later."""
    with transaction():
        service.ask_anew(current_actor(), campaigns.get_campaign(slug))
    flash(_("The map is being computed. It will stand here in a minute or two."), "success")
    return see_other(url_for("opinion.show", slug=slug))
