"""Registering and proving the address."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import flash, render_template, request, session, url_for
from flask_babel import gettext as _

from ideas_app.accounts import queries, service
from ideas_app.accounts.forms import LoginForm, PasswordForm, RegisterForm
from ideas_app.accounts.models import Tie
from ideas_app.accounts.rules import CONSENTS
from ideas_app.accounts.views.blueprint import (
    blueprint,
    client_address,
    place_after_sign_in,
    providers,
    secret_page,
)
from ideas_app.accounts.views.signing_in import let_in
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.web.access import current_actor, public, signed_in
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import locale_code

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """Joining: the same answer whether the address is known or not."""
    if current_actor().is_signed_in:
        return see_other(place_after_sign_in(None))
    form = RegisterForm()
    if request.method != "POST":
        return _register_page(form, 200)
    if form.validate():
        try:
            with transaction():
                service.register(current_actor(), _entry(form), address=client_address())
            return see_other(url_for("accounts.sent"))
        except Invalid as invalid:
            form.take_faults(invalid)
    return _register_page(form, 422)


def _entry(form: RegisterForm) -> service.Registration:
    return service.Registration(
        email=str(form.email.data),
        password=str(form.password.data),
        nickname=str(form.nickname.data),
        born_on=form.born_on.data or date.max,  # the form has seen that there is one
        tie=Tie(form.tie.data),
        consents=form.consents(),
        locale=locale_code(),
    )


def _register_page(form: RegisterForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "accounts/register.html",
        form=form,
        login=LoginForm(formdata=None),
        consents=CONSENTS,
        has_draft="draft" in session,
        providers=providers(),
    )
    return page, status


@blueprint.get("/register/sent")
@public
def sent() -> ResponseReturnValue:
    """What comes next: the mail. Says nothing about whether the address was known."""
    return render_template("accounts/sent.html", has_draft="draft" in session)


@blueprint.route("/verify/<token>", methods=["GET", "POST"])
@public
def verify(token: str) -> ResponseReturnValue:
    """Proving the address: opening the link changes nothing; the button with the password does.

    The password is asked so that nobody confirms an account that a stranger made with their address.
    """
    form = PasswordForm()
    account = queries.find_by_verify_token(token)
    if account is None or account.verified_at:
        return secret_page(
            "accounts/verify.html", 410, form=form, account=None, needs_password=True
        )
    account_id, email = account.id, str(account.email)
    needs_password = current_actor().id != account_id
    if request.method != "POST":
        return secret_page(
            "accounts/verify.html", form=form, account=account, needs_password=needs_password
        )
    if needs_password and not _is_password_right(form, email):
        account = queries.get_account(account_id)
        return secret_page(
            "accounts/verify.html", 422, form=form, account=account, needs_password=True
        )
    return _verified(token, needs_sign_in=needs_password)


def _is_password_right(form: PasswordForm, email: str) -> bool:
    if not form.validate():
        return False
    with transaction():
        service.count_log_in(email, client_address())
    if queries.check_password(email, str(form.password.data)) is not None:
        return True
    message = _("This is not the password of this account. You can set a new one by mail.")
    form.take_faults(Invalid(Fault("password", "password_wrong", message)))
    return False


def _verified(token: str, *, needs_sign_in: bool) -> ResponseReturnValue:
    with transaction():
        account = queries.find_by_verify_token(token)
        if account is None:
            raise Conflict("link_dead", _("This link was used or is too old. Ask for a new one."))
        account_id, typed = account.id, account.nickname
        service.verify(account)
        nickname = account.nickname
    answer: ResponseReturnValue = see_other(place_after_sign_in(None))
    if needs_sign_in:
        answer = let_in(account_id, None, is_confirmed=True)
    flash(_("Your address is confirmed. Welcome, %(name)s!", name=nickname), "success")
    if nickname != typed:
        text = _("Somebody took your nickname meanwhile. Yours is %(name)s now; you can change it.")
        flash(text % {"name": nickname}, "info")
    return answer


@blueprint.route("/resend", methods=["GET", "POST"])
@signed_in
def resend() -> ResponseReturnValue:
    """Sends the proving mail once more."""
    if request.method != "POST":
        return render_template("accounts/resend.html")
    with transaction():
        service.ask_verification(current_actor())
    flash(_("The mail is on its way. Please look into your mailbox."), "success")
    return see_other(url_for("accounts.resend"))
