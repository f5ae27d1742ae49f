"""Which views may be answered by the replica, and whose own writes must be seen at once.

A view says of itself that it may lag (`@may_lag`); `core.db` decides where its statements go. Who is signed in, and
what they may, is always asked of the primary. Must not know any feature.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, current_app, g, request, session
from werkzeug.exceptions import NotFound as NoSuchPage

from ideas_app.core import clock
from ideas_app.core.db import from_replica, has_written, replica_of
from ideas_app.core.errors import NotFound
from ideas_app.core.permissions import Scope
from ideas_app.web.access import current_actor
from ideas_app.web.bearer import is_for_programs
from ideas_app.web.sessions import has_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

View = TypeVar("View", bound="Callable[..., Any]")

OWN_WRITES = 15
"""Seconds for which whoever wrote reads from the primary: three times what a replica may be behind, so that the
clocks of two machines may differ a little."""

_WROTE = "wrote"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def may_lag(view: View) -> View:
    """What this view shows may be some seconds old: it is read from the replica, where there is one.

    Only for views that read. Whoever wrote a moment ago is shown what is true now all the same.
    """

    @functools.wraps(view)
    def routed(*args: Any, **kwargs: Any) -> Any:
        if not _may_be_late():
            return view(*args, **kwargs)
        work = functools.partial(view, *args, **kwargs)
        # what is not there yet may only be late: somebody was sent its address a second ago
        return from_replica(work, again_on=(NotFound, NoSuchPage))

    routed.may_lag = True  # type: ignore[attr-defined]
    return cast("View", routed)


def init_replicas(app: Flask) -> None:
    """Remembers in the browser of whoever writes that they did. Without a replica nothing is remembered."""
    if replica_of(app) is not None:
        app.after_request(_remember_write)


def _may_be_late() -> bool:
    """Whether this request may be answered from the replica."""
    if replica_of(current_app) is None or request.method not in _SAFE:
        return False
    actor = current_actor()
    if is_for_programs():
        # a program has no cookie: one that may write is shown what it wrote
        grant = g.get("grant")
        return grant is None or grant.scopes == {Scope.READ}
    return not actor.is_signed_in or not _wrote_lately()


def _wrote_lately() -> bool:
    wrote = session.get(_WROTE)
    return isinstance(wrote, int) and clock.now().timestamp() < wrote + OWN_WRITES


def _remember_write(response: Response) -> Response:
    if request.method not in _SAFE and has_token() and has_written():
        session[_WROTE] = int(clock.now().timestamp())
    return response
