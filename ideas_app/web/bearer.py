"""Requests of programs: which addresses are theirs, and whose token a request carries.

Below `/api` a person is known by the token in the `Authorization` header alone. Cookies are neither read nor
set there, so no page of another site can act through somebody's browser. Must not know accounts: the
factory hands in the function that turns a token into a grant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, has_request_context, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from ideas_app.core.tokens import QuickSerializer

if TYPE_CHECKING:
    from flask import Flask, Request, Response
    from flask.sessions import SessionMixin
    from itsdangerous import URLSafeTimedSerializer

    from ideas_app.core.actor import Grant

_ROOT = "/api"
_PAGES = "/api/docs"
LONGEST = 200
"""Characters of a token that are looked at; ours have 46."""


def is_for_programs(asked: Request | None = None) -> bool:
    """Whether a request is a program's: everything below /api but the pages that explain it."""
    if asked is None:
        if not has_request_context():
            return False
        asked = request
    path = asked.path
    below = path == _ROOT or path.startswith(f"{_ROOT}/")
    return below and not (path == _PAGES or path.startswith(f"{_PAGES}/"))


def bearer_token(asked: Request) -> str | None:
    """The token that a request brings, or None; "" for an `Authorization` that holds none of ours."""
    if "Authorization" not in asked.headers:
        return None
    scheme, _space, token = asked.headers["Authorization"].strip().partition(" ")
    token = token.strip()
    is_one = scheme.lower() == "bearer" and token.isascii() and len(token) <= LONGEST
    return token if is_one else ""


def current_grant() -> Grant | None:
    """The token's grant in this request; None for a visitor."""
    found: Grant | None = g.get("grant")
    return found


class CookielessBelowApi(SecureCookieSessionInterface):
    """The session of the cookie, but for programs an empty one that is never sent."""

    _made: tuple[tuple[Any, ...], URLSafeTimedSerializer | None] | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie: made once for the keys there are."""
        keys = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        if self._made is None or self._made[0] != keys:
            newest, *former = keys
            signer = QuickSerializer(
                [*former, newest],
                salt=self.salt,
                serializer=self.serializer,
                signer_kwargs={"key_derivation": self.key_derivation},
            )
            self._made = keys, signer if newest else None
        return self._made[1]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie holds; nothing for a program."""
        if is_for_programs(request) or "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Sends the cookie back where it changed; never to a program."""
        if is_for_programs():
            return
        if not session.modified and not self.should_set_cookie(app, session):
            if session.accessed and "Cookie" not in response.headers.get("Vary", ""):
                response.vary.add("Cookie")
            return
        super().save_session(app, session, response)
