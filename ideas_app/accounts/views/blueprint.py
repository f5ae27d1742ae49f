"""The blueprint that all screens of accounts hang on, and what they share.

Must not hold a view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, make_response, render_template, request, session, url_for
from flask_babel import gettext as _

from ideas_app.accounts import queries, service
from ideas_app.accounts.rules import DELETED_NICKNAME
from ideas_app.core.db import transaction
from ideas_app.web.access import current_actor
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import josa, locale_code
from ideas_app.web.security import is_local_path
from ideas_app.web.sessions import exchange_token

if TYPE_CHECKING:
    from typing import Any

    from werkzeug.wrappers import Response

    from config import OidcProvider

blueprint = Blueprint("accounts", __name__)


@blueprint.app_template_filter("nickname")
def shown_nickname(nickname: str) -> str:
    """A nickname as it is shown: that of somebody who left is a word in the reader's language."""
    return _("Former member") if nickname == DELETED_NICKNAME else nickname


@blueprint.app_template_filter("by_way_of")
def by_way_of(name: str) -> str:
    """The name of a provider with the particle that Korean wants behind it: `카카오로`, `구글로`."""
    return josa(name, "으로") if locale_code() == "ko" else name


def secret_page(template: str, status: int = 200, **values: Any) -> Response:
    """A page whose address holds a token: kept nowhere, and never told to the next site."""
    response = make_response(render_template(template, **values), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def client_address() -> str:
    """The address that asks, behind the trusted proxies; kept only as a keyed hash."""
    return request.remote_addr or ""


def providers() -> tuple[OidcProvider, ...]:
    """The log-ins by others that the operator has set up."""
    return tuple(current_app.config["OIDC"])


def provider_of(issuer: str) -> OidcProvider | None:
    """The log-in by others that an issuer stands for; None where the operator has taken it away."""
    bare = issuer.rstrip("/")
    return next((each for each in providers() if each.issuer.rstrip("/") == bare), None)


def staff_may_by_others() -> bool:
    """Whether the operator lets staff log in by others."""
    return bool(current_app.config["STAFF_OIDC"])


def count_own_try() -> None:
    """Asking for the password again is a log-in to be counted: the browser may be somebody else's."""
    account = queries.get_account(current_actor().id)
    with transaction():
        service.count_log_in(str(account.email), client_address())


def renew_session() -> None:
    """A fresh token for this browser, as after every proof of who one is. ASVS 5.0, 7.2.4."""
    with transaction():
        exchange_token(service.renew_session(current_actor()))


def go_on(wanted: str | None) -> Response:
    """Leads on after somebody has shown once more who they are."""
    renew_session()
    return see_other(place_after_sign_in(wanted))


def place_after_sign_in(wanted: str | None) -> str:
    """Where a person goes next: to what they typed before, where they wanted to, to the idea they began, to the
    desk, or home.
    """
    waiting = queries.find_kept(current_actor().id)
    if waiting is not None and waiting.sent_at is None:
        return url_for("accounts.kept")
    if wanted and is_local_path(wanted):
        return wanted
    places = ["pages.home"]
    if current_actor().is_staff:
        places.insert(0, "pages.workspace")
    if "draft" in session:
        places.insert(0, "ideas.submit")
    found = next((place for place in places if place in current_app.view_functions), None)
    return url_for(found) if found else "/"
