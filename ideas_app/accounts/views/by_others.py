"""Logging in by others: to the provider, back again, joining on the first time, linking.

What this browser keeps on the way stands in its signed cookie, for this way only. Must not know the protocol.
"""

from __future__ import annotations

import hmac
import logging
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from ideas_app.accounts import queries, service
from ideas_app.accounts.forms import JoinForm
from ideas_app.accounts.models import Tie
from ideas_app.accounts.rules import CONSENTS, FLOW_LIFE, JOIN_LIFE
from ideas_app.accounts.views.blueprint import (
    blueprint,
    client_address,
    go_on,
    providers,
    secret_page,
    staff_may_by_others,
)
from ideas_app.accounts.views.signing_in import let_in
from ideas_app.adapters import oidc
from ideas_app.core import clock, tokens
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from ideas_app.web.access import (
    current_actor,
    public,
    require_confirmed,
    require_sign_in,
    signed_in,
)
from ideas_app.web.email import link as public_address
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import locale_code
from ideas_app.web.security import is_local_path

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from config import OidcProvider

log = logging.getLogger(__name__)

AIMS = ("login", "link", "confirm")


def _provider(name: str) -> OidcProvider:
    for provider in providers():
        if provider.name == name:
            return provider
    raise NotFound("provider_missing", _("There is no such log-in."))


@blueprint.get("/login/with/<name>")
@public
def log_in_by(name: str) -> ResponseReturnValue:
    """To the provider: to log in, or with `?for=` to link it to one's account or to show that it is oneself.

    A link, not a form: the strict policy lets no form lead to another site.
    """
    provider, aim = _provider(name), _aim()
    if place := _place_before(aim):
        return see_other(place)
    try:
        start = oidc.begin(provider, _way_back(provider), ask_again=aim == "confirm")
    except oidc.OidcError as fault:
        return _refused(provider, fault.code)
    _keep_way(provider, aim, start)
    response = redirect(start.url, code=303)
    response.headers["Cache-Control"] = "no-store"
    return response


def _aim() -> str:
    aim = request.args.get("for", "login")
    return aim if aim in AIMS else "login"


def _place_before(aim: str) -> str | None:
    """Where the person has to go, or may go, before or instead of going there."""
    if aim == "login":
        return "/" if current_actor().is_signed_in else None
    require_sign_in(current_actor())
    if aim == "link" and not current_actor().is_confirmed:
        return url_for("accounts.confirm", next=url_for("accounts.settings"))
    return None


def _keep_way(provider: OidcProvider, aim: str, start: oidc.Start) -> None:
    """What the answer will be held against, in this browser's cookie."""
    wanted = request.args.get("next")
    session["oidc"] = {
        "name": provider.name,
        "aim": aim,
        "state": start.state,
        "nonce": start.nonce,
        "verifier": start.verifier,
        "next": wanted if is_local_path(wanted) else "",
        "at": clock.now().timestamp(),
    }


def _way_back(provider: OidcProvider) -> str:
    """The one address that the provider may answer to, built from BASE_URL; exactly this is registered there."""
    return public_address("accounts.came_back", name=provider.name)


@blueprint.get("/login/with/<name>/back")
@public
def came_back(name: str) -> ResponseReturnValue:
    """Back from the provider, with its word or without."""
    provider = _provider(name)
    if "error" in request.args and "state" not in request.args:
        # some providers forget the state of a refusal: nothing is believed, and nothing changes
        return _turned_back(provider, {"aim": "login", "next": ""})
    way = _take_way(name)
    if way is None:
        return _refused(provider, "state")
    try:
        with transaction():
            service.use_answer(way["state"], address=client_address())
    except Conflict:
        return _refused(provider, "replayed")
    if "error" in request.args or "code" not in request.args:
        return _turned_back(provider, way)
    try:
        return _ARRIVALS[way["aim"]](provider, _proof(provider, way), way["next"])
    except oidc.OidcError as fault:
        return _refused(provider, fault.code)


def _proof(provider: OidcProvider, way: dict[str, Any]) -> oidc.Proof:
    return oidc.finish(
        provider,
        _way_back(provider),
        code=request.args["code"],
        issuer=request.args.get("iss"),
        nonce=way["nonce"],
        verifier=way["verifier"],
        now=clock.now(),
        asked_at=_asked_at(way) if way["aim"] == "confirm" else None,
    )


def _take_way(name: str) -> dict[str, Any] | None:
    """What this browser kept for exactly this answer; a forged one leaves it where it is."""
    way = session.get("oidc")
    state = request.args.get("state", "")
    if not isinstance(way, dict) or way.get("name") != name:
        return None
    if not hmac.compare_digest(str(way["state"]).encode(), state.encode()):
        return None
    session.pop("oidc")
    is_late = clock.now() - _asked_at(way) > FLOW_LIFE
    return None if is_late else way


