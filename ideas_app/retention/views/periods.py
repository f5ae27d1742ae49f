"""The page of periods: how long what is kept, on what ground, what goes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.retaining import days_of, find_period, kept_tables
from ideas_app.retention import queries, service
from ideas_app.retention.forms import PeriodForm
from ideas_app.retention.views.frame import blueprint
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.core.retaining import Reason


@blueprint.get("/admin/retention")
@requires(Permission.RETENTION_MANAGE)
def periods() -> ResponseReturnValue:
    """Every period as it stands today, and why the other tables have none."""
    by_reason: dict[Reason, list[str]] = {}
    for table, reason in kept_tables().items():
        by_reason.setdefault(reason, []).append(table)
    return render_template(
        "retention/periods.html", rows=queries.read_periods(), by_reason=by_reason
    )


@blueprint.route("/admin/retention/periods/<name>", methods=["GET", "POST"])
@requires(Permission.RETENTION_MANAGE)
def period(name: str) -> ResponseReturnValue:
    """One period is set anew, with a reason."""
    found = find_period(name)
    if found is None:
        raise NotFound("no_period", _l("There is no such period."))
    form = PeriodForm(data={"days": days_of(found)})
    if form.validate_on_submit():
        try:
            with transaction():
                reason = form.reason.data or ""
                service.set_period(current_actor(), name, form.days.data, reason=reason)
            flash(_("The period is set. It counts from the next night."), "success")
            return see_other(url_for("retention.periods"))
        except Invalid as fault:
            form.take_faults(fault)
    page = render_template("retention/period.html", period=found, form=form)
    return page, 422 if request.method == "POST" else 200
