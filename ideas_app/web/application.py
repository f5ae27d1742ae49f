"""Flask's application without what ours never needs. Must not know any feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict

from ideas_app.web.compiling import SpokenEnvironment

if TYPE_CHECKING:
    from collections.abc import Callable


class _Values(ImmutableMultiDict[str, str]):
    """What an address or a form names."""

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # noqa: A002
        """As ever; werkzeug makes an answer of status 400 for each name that is missing, only to throw it away."""
        return super().get(key, default, type) if key in self else default


class _Asked(Request):
    """A request whose optional values cost nothing where they are missing: a list asks for a dozen."""

    parameter_storage_class = _Values


class Application(Flask):
    """Flask's application, with our templates and no view or hook that is `async`."""

    jinja_environment = SpokenEnvironment
    request_class = _Asked

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: Flask looks at each of two dozen hooks anew, on every request, to find out."""
        return func
