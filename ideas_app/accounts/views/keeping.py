"""How long the session lives, and what was typed when it had ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from ideas_app.accounts import queries, service
from ideas_app.accounts.rules import is_prose
from ideas_app.accounts.views.blueprint import blueprint, place_after_sign_in
from ideas_app.core.db import transaction
from ideas_app.web.access import current_actor, public, signed_in
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue


@blueprint.app_template_global("session_left")
def session_left() -> int:
    """Whole seconds that the reader's session still lives."""
    return int(queries.left_of(current_actor())[0].total_seconds())


@blueprint.get("/me/session")
@public
def session_state() -> ResponseReturnValue:
    """For the script that warns before the end: who is signed in here, for how long, and the token of forms.

    A page that was left open goes on with it after its reader has logged in again in another window.
    """
    actor = current_actor()
    if not actor.is_signed_in:
        return jsonify(who=None, left=0, extends=False)
    left, extends = queries.left_of(actor)
    told = {"who": actor.id, "left": int(left.total_seconds()), "extends": extends}
    return jsonify(**told, token=generate_csrf())


@blueprint.get("/me/kept")
@signed_in
def kept() -> ResponseReturnValue:
    """What was typed when the session had ended: to be sent after all, or thrown away."""
    row = queries.find_kept(current_actor().id)
    if row is None:
        return render_template("accounts/kept.html", row=None), 404
    texts = [value for _name, value in row.fields if is_prose(value)]
    return render_template("accounts/kept.html", row=row, texts=texts)


@blueprint.post("/me/kept/send")
@signed_in
def send_kept() -> ResponseReturnValue:
    """Sends it on as it stands: 307 lets the browser post the same fields to where the form leads."""
    with transaction():
        path = service.send_kept(current_actor())
    return redirect(path, 307) if path else see_other(url_for("accounts.kept"))


@blueprint.post("/me/kept/forget")
@signed_in
def forget_kept() -> ResponseReturnValue:
    """Throws it away."""
    with transaction():
        service.forget_kept(current_actor())
    flash(_("It was thrown away."), "info")
    return see_other(place_after_sign_in(None))


def keep_form(
    token: str, path: str, fields: Sequence[tuple[str, str]], *, page: str, has_files: bool
) -> bool:
    """For `web.keeping`: keeps a form that met a shut door, but never one that proves who somebody is."""
    if request.blueprint == blueprint.name:
        return False
    with transaction():
        return service.keep_form(token, path, fields, page=page, has_files=has_files)
