"""Tokens for one's own programs: made, shown once, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, make_response, render_template, url_for
from flask_babel import gettext as _

from ideas_app.accounts import queries, service
from ideas_app.accounts.forms import TokenForm
from ideas_app.accounts.rules import SCOPE_WORDS
from ideas_app.accounts.views.blueprint import blueprint, count_own_try
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Invalid
from ideas_app.web.access import current_actor, signed_in
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def _page(
    form: TokenForm | None = None, status: int = 200, secret: str = ""
) -> ResponseReturnValue:
    actor = current_actor()
    form = form or TokenForm(formdata=None)
    form.offer(is_staff=actor.is_staff)
    page = render_template(
        "accounts/tokens.html",
        form=form,
        secret=secret,
        tokens=queries.list_tokens(actor.id),
        words=SCOPE_WORDS,
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/me/settings/tokens")
@signed_in
def tokens() -> ResponseReturnValue:
    """One's tokens with their last use, and a form for one more."""
    return _page()


@blueprint.post("/me/settings/tokens")
@signed_in
def create_token() -> ResponseReturnValue:
    """Makes a token; asks for the password again. The answer itself shows it: it is kept nowhere for a page
    that would come after it.
    """
    form = TokenForm()
    form.offer(is_staff=current_actor().is_staff)
    if not form.validate():
        return _page(form, 422)
    try:
        count_own_try()
        with transaction():
            secret = _make(form)
    except Invalid as invalid:
        form.take_faults(invalid)
        return _page(form, 422)
    except Conflict as conflict:
        form.form_errors.append(conflict.message)
        return _page(form, 409)
    return _page(secret=secret)


def _make(form: TokenForm) -> str:
    actor = current_actor()
    service.confirm_password(actor, str(form.password.data))
    _token, secret = service.create_token(
        actor,
        queries.get_account(actor.id),
        name=str(form.name.data),
        scopes=service.read_scopes(form.scopes.data or []),
        days=int(form.days.data),
    )
    return secret


@blueprint.post("/me/settings/tokens/<int:token_id>/revoke")
@signed_in
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Ends one of one's tokens at once."""
    actor = current_actor()
    with transaction():
        service.revoke_token(actor, queries.get_token(actor.id, token_id))
    flash(_("The token is revoked. Nothing can be done with it any more."), "success")
    return see_other(url_for("accounts.tokens"))
