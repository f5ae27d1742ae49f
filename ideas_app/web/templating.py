"""What every template may use beside its own values.

Must not know any feature.
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, current_app, g, request, session
from flask.globals import _cv_request
from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined

from ideas_app.core import clock
from ideas_app.core.permissions import Permission
from ideas_app.core.tokens import QuickSerializer
from ideas_app.web.access import current_actor
from ideas_app.web.addresses import init_addresses, placed, query_pair, url_for
from ideas_app.web.i18n import locale_code
from ideas_app.web.parts import kept_part
from ideas_app.web.steady import steady

if TYPE_CHECKING:
    from collections.abc import Callable

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
    if request.method == "GET" and request.endpoint is not None and "lang" not in request.args:
        return _present().with_query({"lang": wanted})
    arguments = {**request.args.to_dict(flat=True), **(request.view_args or {}), "lang": wanted}
    if request.endpoint is None or request.method != "GET":
        return f"/?lang={wanted}"
    return url_for(request.endpoint, **arguments)


def with_query(**changes: Any) -> str:
    """The address of the present page with some query values changed; a value of None takes its name away."""
    return _present().with_query(changes)


View = TypeVar("View", bound="Callable[..., Any]")


def passes_on(*names: str) -> Callable[[View], View]:
    """Says of a view which query values the links of its page take along; others, as networks and letters put them
    behind an address, end there.
    """

    def say(view: View) -> View:
        view.passed_on = frozenset(names)  # type: ignore[attr-defined]
        return view

    return say


def _present() -> _Present:
    """The present page's address: kept with the request, as a list asks for forty others like it."""
    kept = _cv_request.get().__dict__
    known: _Present | None = kept.get("present_page")
    if known is None:
        known = kept["present_page"] = _Present()
    return known


class _Present:
    """The address of the present page, its query written beforehand."""

    def __init__(self) -> None:
        self._endpoint = str(request.endpoint)
        self._places = request.view_args or {}
        self._path = url_for(self._endpoint, **self._places)
        passed_on = getattr(current_app.view_functions.get(self._endpoint), "passed_on", None)
        self._asked = {
            name: value
            for name, value in request.args.items()
            if name != "lang" and (passed_on is None or name in passed_on)
        }
        self._pairs = [(name, query_pair(name, value)) for name, value in self._asked.items()]
        self._heads: dict[tuple[str, ...], str] = {}
        """What comes before new values, by the names that are changed."""

    def with_query(self, changes: dict[str, Any]) -> str:
        """The same with some values changed, in their places."""
        if self._places and not self._places.keys().isdisjoint(changes):
            return url_for(self._endpoint, **{**self._asked, **self._places, **changes})
        names = tuple(changes)
        written = self._heads.get(names)
        if written is None:
            written = self._heads[names] = self._without(names)
        for name, value in changes.items():
            if value is not None:
                if name in self._asked:
                    return self._in_place(changes)
                written = f"{written}{query_pair(name, value)}&"
        return written[:-1]

    def _without(self, names: tuple[str, ...]) -> str:
        """The path with what is asked for but for some names, and the mark that comes before more."""
        left = [pair for name, pair in self._pairs if name not in names]
        return f"{self._path}?{'&'.join(left)}&" if left else f"{self._path}?"

    def _in_place(self, changes: dict[str, Any]) -> str:
        """The same where a new value takes the place of another."""
        parts = []
        for name, pair in self._pairs:
            if name not in changes:
                parts.append(pair)
            elif changes[name] is not None:
                parts.append(query_pair(name, changes[name]))
        for name, value in changes.items():
            if value is not None and name not in self._asked:
                parts.append(query_pair(name, value))
        return f"{self._path}?{'&'.join(parts)}" if parts else self._path


def form_token() -> str:
    """The token that forms of this page carry. A list of somebody signed in has one in each card."""
    kept = _cv_request.get().__dict__
    found: str | None = kept.get("form_token")
    if found is None:
        raw = session.get("csrf_token")
        if isinstance(raw, str) and "csrf_token" not in g:
            # where Flask-WTF keeps its own, of which these are the bytes
            g.csrf_token = _signer_of_forms(str(current_app.secret_key)).dumps(raw)
        found = kept["form_token"] = generate_csrf()
    return found


@lru_cache(maxsize=2)
def _signer_of_forms(secret_key: str) -> QuickSerializer:
    return QuickSerializer(secret_key, salt="wtf-csrf-token")


def present_address() -> str:
    """Path and query of the present page, to come back to."""
    kept = _cv_request.get().__dict__
    found: str | None = kept.get("present_address")
    if found is None:  # each card of a list asks
        found = kept["present_address"] = request.full_path.rstrip("?")
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
        kept_part=kept_part,
        placed=placed,
        may=may,
        other_language=other_language,
        present_address=present_address,
        with_query=with_query,
        url_for=url_for,
    )

    @app.context_processor
    def values() -> dict[str, Any]:
        now = clock.now()
        locale = locale_code()
        ending = "" if locale == "ko" else "_EN"
        return {
            "actor": current_actor(),
            "csrf_token": form_token,
            "locale": locale,
            "site_name": app.config[f"SITE_NAME{ending}"],
            "city_name": app.config[f"CITY_NAME{ending}"],
            "is_demo": app.config["DEMO"],
            "now": now,
            "today": clock.local_date(now),
        }

    @app.after_request
    def keep_static(response: Response) -> Response:
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
