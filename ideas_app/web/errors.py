"""Turns faults into answers: a page for people, a small JSON for scripts of our own pages, a problem for programs.

Must not know any feature. A page for a fault needs no database.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from flask import Flask, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, SecurityError

from ideas_app.core.db import session
from ideas_app.core.errors import DomainError, Refused, TooMany
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.web.bearer import is_for_programs
from ideas_app.web.keeping import keep_typed
from ideas_app.web.problems import problem, problem_of

if TYPE_CHECKING:
    from flask import Response as FlaskResponse
    from flask.typing import ResponseReturnValue
    from flask_babel import LazyString
    from werkzeug.wrappers import Response

log = logging.getLogger(__name__)

_PLAIN = "text/plain; charset=utf-8"
_PAGES: dict[int, tuple[LazyString, LazyString]] = {
    400: (
        _l("We could not read this request"),
        _l("Something in the address or the form was not as expected. Go back and try once more."),
    ),
    403: (_l("This is closed to you"), _l("Your account is not allowed to see or do this.")),
    404: (
        _l("There is no such page"),
        _l(
            "The address may be mistyped, or the page was taken away. Start from the list of ideas."
        ),
    ),
    405: (
        _l("That does not work here"),
        _l("This address cannot be used in that way. Go back and try the button."),
    ),
    409: (_l("Things have changed meanwhile"), _l("Look at the page again, then decide anew.")),
    413: (_l("The file or text is too large"), _l("Make it smaller and send it again.")),
    422: (_l("Something has to be mended first"), _l("Go back, correct it, and send it again.")),
    429: (_l("Too many requests in a short time"), _l("Please wait a moment, then try again.")),
    500: (
        _l("Something broke on our side"),
        _l("It was noted. Nothing you saved is lost. Please try again in a while."),
    ),
    503: (
        _l("The service is resting for a moment"),
        _l("It will be back soon. Nothing you saved is lost. Please try again in a minute."),
    ),
}


def wants_fragment() -> bool:
    """Whether a script of our own pages asks, and takes a fragment or JSON instead of a redirect."""
    return request.headers.get("X-Requested-With") == "fetch"


def see_other(location: str) -> Response:
    """The answer to a POST that went well: 303 to where the result can be seen."""
    return redirect(location, code=303)


def error_page(
    status: int, reason: str | LazyString = "", code: str = ""
) -> tuple[str | FlaskResponse, int]:
    """The page (or JSON) of a fault: what happened, why, what to do. Stands without a database, too."""
    try:
        return _told(status, reason, code), status
    except OperationalError:
        _note_database_away()
        return _told(status, reason, code), status


def _told(status: int, reason: str | LazyString, code: str) -> str | FlaskResponse:
    if is_for_programs():
        return problem(status, code, reason)
    title, advice = _PAGES.get(status, _PAGES[500 if status >= 500 else 400])
    if wants_fragment():
        return jsonify(code=code or str(status), message=str(reason or advice))
    values = {"status": status, "title": title, "reason": reason, "advice": advice}
    return render_template("errors/error.html", **values)


def _note_database_away() -> None:
    """From now on nothing in this request asks the database who is signed in."""
    g.database_away = True
    session().rollback()


def _is_nowhere(fault: MethodNotAllowed) -> bool:
    """Whether no method leads anywhere: an id too large for its rule looks to the router as if only the method
    were wrong, where the address has several.
    """
    adapter = current_app.create_url_adapter(request)
    for method in fault.valid_methods or ():
        if adapter is None:
            return False
        with suppress(HTTPException):
            adapter.match(method=method)
            return False
    return True


def _domain_error(fault: DomainError) -> ResponseReturnValue:
    if isinstance(fault, Refused | TooMany):
        # the line of the request says where and with what status; whose it was stands in no log
        log.info("refused: %s", fault.code)
    if is_for_programs():
        return problem_of(fault)
    if isinstance(fault, Refused) and fault.door:
        target = (
            request.full_path.rstrip("?")
            if request.method == "GET"
            else request.form.get("back", "")
        )
        login = url_for(fault.door, next=target or None)
        if wants_fragment():
            return jsonify(code=fault.code, message=str(fault.message), location=login), 401
        flash(str(fault.message), "info")
        if keep_typed():
            flash(_("What you wrote is kept: you can send it right after this."), "success")
        return see_other(login)
    answer, status = error_page(fault.status, fault.message, fault.code)
    headers = {"Retry-After": str(fault.retry_after)} if isinstance(fault, TooMany) else {}
    return answer, status, headers


def _not_held(fault: Exception) -> ResponseReturnValue:
    """A number or sign that the database cannot hold, asked for in an address: nothing here is called so."""
    log.warning("a value that the database cannot hold", exc_info=fault)
    session().rollback()
    return error_page(400)


def init_errors(app: Flask) -> None:
    """Registers the handlers of every kind of fault."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(DataError, _not_held)
    app.register_error_handler(OverflowError, _not_held)

    @app.errorhandler(CSRFError)
    def csrf(_fault: CSRFError) -> ResponseReturnValue:
        log.info("refused: csrf")
        reason = _(
            "The form was open for too long or came from another page. "
            "Go back, reload the page and send it again: what you typed is still there."
        )
        return error_page(400, reason, "csrf")

    @app.errorhandler(SecurityError)
    def foreign_host(_fault: SecurityError) -> ResponseReturnValue:
        log.info("refused: foreign_host")
        # under a name that is not ours no address can be built, so no page either
        return "400 Bad Request: this service has another name.\n", 400, {"Content-Type": _PLAIN}

    @app.errorhandler(HTTPException)
    def http(fault: HTTPException) -> ResponseReturnValue:
        if fault.code is not None and fault.code < 400:
            return fault
        if isinstance(fault, MethodNotAllowed) and _is_nowhere(fault):
            fault = NotFound()
        answer, status = error_page(fault.code or 500)
        if status == 429:
            return answer, status, {"Retry-After": "60"}
        allowed = getattr(fault, "valid_methods", None)
        return answer, status, {"Allow": ", ".join(sorted(allowed))} if allowed else {}

    @app.errorhandler(RecursionError)
    def too_deep(_fault: RecursionError) -> ResponseReturnValue:
        return error_page(400)

    @app.errorhandler(OperationalError)
    def database_away(fault: OperationalError) -> ResponseReturnValue:
        log.error("database unavailable: %s", type(fault.orig).__name__)
        _note_database_away()
        answer, status = error_page(503)
        return answer, status, {"Retry-After": "10"}

    @app.errorhandler(Exception)
    def unexpected(fault: Exception) -> ResponseReturnValue:
        log.error("unexpected fault", exc_info=fault)
        session().rollback()
        return error_page(500)
