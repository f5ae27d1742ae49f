"""The blueprint of this room, and the number of unread notices for every page."""

from __future__ import annotations

from flask import Blueprint, g

from ideas_app.notifications import queries
from ideas_app.web.access import current_actor

blueprint = Blueprint("notifications", __name__)


@blueprint.app_template_global("unread_count")
def unread_count() -> int:
    """How many notices the present person has not read; 0 for visitors. Asked once a request."""
    if "unread_count" not in g:
        g.unread_count = queries.count_unread(current_actor().id)
    return int(g.unread_count)
