"""The browser's side of signing in: a signed cookie with a random token, whose row decides.

A program brings a token of another kind in a header, see `bearer`. Must not know accounts: the factory hands in
the functions that turn a token into an actor or a grant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, g, request, session
from flask_login import AnonymousUserMixin, LoginManager, UserMixin

from ideas_app.core.actor import VISITOR, Actor, Grant
from ideas_app.web.bearer import CookielessBelowApi, bearer_token, is_for_programs

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Request

_TOKEN = "sid"  # noqa: S105  # its name in the cookie, not a secret


class _RowsAlone(LoginManager):  # type: ignore[misc]  # Flask-Login ships no types
    """Asks the session's row, and nothing else: ids in cookies, and marks of browsers, play no part here."""

    def _load_user(self) -> None:
        self._update_request_context_with_user(self._request_callback(request))


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """What Flask-Login calls the current user: a wrapper around the actor."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def get_id(self) -> str:
        """What Flask-Login would store; nothing here reads it."""
        return str(self.actor.id)


class Visitor(AnonymousUserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """Somebody who has not signed in."""

    actor = VISITOR


def init_sessions(
    app: Flask,
    find_actor: Callable[[str], Actor | None],
    find_grant: Callable[[str], Grant | None],
) -> None:
    """Makes `current_user` follow the session rows: one query for each request that brings a token."""
    app.session_interface = CookielessBelowApi()
    manager = _RowsAlone()
    manager.anonymous_user = Visitor
    manager.session_protection = None
    manager.init_app(app)

    @manager.request_loader  # type: ignore[untyped-decorator]
    def load(request: Request) -> SignedIn | None:
        if g.get("database_away"):
            return None
        if is_for_programs(request):
            g.grant = find_grant(bearer_token(request) or "")
            return SignedIn(g.grant.actor) if g.grant else None
        token = session.get(_TOKEN)
        if not isinstance(token, str):
            return None
        actor = find_actor(token)
        return SignedIn(actor) if actor else None


def has_token() -> bool:
    """Whether this browser says it is signed in; known without asking the database."""
    return _TOKEN in session


def session_token() -> str | None:
    """What this browser shows of a session, whether or not that still lives."""
    token = session.get(_TOKEN)
    return token if isinstance(token, str) else None


def is_by_itself() -> bool:
    """Whether a script of a page asks without anybody doing anything: it keeps no session alive."""
    return request.headers.get("X-By-Itself") == "1"


def exchange_token(token: str) -> None:
    """Another token for the same session: the former one opens nothing from now on."""
    session[_TOKEN] = token


def remember_token(token: str) -> None:
    """Puts a fresh session token into this browser, and nothing of what the visitor's cookie held."""
    kept = {name: session[name] for name in ("draft", "lang", "read", "joining") if name in session}
    session.clear()
    session.update(kept)
    session[_TOKEN] = token
    session.permanent = True
    g.pop("_login_user", None)


def forget_token() -> str | None:
    """Takes the token out of this browser and returns it."""
    token = session.get(_TOKEN)
    session.clear()
    g.pop("_login_user", None)
    return token if isinstance(token, str) else None
