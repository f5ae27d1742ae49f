"""Asking the centre about one's data, with an account and without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.privacy import queries, service
from ideas_app.privacy.forms import OutsideForm, RequestForm
from ideas_app.privacy.views.blueprint import blueprint
from ideas_app.privacy.views.own import rights_page
from ideas_app.web.access import current_actor, public, signed_in
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import format_day, locale_code

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/me/privacy/requests")
@signed_in
def ask() -> ResponseReturnValue:
    """A request of somebody who is signed in."""
    form = RequestForm()
    if form.validate():
        try:
            with transaction():
                made = service.ask(current_actor(), form.asking(locale_code()))
                day = format_day(made.due_on)
            flash(_("Your request has arrived. The centre answers by %(day)s.", day=day), "success")
            return see_other(url_for("privacy.show", _anchor="requests"))
        except Invalid as invalid:
            form.take_faults(invalid)
    return rights_page(form)


@blueprint.post("/me/privacy/requests/<int:request_id>/withdraw")
@signed_in
def withdraw(request_id: int) -> ResponseReturnValue:
    """Takes one's own request back."""
    with transaction():
        service.withdraw(current_actor(), queries.get_request(request_id))
    flash(_("Your request is taken back."), "success")
    return see_other(url_for("privacy.show", _anchor="requests"))


@blueprint.route("/data-requests", methods=["GET", "POST"])
@public
def ask_outside() -> ResponseReturnValue:
    """A request of somebody who took part in a programme and has no account here."""
    form = OutsideForm(about="roster") if request.method == "GET" else OutsideForm()
    if form.validate_on_submit():
        try:
            with transaction():
                address = request.remote_addr or ""
                made = service.ask_without_account(form.asking(locale_code()), address=address)
                number, day = made.id, format_day(made.due_on)
            text = _(
                "Request %(number)s has arrived. The centre answers by %(day)s.",
                number=number,
                day=day,
            )
            flash(text, "success")
            return see_other(url_for("privacy.asked_outside"))
        except Invalid as invalid:
            form.take_faults(invalid)
    page = render_template("privacy/outside.html", form=form)
    return page, 422 if request.method == "POST" else 200


@blueprint.get("/data-requests/sent")
@public
def asked_outside() -> ResponseReturnValue:
    """What comes next: the centre asks for a proof. Says nothing about who is on a list."""
    return render_template("privacy/outside_sent.html")
