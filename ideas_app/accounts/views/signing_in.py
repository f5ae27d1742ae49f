"""Logging in and out, and a new password by mail."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import current_app, flash, render_template, request, session, url_for
from flask_babel import gettext as _

from ideas_app.accounts import queries, service
from ideas_app.accounts.forms import CodeForm, LoginForm, ResetForm, ResetRequestForm
from ideas_app.accounts.rules import FLOW_LIFE
from ideas_app.accounts.views.blueprint import (
    blueprint,
    client_address,
    place_after_sign_in,
    providers,
    secret_page,
)
from ideas_app.core import tokens
from ideas_app.core.db import transaction
from ideas_app.core.errors import Fault, Invalid
from ideas_app.web.access import current_actor, public
from ideas_app.web.errors import see_other
from ideas_app.web.security import is_local_path
from ideas_app.web.sessions import forget_token, remember_token

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

log = logging.getLogger(__name__)


@blueprint.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Logging in; `?next=` leads on, within this site only."""
    form = LoginForm()
    wanted = form.next.data or request.args.get("next")
    if request.method != "POST" and current_actor().is_signed_in:
        return see_other(place_after_sign_in(wanted))
    form.next.data = wanted if is_local_path(wanted) else ""
    if request.method != "POST":
        return _login_page(form, 200)
    if form.validate():
        try:
            return _log_in(form)
        except Invalid as invalid:
            log.info("log-in refused: %s", invalid.faults[0].code)
            form.take_faults(invalid)
    return _login_page(form, 422)


def _log_in(form: LoginForm) -> ResponseReturnValue:
    """Three steps, so that the slow hash is worked out while no transaction is open."""
    email, password = str(form.email.data), str(form.password.data)
    with transaction():
        service.count_log_in(email, client_address())
    account_id = queries.check_password(email, password)
    if account_id is None:
        message = _(
            "This address and password do not belong together. Check both, or set a new password."
        )
        raise Invalid(Fault("password", "log_in_wrong", message))
    return let_in(account_id, form.next.data, is_confirmed=True)


def let_in(
    account_id: int, wanted: str | None, *, is_confirmed: bool = False
) -> ResponseReturnValue:
    """Signs somebody in who has shown who they are, and leads on; staff with a second factor give a code first.

    Raises `Invalid` for a closed account.
    """
    setting = current_app.config["STAFF_SECOND_FACTOR"]
    if service.owes_code(queries.get_account(account_id), setting=setting):
        session["half"] = tokens.sign("half", account_id)
        return see_other(url_for("accounts.log_in_code", next=wanted or None))
    return _begin(account_id, wanted, is_confirmed=is_confirmed)


def _begin(account_id: int, wanted: str | None, **shown: bool) -> ResponseReturnValue:
    with transaction():
        token = service.start_session(
            account_id,
            browser=request.user_agent.string,
            address=client_address(),
            **shown,
        )
    log.info("log-in%s", " with a second factor" if shown.get("has_factor") else "")
    remember_token(token)
    return see_other(place_after_sign_in(wanted))


@blueprint.route("/login/code", methods=["GET", "POST"])
@public
def log_in_code() -> ResponseReturnValue:
    """The second step of staff. Until it is done there is no session, and nothing that a password alone opens."""
    life = int(FLOW_LIFE.total_seconds())
    account_id = tokens.unsign("half", str(session.get("half", "")), max_age=life)
    if account_id is None:
        return see_other(url_for("accounts.login"))
    form = CodeForm()
    wanted = form.next.data or request.args.get("next")
    form.next.data = wanted if is_local_path(wanted) else ""
    if form.validate_on_submit():
        try:
            with transaction():
                service.count_code(account_id)
            with transaction():
                service.use_code(account_id, str(form.code.data))
            return _begin(account_id, form.next.data, is_confirmed=True, has_factor=True)
        except Invalid as invalid:
            log.info("second step of a log-in refused: %s", invalid.faults[0].code)
            form.take_faults(invalid)
    page = render_template("accounts/login_code.html", form=form)
    return page, 422 if request.method == "POST" else 200


def _login_page(form: LoginForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "accounts/login.html", form=form, has_draft="draft" in session, providers=providers()
    )
    return page, status


@blueprint.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """Logging out: the session's row goes, so that no copy of the cookie opens anything."""
    with transaction():
        service.end_session(forget_token())
    flash(_("You are logged out."), "success")
    return see_other("/")


@blueprint.route("/reset", methods=["GET", "POST"])
@public
def reset_request() -> ResponseReturnValue:
    """Asking for the mail with the link; the same answer for every address."""
    form = ResetRequestForm()
    if form.validate_on_submit():
        with transaction():
            service.ask_reset(str(form.email.data), address=client_address())
        return see_other(url_for("accounts.reset_sent"))
    page = render_template("accounts/reset_request.html", form=form)
    return page, 422 if request.method == "POST" else 200


@blueprint.get("/reset/sent")
@public
def reset_sent() -> ResponseReturnValue:
    """What comes next: the mail. Says nothing about whether the address was known."""
    return render_template("accounts/reset_sent.html")


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Setting a new password by the link of a mail; opening the link changes nothing."""
    form = ResetForm()
    if queries.find_by_reset_token(token) is None:
        return secret_page("accounts/reset.html", 410, form=form, is_good=False)
    if request.method != "POST":
        return secret_page("accounts/reset.html", form=form, is_good=True)
    if form.validate():
        try:
            with transaction():
                service.reset_password(token, str(form.password.data))
            flash(_("Your new password is set. Please log in with it."), "success")
            return see_other(url_for("accounts.login"))
        except Invalid as invalid:
            form.take_faults(invalid)
    return secret_page("accounts/reset.html", 422, form=form, is_good=True)
