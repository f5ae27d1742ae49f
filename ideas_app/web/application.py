"""Flask's application without what ours never needs. Must not know any feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response
from werkzeug.datastructures import ImmutableMultiDict

from ideas_app.web.compiling import SpokenEnvironment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class _Answer(Response):
    """An answer that is handed over in one piece where it is there in one."""

    def get_app_iter(self, environ: Any) -> Iterable[bytes]:
        """The body: a list where nothing has to be closed afterwards. A server sends that with its headers; anything
        else it takes piece by piece, from another thread, and sends the headers before it has the first.
        """
        is_whole = (
            type(self.response) is list
            and not self._on_close
            and not self.direct_passthrough
            and environ["REQUEST_METHOD"] != "HEAD"
            and self.status_code >= 200
            and self.status_code not in _WITHOUT_BODY
        )
        return list(self.iter_encoded()) if is_whole else super().get_app_iter(environ)


_WITHOUT_BODY = frozenset({204, 304})


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
    response_class = _Answer
    request_class = _Asked

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: Flask looks at each of two dozen hooks anew, on every request, to find out."""
        return func
