"""One's own settings: nickname, language, place, tie, date of birth, password, sessions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import flash, render_template, request, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from ideas_app.accounts import queries, service
from ideas_app.accounts.forms import (
    BirthDateForm,
    ChangePasswordForm,
    LanguageForm,
    NeighbourhoodForm,
    NicknameForm,
    TieForm,
)
from ideas_app.accounts.models import Tie
from ideas_app.accounts.views.blueprint import blueprint, count_own_try, provider_of, providers
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.web.access import confirmed, current_actor, signed_in
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import locale_code

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def _settings_page(status: int = 200, **filled: Any) -> ResponseReturnValue:
    """The page of settings, with the one form that could not be taken as it was typed."""
    actor = current_actor()
    account = queries.get_account(actor.id)
    identities = queries.list_identities(actor.id)
    linked = [provider_of(each.issuer) for each in identities]
    forms_on_page: dict[str, Any] = {
        "nickname": NicknameForm(formdata=None, nickname=account.nickname),
        "language": LanguageForm(formdata=None, locale=account.locale or locale_code()),
        "neighbourhood": NeighbourhoodForm(
            formdata=None, neighbourhood=account.neighbourhood or ""
        ),
        "tie": TieForm(formdata=None, tie=account.tie.value if account.tie else ""),
        "birth_date": BirthDateForm(formdata=None, born_on=account.born_on),
        "password": ChangePasswordForm(formdata=None),
        **filled,
    }
    page = render_template(
        "accounts/settings.html",
        account=account,
        on_page=forms_on_page,
        was_corrected=queries.was_birth_date_corrected(account.id),
        sessions=queries.list_sessions(actor.id),
        tokens=queries.list_tokens(actor.id),
        identities=identities,
        kept=queries.find_kept(account.id),
        has_factor=queries.find_second_factor(actor.id) is not None,
        provider_of={each.id: provider_of(each.issuer) for each in identities},
        linkable=[each for each in providers() if each not in linked],
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


@blueprint.post("/me/settings/tie")
@signed_in
def tie() -> ResponseReturnValue:
    """Says anew how one belongs to the city."""
    form = TieForm()
    if not form.validate():
        return _settings_page(422, tie=form)
    with transaction():
        service.choose_tie(current_actor(), Tie(form.tie.data))
    return _saved(_("Your tie to the city is saved."))


@blueprint.post("/me/settings/birth-date")
@signed_in
def birth_date() -> ResponseReturnValue:
    """Sets the date of birth right, once."""
    form = BirthDateForm()
    if form.validate():
        try:
            with transaction():
                service.correct_birth_date(current_actor(), form.born_on.data or date.max)
            return _saved(_("Your date of birth is corrected."))
        except Invalid as invalid:
            form.take_faults(invalid)
    return _settings_page(422, birth_date=form)


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


@blueprint.post("/me/settings/sessions")
@signed_in
@confirmed
def sessions() -> ResponseReturnValue:
    """Logs out every other browser."""
    with transaction():
        service.end_other_sessions(current_actor())
    return _saved(_("Your other browsers are logged out."))
