"""What machines ask: does the process live, can it serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import jsonify
from sqlalchemy.exc import SQLAlchemyError

from ideas_app.core import outbox
from ideas_app.core.db import session
from ideas_app.pages.views.frame import blueprint
from ideas_app.web.access import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Whether the process lives; touches nothing."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Whether the database answers: 503 where it does not, so that a proxy sends people elsewhere.

    With the seconds for which the oldest due event waits: pages are served without a worker too, so a long
    queue is a matter for whoever watches, not for the proxy.
    """
    try:
        waits = outbox.queue_seconds()
    except SQLAlchemyError:
        session().rollback()
        return jsonify(status="database unavailable"), 503, {"Retry-After": "10"}
    return jsonify(status="ready", queue_seconds=waits)
