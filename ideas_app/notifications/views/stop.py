"""Stopping mails from a link in one of them: without a log-in, by the signed token in its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.core import tokens
from ideas_app.core.db import transaction
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.notifications import queries, service
from ideas_app.notifications.rules import GROUP_WORDS, Group
from ideas_app.notifications.views.frame import blueprint
from ideas_app.web.access import by_token, public
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

LIFE = 2 * 366 * 24 * 3600
"""Seconds for which a link is good: a mail is found again years later, and stopping can harm nobody."""


@blueprint.route("/notices/stop/<token>", methods=["GET", "POST"])
@public
@by_token
def stop(token: str) -> ResponseReturnValue:
    """Asks on GET, stops on POST: of the button, or of a mail program (RFC 8058), which must get no redirect."""
    account_id, topic = _read(token)
    if request.method == "POST":
        with transaction():
            service.stop_mails(account_id, topic)
        if request.form.get("List-Unsubscribe") == "One-Click":
            return _("You get no more mails of this kind."), 200, {"Content-Type": "text/plain"}
        return see_other(url_for("notifications.stop", token=token))
    return render_template(
        "notifications/stop.html",
        token=token,
        name=GROUP_WORDS[Group(topic)][0] if topic in set(Group) else _("The daily digest"),
        stopped=queries.settings_of(account_id).is_stopped(topic),
    )


def _read(token: str) -> tuple[int, str]:
    found = tokens.unsign("stop-mails", token, max_age=LIFE)
    if found is None:
        message = _l(
            "This link is not whole, or too old. Sign in and choose in your settings which mails you get."
        )
        raise NotFound("no_such_link", message)
    account_id, topic = found
    return int(account_id), str(topic)
