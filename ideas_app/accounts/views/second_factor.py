"""The second factor of staff: setting it up, giving a code, recovery codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, flash, render_template, request, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from ideas_app.accounts import queries, service
from ideas_app.accounts.forms import CodeForm
from ideas_app.accounts.views.blueprint import (
    blueprint,
    go_on,
    place_after_sign_in,
    renew_session,
)
from ideas_app.adapters import onetime, qr
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid, NotFound
from ideas_app.web.access import confirmed, current_actor, require_confirmed, signed_in
from ideas_app.web.errors import see_other
from ideas_app.web.security import is_local_path
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_NONCE = "factor"
"""What the browser keeps while somebody sets up an app: without PERSON_KEY it tells nothing."""


@blueprint.get("/me/second-factor")
@signed_in
def second_factor() -> ResponseReturnValue:
    """What there is to do: set it up, give a code, or see that all is well; `?new=1` for another phone."""
    _require_staff()
    form = _code_form()
    factor = queries.find_second_factor(current_actor().id)
    if factor and current_actor().is_held:
        return render_template("accounts/factor_code.html", form=form)
    if factor and not request.args.get("new"):
        return render_template(
            "accounts/factor.html",
            factor=factor,
            codes_left=service.count_codes(factor.account_id),
        )
    require_confirmed(current_actor())
    session[_NONCE] = service.begin_factor()
    return _set_page(form)


def _require_staff() -> None:
    is_off = current_app.config["STAFF_SECOND_FACTOR"] == "off"
    if is_off or not current_actor().is_staff:
        raise NotFound("no_factor", _("The second factor is for staff."))


def _code_form() -> CodeForm:
    form = CodeForm()
    wanted = form.next.data or request.args.get("next")
    form.next.data = wanted if is_local_path(wanted) else ""
    return form


def _set_page(form: CodeForm, status: int = 200) -> ResponseReturnValue:
    account = queries.get_account(current_actor().id)
    key = service.factor_key(account.id, str(session[_NONCE]))
    address = onetime.address_of(key, account=str(account.email), site=house_name("SITE_NAME"))
    picture = Markup(qr.draw(address, title=_("Picture for the authenticator app")))  # noqa: S704 - our own SVG
    page = render_template(
        "accounts/factor_set.html",
        form=form,
        picture=picture,
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        is_first=queries.find_second_factor(account.id) is None,
    )
    return page, status


@blueprint.post("/me/second-factor")
@signed_in
@confirmed
def set_second_factor() -> ResponseReturnValue:
    """Sets it up with a first code, and shows the recovery codes this once."""
    _require_staff()
    form = _code_form()
    if _NONCE not in session:
        return see_other(url_for("accounts.second_factor", next=form.next.data or None))
    if form.validate():
        try:
            with transaction():
                service.count_code(current_actor().id)
            with transaction():
                nonce = str(session[_NONCE])
                codes = service.set_factor(current_actor(), nonce, str(form.code.data))
            session.pop(_NONCE)
            renew_session()
            return _codes_page(codes, form.next.data)
        except Invalid as invalid:
            form.take_faults(invalid)
    return _set_page(form, 422)


def _codes_page(codes: list[str], wanted: str | None = None) -> ResponseReturnValue:
    place = wanted or place_after_sign_in(None)
    return render_template("accounts/factor_codes.html", codes=codes, place=place)


@blueprint.post("/me/second-factor/code")
@signed_in
def give_code() -> ResponseReturnValue:
    """A code within a session: it opens the desk, and shows once more who it is."""
    _require_staff()
    form = _code_form()
    if form.validate():
        try:
            with transaction():
                service.count_code(current_actor().id)
            with transaction():
                service.give_code(current_actor(), str(form.code.data))
            return go_on(form.next.data)
        except Invalid as invalid:
            form.take_faults(invalid)
    return render_template("accounts/factor_code.html", form=form), 422


@blueprint.post("/me/second-factor/codes")
@signed_in
@confirmed
def make_codes() -> ResponseReturnValue:
    """New recovery codes, shown this once."""
    _require_staff()
    with transaction():
        codes = service.make_codes(current_actor())
    flash(_("The former recovery codes are no longer good."), "info")
    return _codes_page(codes, url_for("accounts.second_factor"))