def _asked_at(way: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(way["at"], tz=UTC)


def _refused(provider: OidcProvider, code: str) -> ResponseReturnValue:
    """Says what went wrong, and that every other way is open; the log gets the kind, and nobody's data."""
    log.warning("log-in by %s refused: %s", provider.name, code)
    status = 503 if code == "away" else 400
    page = secret_page(
        "accounts/by_others_failed.html",
        status,
        provider=provider,
        fault=code,
        providers=[each for each in providers() if each != provider],
    )
    if code == "away":
        page.headers["Retry-After"] = "30"
    return page


def _turned_back(provider: OidcProvider, way: dict[str, Any]) -> ResponseReturnValue:
    """The person did not go on there, or the provider would not: nothing has changed here."""
    if request.args.get("error", "access_denied") not in {"access_denied", "login_required"}:
        log.warning("log-in by %s: the provider answered with an error", provider.name)
    flash(_("You came back without logging in there. Nothing was changed."), "info")
    place = {"link": "accounts.settings", "confirm": "accounts.confirm"}.get(
        way["aim"], "accounts.login"
    )
    return see_other(url_for(place, next=way["next"] or None))


def _vouched(proof: oidc.Proof) -> service.Vouched:
    return service.Vouched(proof.issuer, proof.subject)


def _arrive_to_log_in(
    provider: OidcProvider, proof: oidc.Proof, wanted: str
) -> ResponseReturnValue:
    try:
        account = service.open_by(_vouched(proof), staff_may=staff_may_by_others())
    except (Refused, Invalid) as fault:
        flash(str(fault.message), "error")
        return see_other(url_for("accounts.login"))
    if account:
        return let_in(account.id, wanted)
    email = oidc.find_email(provider, proof)
    kept = [provider.name, proof.issuer, proof.subject, email]
    session["joining"] = tokens.sign("oidc-join", kept)
    return see_other(url_for("accounts.join_by"))


def _arrive_to_link(provider: OidcProvider, proof: oidc.Proof, _wanted: str) -> ResponseReturnValue:
    del provider
    return _link(_vouched(proof))


def _arrive_to_confirm(
    provider: OidcProvider, proof: oidc.Proof, wanted: str
) -> ResponseReturnValue:
    del provider
    require_sign_in(current_actor())
    try:
        with transaction():
            service.confirm_by(current_actor(), _vouched(proof))
    except Refused as fault:
        flash(str(fault.message), "error")
        return see_other(url_for("accounts.confirm", next=wanted or None))
    return go_on(wanted or url_for("accounts.settings"))


_ARRIVALS = {
    "login": _arrive_to_log_in,
    "link": _arrive_to_link,
    "confirm": _arrive_to_confirm,
}


def _link(person: service.Vouched) -> ResponseReturnValue:
    require_sign_in(current_actor())
    require_confirmed(current_actor())
    try:
        with transaction():
            service.link(current_actor(), person, staff_may=staff_may_by_others())
        flash(_("Linked. From now on you can log in this way too."), "success")
    except DomainError as fault:
        flash(str(fault.message), "error")
    session.pop("joining", None)
    return see_other(url_for("accounts.settings"))


def _newcomer() -> tuple[OidcProvider, service.Vouched, str | None] | None:
    """Who came from a provider, is nobody here yet, and has not waited too long."""
    life = int(JOIN_LIFE.total_seconds())
    kept = tokens.unsign("oidc-join", str(session.get("joining", "")), max_age=life)
    if kept is None:
        return None
    name, issuer, subject, email = kept
    return _provider(name), service.Vouched(issuer, subject), email


@blueprint.route("/register/with", methods=["GET", "POST"])
@public
def join_by() -> ResponseReturnValue:
    """The first time: what the ordinary joining asks, but address and password. Or: the account that is there."""
    newcomer = _newcomer()
    if newcomer is None or current_actor().is_signed_in:
        session.pop("joining", None)
        return see_other(url_for("accounts.login"))
    provider, person, email = newcomer
    if email is None or service.has_account(email):
        page = "accounts/link_instead.html"
        return render_template(page, provider=provider, email=email), 200
    form = JoinForm()
    if form.validate_on_submit():
        try:
            return _join(form, person, email)
        except Invalid as invalid:
            form.take_faults(invalid)
    page = render_template(
        "accounts/join_by.html",
        form=form,
        provider=provider,
        email=email,
        consents=CONSENTS,
        has_draft="draft" in session,
    )
    return page, 422 if request.method == "POST" else 200


def _join(form: JoinForm, person: service.Vouched, email: str) -> ResponseReturnValue:
    address = client_address()
    with transaction():
        entry = _entry(form, email)
        account_id = service.join_by(current_actor(), entry, person, address=address).id
    answer = let_in(account_id, None)
    session.pop("joining", None)
    flash(_("Welcome! You are in."), "success")
    return answer


def _entry(form: JoinForm, email: str) -> service.Registration:
    return service.Registration(
        email=email,
        password=None,
        nickname=str(form.nickname.data),
        born_on=form.born_on.data or date.max,  # the form has seen that there is one
        tie=Tie(form.tie.data),
        consents=form.consents(),
        locale=locale_code(),
    )


@blueprint.route("/login/link", methods=["GET", "POST"])
@signed_in
def link_by() -> ResponseReturnValue:
    """Links the log-in one came with to the account one has meanwhile logged in to."""
    newcomer = _newcomer()
    if newcomer is None:
        return see_other(url_for("accounts.settings"))
    require_confirmed(current_actor())
    provider, person, email = newcomer
    if request.method == "POST":
        return _link(person)
    account = queries.get_account(current_actor().id)
    return render_template("accounts/link.html", provider=provider, account=account, theirs=email)


@blueprint.post("/me/settings/ways/<int:identity_id>")
@signed_in
def unlink(identity_id: int) -> ResponseReturnValue:
    """Takes a way to log in away (`_method=DELETE`)."""
    if not current_actor().is_confirmed:
        return see_other(url_for("accounts.confirm", next=url_for("accounts.settings")))
    try:
        with transaction():
            service.unlink(current_actor(), identity_id)
        flash(_("That log-in is no longer linked."), "success")
    except Refused as fault:
        flash(str(fault.message), "error")
    return see_other(url_for("accounts.settings"))
