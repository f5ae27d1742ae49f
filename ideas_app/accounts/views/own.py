"""One's own settings: nickname, language, password, consents, sessions, download, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, jsonify, render_template, request, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from ideas_app.accounts import queries, service
from ideas_app.accounts.forms import (
    ChangePasswordForm,
    DeleteForm,
    LanguageForm,
    NeighbourhoodForm,
    NicknameForm,
)
from ideas_app.accounts.rules import CONSENTS
from ideas_app.accounts.views.blueprint import blueprint, count_own_try
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.web.access import current_actor, signed_in
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import locale_code
from ideas_app.web.sessions import forget_token

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def _settings_page(status: int = 200, **filled: Any) -> ResponseReturnValue:
    """The page of settings, with the one form that could not be taken as it was typed."""
    actor = current_actor()
    account = queries.get_account(actor.id)
    forms_on_page: dict[str, Any] = {
        "nickname": NicknameForm(formdata=None, nickname=account.nickname),
        "language": LanguageForm(formdata=None, locale=account.locale or locale_code()),
        "neighbourhood": NeighbourhoodForm(
            formdata=None, neighbourhood=account.neighbourhood or ""
        ),
        "password": ChangePasswordForm(formdata=None),
        **filled,
    }
    page = render_template(
        "accounts/settings.html",
        account=account,
        on_page=forms_on_page,
        consents=CONSENTS,
        given=queries.list_consents(actor.id),
        sessions=queries.list_sessions(actor.id),
        tokens=queries.list_tokens(actor.id),
    )
    return page, status


def _saved(text: str) -> ResponseReturnValue:
    flash(text, "success")
    return see_other(url_for("accounts.settings"))


@blueprint.get("/me/settings")
@signed_in
def settings() -> ResponseReturnValue:
    """One's own settings."""
    return _settings_page()


@blueprint.post("/me/settings/nickname")
@signed_in
def nickname() -> ResponseReturnValue:
    """Another nickname."""
    form = NicknameForm()
    if form.validate():
        try:
            with transaction():
                service.change_nickname(current_actor(), str(form.nickname.data))
            return _saved(_("Your nickname is changed."))
        except Invalid as invalid:
            form.take_faults(invalid)
    return _settings_page(422, nickname=form)


@blueprint.post("/me/settings/language")
@signed_in
def language() -> ResponseReturnValue:
    """Another language, for pages and for mails."""
    form = LanguageForm()
    if not form.validate():
        return _settings_page(422, language=form)
    with transaction():
        service.choose_language(current_actor(), str(form.locale.data))
    session["lang"] = form.locale.data
    with force_locale(form.locale.data):
        return _saved(_("Your language is changed."))


@blueprint.post("/me/settings/neighbourhood")
@signed_in
def neighbourhood() -> ResponseReturnValue:
    """Says where one lives, or no longer."""
    form = NeighbourhoodForm()
    if not form.validate():
        return _settings_page(422, neighbourhood=form)
    with transaction():
        service.say_neighbourhood(current_actor(), str(form.neighbourhood.data))
    return _saved(_("Your neighbourhood is saved."))


@blueprint.post("/me/settings/shortcuts")
@signed_in
def shortcuts() -> ResponseReturnValue:
    """Switches the single-letter keys of the desk off (`off=1`) or on."""
    off = bool(request.form.get("off"))
    with transaction():
        service.switch_shortcuts(current_actor(), off=off)
    return _saved(_("The shortcuts are off.") if off else _("The shortcuts are on."))


@blueprint.post("/me/settings/password")
@signed_in
def password() -> ResponseReturnValue:
    """A new password; other browsers are logged out."""
    form = ChangePasswordForm()
    if form.validate():
        try:
            count_own_try()
            with transaction():
                service.change_password(
                    current_actor(), str(form.present.data), str(form.password.data)
                )
            return _saved(_("Your password is changed. Your other browsers are logged out."))
        except Invalid as invalid:
            form.take_faults(invalid)
    return _settings_page(422, password=form)


@blueprint.post("/me/settings/consents/<kind>")
@signed_in
def consent(kind: str) -> ResponseReturnValue:
    """Gives one consent in its present version, or takes it back (`_method=DELETE`)."""
    with transaction():
        if request.form.get("_method") == "DELETE":
            service.withdraw_consent(current_actor(), kind)
        else:
            service.give_consent(current_actor(), kind)
    return _saved(_("Your consents are changed."))


@blueprint.post("/me/settings/sessions")
@signed_in
def sessions() -> ResponseReturnValue:
    """Logs out every other browser."""
    with transaction():
        service.end_other_sessions(current_actor())
    return _saved(_("Your other browsers are logged out."))


@blueprint.get("/me/export")
@signed_in
def export() -> ResponseReturnValue:
    """What this service keeps about one's account, as a file."""
    actor = current_actor()
    response = jsonify(made_at=clock.now().isoformat(), **queries.own_data(actor.id))
    response.headers["Content-Disposition"] = 'attachment; filename="my-account.json"'
    return response


@blueprint.route("/me/delete", methods=["GET", "POST"])
@signed_in
def delete() -> ResponseReturnValue:
    """Leaving for good."""
    form = DeleteForm()
    if form.validate_on_submit():
        try:
            count_own_try()
            with transaction():
                service.delete_account(current_actor(), str(form.password.data))
            forget_token()
            flash(_("Your account is deleted. Thank you for taking part."), "success")
            return see_other("/")
        except Invalid as invalid:
            form.take_faults(invalid)
    page = render_template("accounts/delete.html", form=form)
    return page, 422 if request.method == "POST" else 200
