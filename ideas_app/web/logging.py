"""One line of log a request, with an id and without personal data: no query, no form, no address.

Must not know any feature.
"""

from __future__ import annotations

import logging
import secrets
import time
from typing import TYPE_CHECKING

from flask import Flask, g, request

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

log = logging.getLogger("ideas_app.requests")


def init_logging(app: Flask) -> None:
    """Logs each request's id, method, route, status and milliseconds at level INFO."""

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint != "static":
            took = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
            rule = str(request.url_rule or "-")
            log.info(
                "%s %s %s %s %.0f ms",
                g.get("request_id"),
                request.method,
                rule,
                response.status_code,
                took,
            )
        return response
