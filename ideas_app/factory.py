"""Builds the application: the only module that knows every feature. Reads like a table of contents.

A new feature adds one line to `FEATURES`.
"""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, PathConverter, UnicodeConverter, ValidationError

from config import ROOT, Settings
from ideas_app.core.db import init_db
from ideas_app.web.application import Application
from ideas_app.web.compiling import KeptOnDisk
from ideas_app.web.errors import init_errors
from ideas_app.web.gate import init_gate
from ideas_app.web.i18n import init_i18n
from ideas_app.web.kept import init_kept
from ideas_app.web.limits import init_limits
from ideas_app.web.logging import init_logging
from ideas_app.web.replicas import init_replicas
from ideas_app.web.security import init_security
from ideas_app.web.sessions import init_sessions, is_by_itself
from ideas_app.web.templating import init_templating
from ideas_app.web.wakes import init_wakes

if TYPE_CHECKING:
    from types import ModuleType

    from flask import Flask

    from ideas_app.core.actor import Actor

FEATURES = (
    "audit",
    "accounts",
    "terms",
    "retention",
    "privacy",
    "programmes",
    "campaigns",
    "ideas",
    "votes",
    "comments",
    "moderation",
    "shortlists",
    "opinion",
    "evaluations",
    "answers",
    "notifications",
    "webhooks",
    "operations",
    "exports",
    "reports",
    "search",
    "opendata",
    "pages",
    "api",
    "cli",
)
"""From the ground up. Each may hold `views` (`blueprints`, `init_app(app)`), `cli` (`groups`), `jobs` (event
handlers), and say what it keeps of people (`personal`) and for how long (`retention`)."""

csrf = CSRFProtect()


class BoundedInteger(IntegerConverter):
    """Ids in addresses fit every database; a larger one is simply not found."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", 2**31 - 1)
        super().__init__(*args, **kwargs)


class PlainText(UnicodeConverter):
    """Words in addresses hold no control characters: no database takes them all, and nothing here is named so."""

    def to_python(self, value: str) -> str:
        """The word. Raises `ValidationError`, for which the router looks on, and finds nothing."""
        return _printable(value)


class PlainPath(PathConverter):
    """The same for what may hold slashes."""

    def to_python(self, value: str) -> str:
        """The path. Raises `ValidationError` as above."""
        return _printable(value)


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValidationError
    return value


def build_app(settings: Settings | None = None) -> Flask:
    """The application, with the settings of the environment or the given ones. Touches no table."""
    settings = settings or Settings.from_env()
    app = Application(
        "ideas_app",
        root_path=str(Path(__file__).parent),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.instance),
    )
    app.config.from_mapping(settings.to_flask())
    app.config["SETTINGS"] = settings
    app.url_map.converters["int"] = BoundedInteger
    app.url_map.converters["default"] = app.url_map.converters["string"] = PlainText
    app.url_map.converters["path"] = PlainPath
    init_gate(app)
    _init_kept(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]

    init_db(app)
    init_logging(app)
    csrf.init_app(app)
    init_limits(app)
    init_i18n(app)
    init_templating(app)
    if settings.environment != "test":
        app.jinja_env.bytecode_cache = KeptOnDisk(settings.instance / "templates")
    init_errors(app)
    init_security(app)
    init_wakes(app)
    init_replicas(app)
    _init_sessions(app)
    for feature in FEATURES:
        _add_feature(app, feature)
    for view in app.view_functions.values():
        if getattr(view, "by_token", False) or getattr(view, "by_bearer", False):
            csrf.exempt(view)
    return app


def _init_kept(app: Flask, settings: Settings) -> None:
    from ideas_app.ideas.queries import share_of

    init_kept(app, lambda address: share_of(address, settings.secret_key))


def _init_sessions(app: Flask) -> None:
    from ideas_app.accounts.queries import find_grant, find_session_actor

    def find(token: str) -> Actor | None:
        setting = app.config["STAFF_SECOND_FACTOR"]
        return find_session_actor(token, second_factor=setting, touch=not is_by_itself())

    init_sessions(app, find, find_grant)


def _find_room(feature: str, role: str) -> ModuleType | None:
    name = f"ideas_app.{feature}.{role}"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def _add_feature(app: Flask, feature: str) -> None:
    for role in ("models", "jobs", "personal", "retention"):
        _find_room(feature, role)
    views = _find_room(feature, "views")
    for blueprint in getattr(views, "blueprints", ()):
        app.register_blueprint(blueprint)
    init_app = getattr(views, "init_app", None)
    if init_app:
        init_app(app)
    commands = (
        _find_room(feature, "cli") if feature != "cli" else importlib.import_module("ideas_app.cli")
    )
    for group in getattr(commands, "groups", ()):
        app.cli.add_command(group)
