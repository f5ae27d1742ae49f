"""What machines ask: does the process live, can it serve."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import abort, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from ideas_app.core import clock, outbox
from ideas_app.core.db import replica_of, session
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
    replica = replica_of(current_app)
    if replica is None:
        return jsonify(status="ready", queue_seconds=waits)
    # without it everything is read from the primary: slower, and no reason to send people elsewhere
    replica.is_fresh()
    return jsonify(
        status="ready",
        queue_seconds=waits,
        replica=replica.standing(),
        replica_seconds=replica.lag(),
    )


@blueprint.get("/.well-known/security.txt")
@public
def security() -> ResponseReturnValue:
    """Whom to tell of a hole (RFC 9116); not there where nobody was named."""
    contact = current_app.config["SECURITY_CONTACT"]
    if not contact:
        abort(404)
    # a promise that is renewed with every day that the service runs; the RFC asks for less than a year
    until = clock.day_start(clock.today() + timedelta(days=180), 0)
    lines = (
        f"Contact: {contact}",
        f"Expires: {until.isoformat()}",
        "Preferred-Languages: ko, en",
        f"Canonical: {current_app.config['BASE_URL']}/.well-known/security.txt",
    )
    return "\n".join(lines) + "\n", {"Content-Type": "text/plain; charset=utf-8"}
