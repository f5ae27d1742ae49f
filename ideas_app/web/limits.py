"""Limits on how often something may be asked for, by address. Counters live in memory or, when set, in Redis.

Must not know any feature; limits of log-in and reset are counted in the database by `accounts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from ideas_app.core import clock

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

limiter = Limiter(key_func=get_remote_address, default_limits=[])


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
    wait = max(1, limit.reset_at - int(clock.now().timestamp()))
    response.headers["RateLimit-Limit"] = str(limit.limit.amount)
    response.headers["RateLimit-Remaining"] = str(max(0, limit.remaining))
    response.headers["RateLimit-Reset"] = str(wait)
    response.headers["RateLimit-Policy"] = f"{limit.limit.amount};w={limit.limit.get_expiry()}"
    if response.status_code == 429 and limit.breached:
        response.headers["Retry-After"] = str(wait)
    return response


__all__ = ["get_remote_address", "init_limits", "limiter"]
