"""The administrator's pages of webhooks: the list, and one with its log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, make_response, render_template, session, url_for
from flask_babel import gettext as _

from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.web.access import confirmed, current_actor, requires
from ideas_app.web.errors import see_other
from ideas_app.webhooks import queries, service
from ideas_app.webhooks.forms import EndpointForm
from ideas_app.webhooks.rules import ERROR_WORDS, EVENT_WORDS, OLD_SECRET_DAYS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from config import Settings

blueprint = Blueprint("webhooks", __name__)

_SHOW_SECRET = "webhook_new"  # noqa: S105  # a name in the session: which endpoint's secret is shown next


def _list_page(form: EndpointForm, status: int = 200) -> ResponseReturnValue:
    endpoints = queries.list_endpoints()
    page = render_template("webhooks/index.html", form=form, endpoints=endpoints)
    return page, status


def _one_page(endpoint_id: int, form: EndpointForm | None = None, status: int = 200) -> Response:
    endpoint = queries.get_endpoint(endpoint_id)
    is_new = session.pop(_SHOW_SECRET, None) == endpoint_id
    page = render_template(
        "webhooks/show.html",
        endpoint=endpoint,
        form=form or EndpointForm(formdata=None, obj=endpoint),
        secret=endpoint.secret if is_new else None,
        deliveries=queries.list_deliveries(endpoint_id),
        words=EVENT_WORDS,
        errors=ERROR_WORDS,
        old_days=OLD_SECRET_DAYS,
    )
    response = make_response(page, status)
    if is_new:
        response.headers["Cache-Control"] = "no-store"
    return response


def _back(endpoint_id: int) -> ResponseReturnValue:
    return see_other(url_for("webhooks.show", endpoint_id=endpoint_id))


@blueprint.get("/admin/webhooks")
@requires(Permission.SYSTEM_OPERATE)
def index() -> ResponseReturnValue:
    """Who is told, and a form for one more."""
    return _list_page(EndpointForm(formdata=None))


@blueprint.post("/admin/webhooks")
@requires(Permission.SYSTEM_OPERATE)
@confirmed
def add() -> ResponseReturnValue:
    """Adds one; its page shows the secret once."""
    form = EndpointForm()
    if form.validate():
        try:
            with transaction():
                made = service.add_endpoint(current_actor(), *_filled(form))
                session[_SHOW_SECRET] = made.id
                return _back(made.id)
        except Invalid as invalid:
            form.take_faults(invalid)
    return _list_page(form, 422)


def _filled(form: EndpointForm) -> tuple[str, str, list[str]]:
    return str(form.name.data), str(form.address.data), list(form.events.data or [])


@blueprint.get("/admin/webhooks/<int:endpoint_id>")
@requires(Permission.SYSTEM_OPERATE)
def show(endpoint_id: int) -> ResponseReturnValue:
    """One webhook with its log."""
    return _one_page(endpoint_id)


@blueprint.post("/admin/webhooks/<int:endpoint_id>")
@requires(Permission.SYSTEM_OPERATE)
def change(endpoint_id: int) -> ResponseReturnValue:
    """Changes address, name and events."""
    form = EndpointForm()
    if form.validate():
        try:
            with transaction():
                endpoint = queries.get_endpoint(endpoint_id)
                service.change_endpoint(current_actor(), endpoint, *_filled(form))
            flash(_("Saved."), "success")
            return _back(endpoint_id)
        except Invalid as invalid:
            form.take_faults(invalid)
    return _one_page(endpoint_id, form, 422)


@blueprint.post("/admin/webhooks/<int:endpoint_id>/on")
@requires(Permission.SYSTEM_OPERATE)
def switch_on(endpoint_id: int) -> ResponseReturnValue:
    """Switches it on."""
    with transaction():
        service.switch(current_actor(), queries.get_endpoint(endpoint_id), on=True)
    flash(_("The webhook is on. It is told what happens from now."), "success")
    return _back(endpoint_id)


@blueprint.post("/admin/webhooks/<int:endpoint_id>/off")
@requires(Permission.SYSTEM_OPERATE)
def switch_off(endpoint_id: int) -> ResponseReturnValue:
    """Switches it off."""
    with transaction():
        service.switch(current_actor(), queries.get_endpoint(endpoint_id), on=False)
    flash(_("The webhook is off."), "success")
    return _back(endpoint_id)


@blueprint.post("/admin/webhooks/<int:endpoint_id>/secret")
@requires(Permission.SYSTEM_OPERATE)
@confirmed
def rotate(endpoint_id: int) -> ResponseReturnValue:
    """Gives it a new secret, shown once."""
    with transaction():
        service.rotate_secret(current_actor(), queries.get_endpoint(endpoint_id))
    session[_SHOW_SECRET] = endpoint_id
    return _back(endpoint_id)


@blueprint.post("/admin/webhooks/<int:endpoint_id>/test")
@requires(Permission.SYSTEM_OPERATE)
def test(endpoint_id: int) -> ResponseReturnValue:
    """Sends a test message and shows what came back."""
    settings: Settings = current_app.config["SETTINGS"]
    endpoint = queries.get_endpoint(endpoint_id)
    outcome = service.send_test(
        current_actor(), endpoint, allow_private=settings.webhook_allow_private
    )
    if outcome.status is None:
        why = ERROR_WORDS[outcome.error or "broken"]
        flash(_("Nothing came back: %(why)s.", why=why), "error")
    else:
        told = {"status": outcome.status, "ms": outcome.took_ms, "text": outcome.excerpt or "–"}
        answered = _("The receiver answered %(status)s after %(ms)s ms: %(text)s", **told)
        flash(answered, "success" if outcome.is_good else "warning")
    return _back(endpoint_id)


@blueprint.post("/admin/webhooks/<int:endpoint_id>/remove")
@requires(Permission.SYSTEM_OPERATE)
def remove(endpoint_id: int) -> ResponseReturnValue:
    """Removes it with its log."""
    with transaction():
        service.remove_endpoint(current_actor(), queries.get_endpoint(endpoint_id))
    flash(_("The webhook is removed."), "success")
    return see_other(url_for("webhooks.index"))


@blueprint.post("/admin/webhooks/<int:endpoint_id>/messages/<int:delivery_id>/retry")
@requires(Permission.SYSTEM_OPERATE)
def retry(endpoint_id: int, delivery_id: int) -> ResponseReturnValue:
    """Sends a message again now."""
    with transaction():
        service.retry_now(current_actor(), queries.get_delivery(endpoint_id, delivery_id))
    flash(_("It is sent now. Load this page again in a moment to see the answer."), "success")
    return _back(endpoint_id)


blueprints = (blueprint,)
