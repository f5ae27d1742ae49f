"""The inbox, and the number of unread notices for every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, g, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.core.db import transaction
from ideas_app.core.permissions import Permission
from ideas_app.notifications import queries, service
from ideas_app.notifications.forms import ReadForm
from ideas_app.notifications.rules import KINDS, line_of
from ideas_app.web.access import current_actor, signed_in
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.notifications.models import Notice

blueprint = Blueprint("notifications", __name__)
blueprints = (blueprint,)


@blueprint.app_template_global("unread_count")
def unread_count() -> int:
    """How many notices the present person has not read; 0 for visitors. Asked once a request."""
    if "unread_count" not in g:
        g.unread_count = queries.count_unread(current_actor().id)
    return int(g.unread_count)


@blueprint.get("/me/notices")
@signed_in
def index() -> ResponseReturnValue:
    """One's notices, newest first. Looking changes nothing; the button marks them as read."""
    page = queries.list_of(current_actor().id, after=request.args.get("after"))
    return render_template(
        "notifications/index.html",
        notices=page,
        kinds=KINDS,
        line_of=line_of,
        place_of=_place_of,
        unread=unread_count(),
        counted=queries.COUNTED,
    )


_PAGES = {"desk": "moderation.item", "history": "ideas.history"}
"""Pages about an idea, beside its own, to which a notice may lead."""


def _place_of(notice: Notice) -> str | None:
    """Where a notice leads, or None where there is nothing to see."""
    if notice.idea_id is None or "pages.idea" not in current_app.view_functions:
        return None
    endpoint = _PAGES.get(notice.values.get("page", ""))
    if endpoint == "moderation.item" and not current_actor().has(Permission.IDEA_MODERATE):
        endpoint = "answers.of_idea"  # an official reads notes at the other desk
    if endpoint in current_app.view_functions:
        return url_for(endpoint, idea_id=notice.idea_id)
    comment_id = notice.values.get("comment_id")
    anchor = f"c-{comment_id}" if comment_id else None
    return url_for("pages.idea", idea_id=notice.idea_id, _anchor=anchor)


@blueprint.post("/me/notices/read")
@signed_in
def read() -> ResponseReturnValue:
    """Marks what was seen as read; what came meanwhile stays unread."""
    form = ReadForm()
    if form.validate() and form.until.data:
        with transaction():
            service.mark_read(current_actor(), form.until.data)
        flash(_("Marked as read."), "success")
    return see_other(url_for("notifications.index"))
