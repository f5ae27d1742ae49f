"""Logs: one line an event, as JSON where machines read them, with the request's id and without personal data.

A request leaves its id, method, route, status and milliseconds: no query, no form, no address, nobody's name.
Of an exception its kind and its places in the code are kept, never its words: a database names values in them, and
a parser what somebody typed. Must not know any feature.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, g, has_request_context, request

from config import ROOT
from ideas_app.adapters import metrics

if TYPE_CHECKING:
    from types import TracebackType

    from werkzeug.wrappers import Response

    from config import Settings

log = logging.getLogger("ideas_app.requests")
_as_json = json.JSONEncoder(ensure_ascii=False, default=str).encode
_PLAIN = "%(levelname)s %(name)s: %(message)s"


class JsonLines(logging.Formatter):
    """A record as one line of JSON: `at` (RFC 3339, UTC), `level`, `logger`, `event`, and what the record adds."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without a line break in it whatever the record holds."""
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if has_request_context():
            line["request_id"] = g.get("request_id")
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            kind, _fault, trace = record.exc_info
            line["exception"] = f"{kind.__module__}.{kind.__qualname__}" if kind else None
            line["stack"] = _places(trace)
        return _as_json(line)


class PlainLines(logging.Formatter):
    """A record as a line for people, its exception below it as kind and places."""

    def __init__(self) -> None:
        super().__init__(_PLAIN)

    def formatException(self, ei: Any) -> str:  # noqa: N802  # the name is logging's
        """The kind of the exception and where it passed, a line each."""
        kind, _fault, trace = ei
        return "\n".join([f"{kind.__module__}.{kind.__qualname__}", *_places(trace)])


def _places(trace: TracebackType | None) -> list[str]:
    """Where an exception passed, from the outside in: file, line and function, never the values."""
    root = f"{ROOT}/"
    return [
        f"{frame.filename.removeprefix(root)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]


def init_logging(app: Flask) -> None:
    """Sets up the process's logs, and a line and a measure for each request."""
    settings: Settings = app.config["SETTINGS"]
    if settings.environment != "test":
        _set_up(settings)

    def log_exception(exc_info: Any) -> None:
        # Flask's own line names the path, and a path may hold the token of a mailed link
        app.logger.error("unexpected fault behind the view", exc_info=exc_info)

    app.log_exception = log_exception  # type: ignore[method-assign]

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint == "static":
            return response
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        note_answer(request.method, str(request.url_rule or "-"), response.status_code, seconds)
        return response


def note_answer(
    method: str, route: str, status: int, seconds: float, *, request_id: str | None = None
) -> None:
    """A measure and a line for an answer. `request_id`: for one that was given without a request of Flask's."""
    metrics.observe(method, route, status, seconds)
    if log.isEnabledFor(logging.INFO):
        ms = round(seconds * 1000, 1)
        fields = {"method": method, "route": route, "status": status, "ms": ms}
        if request_id is not None:
            fields["request_id"] = request_id
        log.info(f"{method} {route} {status} {ms} ms", extra={"fields": fields})  # noqa: G004  # all of it is kept


def formatter_of(settings: Settings) -> logging.Formatter:
    """The form of lines. Only in development are the words of an exception in it: there is nobody's data there."""
    if settings.log_format == "json":
        return JsonLines()
    if settings.environment == "production":
        return PlainLines()
    return logging.Formatter(_PLAIN)


def _set_up(settings: Settings) -> None:
    """One handler to stderr for all loggers of the process; a second application changes nothing."""
    root = logging.getLogger()
    if any(handler.name == "ideas" for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.name = "ideas"
    handler.setFormatter(formatter_of(settings))
    root.addHandler(handler)
    logging.getLogger("ideas_app").setLevel(settings.log_level.upper())
