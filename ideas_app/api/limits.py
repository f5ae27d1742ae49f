"""How often a program may ask: counted for its token, and for visitors for their address.

Must not know any operation. Numbers go out as `RateLimit-*`, see `web.limits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from ideas_app.core.db import session
from ideas_app.web.access import current_actor
from ideas_app.web.bearer import current_grant
from ideas_app.web.limits import get_remote_address, limiter

if TYPE_CHECKING:
    from collections.abc import Callable

READS = {"token": "600/minute", "visitor": "240/minute"}
"""Reads: enough for a board that refreshes itself; a school behind one address shares the visitor's."""
ACTS = {"token": "60/minute", "visitor": "60/minute"}
"""Acts: what the services limit more narrowly, they say themselves."""


def limited(view: Callable[..., Any], *, is_act: bool) -> Callable[..., Any]:
    """A view that counts, all reads together and all acts together."""
    numbers = ACTS if is_act else READS
    scope = "api acts" if is_act else "api reads"
    counted: Callable[..., Any] = limiter.shared_limit(
        lambda: numbers["token" if _token() else "visitor"], scope=scope, key_func=_who
    )(view)
    return counted


def _token() -> int | None:
    try:
        current_actor()  # the token is looked at once a request, by whoever asks first
    except SQLAlchemyError:
        # the limiter would take it for a fault of its own store; the operation says it by itself
        session().rollback()
        return None
    grant = current_grant()
    return grant.token_id if grant else None


def _who() -> str:
    token = _token()
    return f"token:{token}" if token else f"address:{get_remote_address()}"
