"""Events and mails that failed: an administrator tries them again, or drops them with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.notifications import queries, service
from ideas_app.notifications.forms import DropForm
from ideas_app.notifications.views.frame import blueprint
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/admin/outbox")
@requires(Permission.ACCOUNT_MANAGE)
def outbox() -> ResponseReturnValue:
    """What failed for good, and what is being tried again. Nothing of what an event carries is shown."""
    return _page()


def _page(form: DropForm | None = None, wrong: int = 0) -> str:
    return render_template(
        "notifications/outbox.html",
        failures=queries.list_failures(),
        form=form or DropForm(formdata=None),
        wrong=wrong,
    )


@blueprint.post("/admin/outbox/<int:event_id>/again")
@requires(Permission.ACCOUNT_MANAGE)
def try_again(event_id: int) -> ResponseReturnValue:
    """Hands one event to the worker once more."""
    with transaction():
        service.try_again(current_actor(), event_id)
    flash(_("It is tried again now. Reload this page in a moment to see how it went."), "success")
    return see_other(url_for("notifications.outbox"))


@blueprint.post("/admin/outbox/<int:event_id>/drop")
@requires(Permission.ACCOUNT_MANAGE)
def drop(event_id: int) -> ResponseReturnValue:
    """Drops one event: what it was to do never happens."""
    form = DropForm()
    if form.validate():
        try:
            with transaction():
                service.drop_event(current_actor(), event_id, str(form.reason.data))
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("Dropped. The log keeps your reason."), "success")
            return see_other(url_for("notifications.outbox"))
    return _page(form, event_id), 422
