"""The blueprint that all composed screens hang on, and what several of them show.

Must not hold a view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from ideas_app.answers import queries as answers
from ideas_app.core.permissions import Permission
from ideas_app.moderation import queries as moderation
from ideas_app.notifications import queries as notifications
from ideas_app.web.access import current_actor

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Activity, Campaign, Phase

blueprint = Blueprint("pages", __name__)


@blueprint.app_template_global()
def staff_counts() -> dict[str, int]:
    """What waits at each desk, by section of the staff bar. Two statements, asked by staff pages only, and
    one more for whoever looks after the outbox.
    """
    counts = {**moderation.count_waiting().bar(), "answers": answers.count_owed()}
    if current_actor().has(Permission.ACCOUNT_MANAGE):
        counts["outbox"] = notifications.count_dead()
    return counts


def find_phase(campaign: Campaign | None, activity: Activity) -> Phase | None:
    """The first phase of a campaign that opens an activity."""
    phases = campaign.phases if campaign else []
    return next((phase for phase in phases if activity.value in phase.activities), None)
