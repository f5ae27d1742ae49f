"""Limits on how often something may be asked for, by address. Counters live in memory or, when set, in Redis.

Must not know any feature; limits of log-in and reset are counted in the database by `accounts`.
"""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING, Any, cast

from flask import g, request
from flask.globals import _cv_request
from flask_limiter import Limiter, RateLimitExceeded, RequestLimit
from flask_limiter._extension import LimiterContext
from flask_limiter.util import get_remote_address
from sqlalchemy.exc import SQLAlchemyError

from ideas_app.adapters import counts
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.web.access import View, current_actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.wrappers import Response

log = logging.getLogger(__name__)
_parse = functools.cache(counts.parse)


class QuickLimiter(Limiter):
    """A limiter whose `limit` counts without Flask-Limiter's way around it, which was a tenth of a support's work:
    where one limit holds and is kept, there is nothing to look up, sort or exempt. What is more than that - a limit
    that is reached, a store that fails, a limiter that is off - goes the usual way.
    """

    def limit(  # type: ignore[override]  # what comes back decorates views, and nothing else of it is used
        self, limit_value: Any, *, key_func: Any = None, **more: Any
    ) -> Callable[[View], View]:
        """The decorator of a view: so many requests of one key and endpoint, as in "60/minute"."""
        usual = super().limit(limit_value, key_func=key_func, **more)
        if more or key_func is None or not isinstance(limit_value, str):
            return cast("Callable[[View], View]", usual)
        return self._quickly(usual, lambda: limit_value, key_func, None)

    def shared_limit(  # type: ignore[override]  # as above
        self, limit_value: Callable[[], str], scope: str, *, key_func: Callable[[], str]
    ) -> Callable[[View], View]:
        """The same for requests that are counted together under a scope, whatever their endpoints."""
        usual = super().shared_limit(limit_value, scope, key_func=key_func)
        return self._quickly(usual, limit_value, key_func, scope)

    def _quickly(
        self,
        usual: Callable[..., Any],
        value: Callable[[], str],
        key_func: Callable[[], str],
        scope: str | None,
    ) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            guarded: Callable[..., Any] = usual(view)

            @functools.wraps(view)
            def counted(*args: Any, **kwargs: Any) -> Any:
                if not self.enabled or not self._counts(
                    _parse(value()), key_func(), scope or str(request.endpoint)
                ):
                    return guarded(*args, **kwargs)
                return view(*args, **kwargs)

            return cast("View", counted)

        return decorate

    @property
    def context(self) -> LimiterContext:
        """What is noted of the present request."""
        # Flask-Limiter's way to it is three proxies long, and each answer goes it three times
        present = _cv_request.get()
        found: LimiterContext | None = present.__dict__.get("limits")
        if found is None:
            found = present.__dict__["limits"] = LimiterContext()
        return found

    def _check_request_limit(
        self,
        callable_name: str | None = None,
        in_middleware: bool = True,  # noqa: FBT001, FBT002  # Flask-Limiter's own signature
    ) -> None:
        # before each request it looks for limits that hold everywhere: there are none, each view has its own
        if in_middleware and not self._storage_dead:
            return
        try:
            super()._check_request_limit(callable_name, in_middleware)
        except RateLimitExceeded:
            raise
        except Exception:  # each kind of store has faults of its own
            if not self._storage_dead:
                raise
            # another thread found the store dead while this one was asking it: memory counts by now
            self.context.seen_limits.clear()
            super()._check_request_limit(callable_name, in_middleware)

    def _counts(self, item: counts.RateLimitItem, key: str, scope: str) -> bool:
        """Counts a request; False where that is not the whole story."""
        if self._storage_dead:  # it is looked after on the usual way
            return False
        found = [key, scope]
        try:
            is_kept = self.limiter.hit(item, *found)
        except Exception:  # noqa: BLE001  # each kind of store has faults of its own; the usual way knows what then
            return False
        self.context.view_rate_limit = RequestLimit(self, item, found, breached=False, shared=False)
        return is_kept


limiter = QuickLimiter(key_func=get_remote_address, default_limits=[])


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
