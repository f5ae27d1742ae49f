"""The administrator's page of background work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.adapters import metrics
from ideas_app.core.db import transaction
from ideas_app.core.permissions import Permission
from ideas_app.operations import policy, queries, service
from ideas_app.web.access import current_actor, public, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("operations", __name__)


@blueprint.get("/metrics")
@public
def measures() -> ResponseReturnValue:
    """What a Prometheus reads; for everybody but the addresses of METRICS_ALLOW there is no such page."""
    settings = current_app.config["SETTINGS"]
    # with no proxy trusted, a header of one says that the address is the proxy's own
    through_proxy = not settings.trusted_proxies and request.headers.get("X-Forwarded-For")
    if through_proxy or not policy.may_read_measures(request.remote_addr, settings.metrics_allow):
        abort(404)
    text, kind = metrics.render(queries.list_measures(), shared=settings.metrics_shared)
    return text, {"Content-Type": kind, "Cache-Control": "no-store"}


@blueprint.get("/admin/jobs")
@requires(Permission.SYSTEM_OPERATE)
def jobs() -> ResponseReturnValue:
    """What waits, what comes round by itself, what failed for good."""
    return render_template("operations/jobs.html", standing=queries.read_standing())


@blueprint.post("/admin/jobs/<int:event_id>/retry")
@requires(Permission.SYSTEM_OPERATE)
def retry(event_id: int) -> ResponseReturnValue:
    """Tries again what failed for good."""
    with transaction():
        service.retry(current_actor(), event_id)
    flash(_("It is tried again now."), "success")
    return see_other(url_for("operations.jobs"))


@blueprint.post("/admin/jobs/<int:event_id>/drop")
@requires(Permission.SYSTEM_OPERATE)
def drop(event_id: int) -> ResponseReturnValue:
    """Lets go of what failed for good."""
    with transaction():
        service.drop(current_actor(), event_id)
    flash(_("It is let go and will not be tried again."), "success")
    return see_other(url_for("operations.jobs"))


blueprints = (blueprint,)
