"""Faults as programs read them: `application/problem+json` with a stable code. Source: RFC 9457.

The words are those of the pages, in the language that the program asks for. Must not know any operation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import current_app, jsonify, request

from ideas_app.core.errors import Fault, Invalid, Refused, TooMany
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response
    from flask_babel import LazyString

    from ideas_app.core.errors import DomainError

MEDIA_TYPE = "application/problem+json"

TITLES: dict[int, LazyString] = {
    400: _l("The request could not be read"),
    401: _l("A valid token is needed"),
    403: _l("This is not allowed"),
    404: _l("There is no such thing"),
    405: _l("This address cannot be used in that way"),
    406: _l("There is no answer of the kind you ask for"),
    409: _l("Things are not in the state that this needs"),
    413: _l("The request is too large"),
    415: _l("The body is of a kind that is not read here"),
    422: _l("Something in the request has to be mended"),
    429: _l("Too many requests in a short time"),
    500: _l("Something broke on our side"),
    503: _l("The service is resting for a moment"),
}
"""What every fault of a status has in common."""

_PLAIN: dict[int, tuple[str, LazyString]] = {
    400: ("bad_request", _l("Check the address and the headers against the documentation.")),
    404: ("not_found", _l("Check the address: there is nothing that you can read under it.")),
    405: ("method_not_allowed", _l("The header Allow names the methods of this address.")),
    406: ("not_acceptable", _l("Ask for application/json, or leave the header Accept out.")),
    413: ("too_large", _l("Send less: the documentation names the limit.")),
    415: ("media_type", _l("Send the body as JSON, with Content-Type: application/json.")),
    422: ("invalid", _l("Correct the request and send it again.")),
    429: ("too_many_requests", _l("Wait for as many seconds as Retry-After says.")),
    500: ("internal", _l("It was noted, and nothing was half done. Try again in a while.")),
    503: ("unavailable", _l("Try again after as many seconds as Retry-After says.")),
}
"""Code and advice of the faults that are no rule's."""

TOKEN_INVALID = Refused(
    "token_invalid",
    _l("This token is unknown, past or revoked. Make a new one in your settings."),
    sign_in=True,
)
_REALM = 'Bearer realm="api"'
_CODE = re.compile(r"[a-z0-9_]+")


def problem(
    status: int,
    code: str = "",
    detail: LazyString | str = "",
    *,
    faults: Sequence[Fault] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer to a request that went wrong; `errors` names the fields where it did."""
    plain_code, advice = _PLAIN.get(status, _PLAIN[500 if status >= 500 else 400])
    code = code if _CODE.fullmatch(code) else plain_code
    told: dict[str, Any] = {
        "type": f"{str(current_app.config['BASE_URL']).rstrip('/')}/api/docs#code-{code}",
        "title": str(TITLES.get(status, TITLES[500 if status >= 500 else 400])),
        "status": status,
        "detail": str(detail or advice),
        "code": code,
        "errors": [
            {"field": fault.field, "code": fault.code, "detail": str(fault.message)}
            for fault in faults
        ],
    }
    answer = jsonify(told)
    answer.status_code = status
    answer.content_type = MEDIA_TYPE
    answer.cache_control.no_store = True
    answer.vary.update(("Accept-Language", "Authorization"))
    answer.headers.update(headers or {})
    return answer


def problem_of(fault: DomainError) -> Response:
    """The answer to a fault of a rule: where signing in would help, 401 instead of a way to the log-in."""
    if isinstance(fault, Refused) and fault.sign_in:
        bad = "Authorization" in request.headers
        shown = TOKEN_INVALID if bad else fault
        challenge = f'{_REALM}, error="invalid_token"' if bad else _REALM
        return problem(401, shown.code, shown.message, headers={"WWW-Authenticate": challenge})
    faults = fault.faults if isinstance(fault, Invalid) else ()
    headers = {"Retry-After": str(fault.retry_after)} if isinstance(fault, TooMany) else {}
    if fault.code == "scope_missing":
        headers["WWW-Authenticate"] = f'{_REALM}, error="insufficient_scope"'
    return problem(fault.status, fault.code, fault.message, faults=faults, headers=headers)
