"""Headers on every answer, and where a link may lead. Our own module: the known extension lacks COOP and CORP.

Must not know any feature.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Flask, request

from ideas_app.core import whence
from ideas_app.web.bearer import is_for_programs
from ideas_app.web.sessions import has_token

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

_SOURCES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
CSP = "; ".join(_SOURCES)
_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
_PAIRS = [(name.lower(), (name, value)) for name, value in _HEADERS.items()]
_ANYWHERE = "frame-ancestors *"
_FRAMED_SOURCES = (
    "default-src 'none'",
    "style-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    _ANYWHERE,
)
_FRAMED = "; ".join(_FRAMED_SOURCES)
_LOCAL_PATH = re.compile(r"^/(?![/\\])[^\s\\\x00-\x1f]*$")


def is_local_path(target: str | None) -> bool:
    """Whether a redirect target stays on this site: one leading slash, no host, no backslash, no control."""
    return bool(target and _LOCAL_PATH.match(target) and "//" not in target.split("?", 1)[0])


def open_to_frames(response: Response) -> Response:
    """Lets the pages of others show this answer in a frame: it may hold no script, no form and nobody's data."""
    response.headers["Content-Security-Policy"] = _FRAMED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def vary_on(response: Response, *names: str) -> None:
    """Says by which headers of a request the answer differs, beside those that are named already."""
    told = response.headers.get("Vary")
    if not told:
        response.headers["Vary"] = ", ".join(names)
        return
    known = {name.strip().lower() for name in told.split(",")}
    new = [name for name in names if name.lower() not in known]
    if new and "*" not in known:
        response.headers["Vary"] = ", ".join([told, *new])


def init_security(app: Flask) -> None:
    """Adds the headers; pages for a known person are never stored by anyone. Says from where a request comes."""

    @app.before_request
    def note_whence() -> None:
        whence.set_address(request.remote_addr or "")

    @app.teardown_request
    def forget_whence(_fault: BaseException | None) -> None:
        whence.set_address("")

    @app.after_request
    def set_headers(response: Response) -> Response:
        # looked through once, as each `setdefault` would do it anew
        known = {name.lower() for name, _value in response.headers}
        response.headers.extend([pair for name, pair in _PAIRS if name not in known])
        if (
            "content-security-policy" in known
            and _ANYWHERE in response.headers["Content-Security-Policy"]
        ):
            # the older header knows no exceptions, and would win where both are understood
            response.headers.remove("X-Frame-Options")
        if request.is_secure:
            response.headers.setdefault(
                "Strict-Transport-Security", "max-age=63072000; includeSubDomains"
            )
        if is_for_programs():
            return response  # its module says what may be kept, and by whom
        told = response.headers.get("Cache-Control", "")
        if request.endpoint == "static" or "immutable" in told:
            return response  # its address names its content: nobody else's is ever found there
        vary_on(response, "Cookie", "Accept-Language")
        if has_token():
            response.headers["Cache-Control"] = "no-store"
        elif not told:
            response.headers["Cache-Control"] = "private, no-cache"
        return response
