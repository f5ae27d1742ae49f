"""Which notices come by which channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from ideas_app.core.db import transaction
from ideas_app.notifications import queries, service
from ideas_app.notifications.forms import channels_form
from ideas_app.notifications.rules import CHOOSABLE, FIXED_INBOX, GROUP_WORDS, NEWS, Group
from ideas_app.notifications.views.frame import blueprint, unread_count
from ideas_app.web.access import current_actor, signed_in
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/me/notices/settings", methods=["GET", "POST"])
@signed_in
def settings() -> ResponseReturnValue:
    """The channels of each group, and the switch for all mails."""
    actor = current_actor()
    groups = CHOOSABLE[actor.is_staff]
    present = queries.settings_of(int(actor.id or 0))
    form = channels_form(groups, present)
    if form.validate_on_submit():
        with transaction():
            service.choose(actor, form.choices(groups), mail_off=bool(form.mail_off.data))
        flash(_("Your choices are saved."), "success")
        return see_other(url_for("notifications.settings"))
    page = render_template(
        "notifications/settings.html",
        form=form,
        groups=groups,
        words=GROUP_WORDS,
        fixed=FIXED_INBOX,
        news=NEWS,
        agreed=present.agreed,
        work=Group.WORK,
        unread=unread_count(),
    )
    return page, 422 if form.is_submitted() else 200
