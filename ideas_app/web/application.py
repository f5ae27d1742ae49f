"""Flask's application without what ours never needs. Must not know any feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask

from ideas_app.web.compiling import SpokenEnvironment

if TYPE_CHECKING:
    from collections.abc import Callable


class Application(Flask):
    """Flask's application, with our templates and no view or hook that is `async`."""

    jinja_environment = SpokenEnvironment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: Flask looks at each of two dozen hooks anew, on every request, to find out."""
        return func
