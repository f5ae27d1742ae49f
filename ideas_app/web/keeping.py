"""What somebody typed into a form that met a shut door is handed over before the way to the log-in is shown.

Must not know who keeps it, nor for how long: accounts hand that in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from flask import Flask, current_app, request

from ideas_app.web.security import is_local_path
from ideas_app.web.sessions import session_token

if TYPE_CHECKING:
    from collections.abc import Sequence


class Keep(Protocol):
    """Takes a form for the owner of a session's token; whether it was kept."""

    def __call__(
        self,
        token: str,
        path: str,
        fields: Sequence[tuple[str, str]],
        *,
        page: str,
        has_files: bool,
    ) -> bool:
        """Keeps it or not."""


def init_keeping(app: Flask, keep: Keep) -> None:
    """Says who keeps what was typed."""
    app.extensions["keep_typed"] = keep


def keep_typed() -> bool:
    """Hands over the form of this request, if a browser sent one that was signed in; whether it was kept."""
    token = session_token()
    keep: Keep | None = current_app.extensions.get("keep_typed")
    if request.method != "POST" or keep is None or token is None:
        return False
    fields = [
        (name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"
    ]
    path = request.full_path.rstrip("?")
    if not is_local_path(path):
        return False
    has_files = any(file.filename for file in request.files.values())
    return keep(token, path, fields, page=_page(), has_files=has_files)


def _page() -> str:
    """The page on which the form stood, where the browser told and it is one of this site."""
    told = urlsplit(request.referrer or "")
    path = f"{told.path}?{told.query}" if told.query else told.path
    return path if told.netloc == request.host and is_local_path(path) else ""
