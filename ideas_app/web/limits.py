"""Limits on how often something may be asked for, by address. Counters live in memory or, when set, in Redis.

Must not know any feature; limits of log-in and reset are counted in the database by `accounts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

if TYPE_CHECKING:
    from flask import Flask

limiter = Limiter(key_func=get_remote_address, default_limits=[])


def init_limits(app: Flask) -> None:
    """Starts the limiter; with Redis away it goes on counting in memory rather than failing people."""
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True)
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", True)
    limiter.init_app(app)


__all__ = ["get_remote_address", "init_limits", "limiter"]
