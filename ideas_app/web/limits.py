"""Limits on how often something may be asked for, by address. Counters live in memory or, when set, in Redis.

Must not know any feature; limits of log-in and reset are counted in the database by `accounts`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import g
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from sqlalchemy.exc import SQLAlchemyError

from ideas_app.adapters import counts  # noqa: F401  # known to the limiter once imported
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.web.access import current_actor

if TYPE_CHECKING:
    from flask import Flask
    from flask_limiter import RequestLimit
    from werkzeug.wrappers import Response

log = logging.getLogger(__name__)

limiter = Limiter(key_func=get_remote_address, default_limits=[])


def by_person() -> str:
    """Counts by account: a school or a library shares one address.

    With the database away nothing is counted: what is raised here the limiter would take for a fault of its own store,
    and all of a school would be too many at once. The view says by itself that nothing can be read.
    """
    try:
        actor = current_actor()
    except SQLAlchemyError:
        session().rollback()
        return f"nobody:{g.request_id}"
    return f"account:{actor.id}" if actor.is_signed_in else get_remote_address()


def init_limits(app: Flask) -> None:
    """Starts the limiter; with Redis away it goes on counting in memory rather than failing people."""
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True)
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", False)
    limiter.init_app(app)
    app.after_request(_tell_limit)


def _tell_limit(response: Response) -> Response:
    """Says on every limited answer what is left, and after a refusal when to come again. Seconds from now,
    so that nobody's clock matters. Source of the names: draft-ietf-httpapi-ratelimit-headers-06.
    """
    limit = limiter.current_limit if limiter.enabled else None
    if limit is None:
        return response
    try:
        return _with_limit(response, limit)
    except Exception:  # noqa: BLE001  # each kind of store has faults of its own, and none is worth an answer
        log.warning("the store of limits does not answer; an answer goes without what is left")
        return response


def _with_limit(response: Response, limit: RequestLimit) -> Response:
    wait = max(1, limit.reset_at - int(clock.now().timestamp()))
    response.headers["RateLimit-Limit"] = str(limit.limit.amount)
    response.headers["RateLimit-Remaining"] = str(max(0, limit.remaining))
    response.headers["RateLimit-Reset"] = str(wait)
    response.headers["RateLimit-Policy"] = f"{limit.limit.amount};w={limit.limit.get_expiry()}"
    if response.status_code == 429 and limit.breached:
        response.headers["Retry-After"] = str(wait)
    return response


__all__ = ["by_person", "get_remote_address", "init_limits", "limiter"]
