"""The blueprint that all composed screens hang on, and what several of them show.

Must not hold a view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from ideas_app.answers import queries as answers
from ideas_app.core.permissions import Permission
from ideas_app.evaluations import queries as evaluations
from ideas_app.moderation import queries as moderation
from ideas_app.privacy import queries as privacy
from ideas_app.web.access import current_actor

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Activity, Campaign, Phase

blueprint = Blueprint("pages", __name__)


@blueprint.app_template_global()
def staff_counts() -> dict[str, int]:
    """What waits at each desk, by section of the staff bar. Three statements, asked by staff pages only, and one
    more for those who answer requests.
    """
    answers_requests = current_actor().has(Permission.REQUEST_ANSWER)
    return {
        "requests": privacy.count_open().waiting if answers_requests else 0,
        **moderation.count_waiting().bar(),
        "answers": answers.count_owed(),
        "evaluations": evaluations.count_waiting(current_actor().id),
    }


def find_phase(campaign: Campaign | None, activity: Activity) -> Phase | None:
    """The first phase of a campaign that opens an activity."""
    phases = campaign.phases if campaign else []
    return next((phase for phase in phases if activity.value in phase.activities), None)
