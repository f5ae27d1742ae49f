"""What every template may use beside its own values.

Must not know any feature.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g, request
from jinja2 import StrictUndefined

from ideas_app.core import clock
from ideas_app.core.permissions import Permission
from ideas_app.web.access import current_actor
from ideas_app.web.addresses import init_addresses, query_of, url_for
from ideas_app.web.i18n import locale_code
from ideas_app.web.steady import steady

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@steady
def asset(name: str) -> str:
    """The address of a static file with a fingerprint of its content, so that it may be kept for ever."""
    path = Path(str(current_app.static_folder)) / name
    version = _fingerprint(path) if path.is_file() else None
    return url_for("static", filename=name, v=version)


@steady
def has_endpoint(name: str) -> bool:
    """Whether the application has this endpoint."""
    return name in current_app.view_functions


def may(permission: str) -> bool:
    """Whether the present actor's role carries a permission, by its value (`idea:moderate`)."""
    return current_actor().has(Permission(permission))


def other_language() -> str:
    """The address of this very page in the other language."""
    wanted = "en" if locale_code() == "ko" else "ko"
    arguments = {**request.args.to_dict(flat=True), **(request.view_args or {}), "lang": wanted}
    if request.endpoint is None or request.method != "GET":
        return f"/?lang={wanted}"
    return url_for(request.endpoint, **arguments)


def with_query(**changes: Any) -> str:
    """The address of the present page with some query values changed; a value of None takes its name away."""
    known: tuple[str, dict[str, Any], dict[str, Any]] | None = g.get("present_query")
    if known is None:  # a list asks for forty addresses
        places = request.view_args or {}
        asked = {name: value for name, value in request.args.items() if name != "lang"}
        known = g.present_query = (url_for(str(request.endpoint), **places), asked, places)
    path, asked, places = known
    if not places.keys().isdisjoint(changes):
        return url_for(str(request.endpoint), **{**asked, **places, **changes})
    return path + query_of({**asked, **changes})


def present_address() -> str:
    """Path and query of the present page, to come back to."""
    found: str | None = g.get("present_address")
    if found is None:  # each card of a list asks
        found = g.present_address = request.full_path.rstrip("?")
    return found


def house_name(setting: str) -> str:
    """The site's or city's name (`SITE_NAME`, `CITY_NAME`) in the language that is being spoken."""
    ending = "" if locale_code() == "ko" else "_EN"
    return str(current_app.config[setting + ending])


def setting(name: str) -> str:
    """A text of the settings that is the same in every language."""
    return str(current_app.config[name])


def base_url() -> str:
    """The public address of the site, without a slash at its end."""
    return setting("BASE_URL").rstrip("/")


def init_templating(app: Flask) -> None:
    """Registers globals; an undefined name in a template is a fault, never an empty place."""
    init_addresses(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(
        asset=asset,
        has_endpoint=has_endpoint,
        may=may,
        other_language=other_language,
        present_address=present_address,
        with_query=with_query,
        url_for=url_for,
    )

    @app.context_processor
    def values() -> dict[str, Any]:
        return {
            "actor": current_actor(),
            "locale": locale_code(),
            "site_name": house_name("SITE_NAME"),
            "city_name": house_name("CITY_NAME"),
            "is_demo": current_app.config["DEMO"],
            "now": clock.now(),
            "today": clock.today(),
        }

    @app.after_request
    def keep_static(response: Response) -> Response:
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
