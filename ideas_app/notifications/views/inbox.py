"""The inbox: notices by idea, each leading to its exact place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.core.db import transaction
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.notifications import queries, service
from ideas_app.notifications.forms import ReadForm
from ideas_app.notifications.rules import KINDS, bundle, line_of, place_of, why_of
from ideas_app.notifications.views.frame import blueprint, unread_count
from ideas_app.web.access import current_actor, signed_in
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/me/notices")
@signed_in
def index() -> ResponseReturnValue:
    """One's notices by idea, newest first. Looking changes nothing; the buttons mark as read.

    `?show=`: all, unread, or decisions.
    """
    wanted = request.args.get("show")
    show = wanted if wanted in queries.SHOWS else queries.SHOWS[0]
    page = queries.list_of(current_actor().id, show=show, after=request.args.get("after"))
    return render_template(
        "notifications/index.html",
        page=page,
        bundles=bundle(page, lambda notice: notice.idea_id),
        show=show,
        kinds=KINDS,
        line_of=line_of,
        why_of=why_of,
        place_of=place_of,
        unread=unread_count(),
        counted=queries.COUNTED,
    )


@blueprint.get("/me/notices/<int:notice_id>")
@signed_in
def visit(notice_id: int) -> ResponseReturnValue:
    """Leads to the place that a notice is about, and marks it as read: it is being read there.

    Mails lead here, so that somebody who is signed out comes to the place after the log-in.
    """
    actor = current_actor()
    notice = queries.find_own(actor.id, notice_id)
    if notice is None:
        raise NotFound("no_notice", _l("There is no such notice among yours."))
    place = place_of(notice.kind, notice.idea_id, notice.values)
    if notice.read_at is None:
        with transaction():
            service.mark_one_read(actor, notice_id)
    if place is None:
        return redirect(url_for("notifications.index"))
    endpoint = place.endpoint
    if endpoint == "moderation.item" and not actor.has(Permission.IDEA_MODERATE):
        endpoint = "answers.of_idea"  # an official reads notes at the other desk
    return redirect(url_for(endpoint, _anchor=place.anchor, **place.values))


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


@blueprint.post("/me/notices/<int:notice_id>/read")
@signed_in
def read_one(notice_id: int) -> ResponseReturnValue:
    """Marks one notice as read; the list stays where it was."""
    with transaction():
        service.mark_one_read(current_actor(), notice_id)
    show = request.form.get("show")
    shown = show if show in queries.SHOWS[1:] else None
    return see_other(url_for("notifications.index", show=shown, _anchor="notices"))
