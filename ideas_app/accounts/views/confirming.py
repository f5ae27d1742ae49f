"""Showing once more that it is you, before a grave act: by password, by a provider, by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.accounts import queries, service
from ideas_app.accounts.forms import CodeForm, ConfirmForm
from ideas_app.accounts.views.blueprint import (
    blueprint,
    count_own_try,
    go_on,
    provider_of,
    secret_page,
)
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.web.access import current_actor, signed_in
from ideas_app.web.errors import see_other
from ideas_app.web.security import is_local_path

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/me/confirm", methods=["GET", "POST"])
@signed_in
def confirm() -> ResponseReturnValue:
    """Every way in which this person can show it; `?next=` leads on, within this site only."""
    form = ConfirmForm()
    wanted = form.next.data or request.args.get("next")
    form.next.data = wanted if is_local_path(wanted) else ""
    if form.validate_on_submit():
        try:
            count_own_try()
            with transaction():
                service.confirm_by_password(current_actor(), str(form.password.data))
            return go_on(form.next.data or url_for("accounts.settings"))
        except Invalid as invalid:
            form.take_faults(invalid)
    return _confirm_page(form), 422 if request.method == "POST" else 200


def _confirm_page(form: ConfirmForm) -> str:
    actor = current_actor()
    account = queries.get_account(actor.id)
    linked = [provider_of(identity.issuer) for identity in queries.list_identities(actor.id)]
    return render_template(
        "accounts/confirm.html",
        form=form,
        account=account,
        code_form=CodeForm(formdata=None, next=form.next.data),
        has_factor=queries.find_second_factor(actor.id) is not None and actor.is_staff,
        providers=[provider for provider in linked if provider],
    )


@blueprint.post("/me/confirm/mail")
@signed_in
def confirm_mail() -> ResponseReturnValue:
    """Sends the link."""
    with transaction():
        service.ask_confirmation(current_actor())
    flash(_("The mail is on its way. Open its link in this browser."), "success")
    return see_other(url_for("accounts.confirm"))


@blueprint.route("/me/confirm/<token>", methods=["GET", "POST"])
@signed_in
def confirm_mailed(token: str) -> ResponseReturnValue:
    """By the mailed link: opening it changes nothing; the button does."""
    is_good = service.is_confirmation(current_actor(), token)
    if request.method != "POST" or not is_good:
        return secret_page("accounts/confirm_mailed.html", 200 if is_good else 410, is_good=is_good)
    with transaction():
        service.confirm_by_link(current_actor(), token)
    flash(_("Thank you. For 15 minutes you will not be asked again."), "success")
    return go_on(url_for("accounts.settings"))
