"""Reads what programs send, strictly: nothing unknown, nothing twice, nothing that another reader could read
in another way. Every fault of a request is told at once, each at its field.

Sources: RFC 8259 (JSON), RFC 7493 (I-JSON: no repeated names, no lone surrogates). Must not know any operation.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from marshmallow import RAISE
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from ideas_app.api.fields import fault_of, faults_of
from ideas_app.core.errors import DomainError, Invalid
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from flask import Request
    from marshmallow import Schema, ValidationError

LARGEST = 256 * 1024
"""Bytes of a body: the longest idea in its longest spelling fits twice."""
DEEPEST = 12
"""How deep lists and objects may stand in one another."""
_BROKEN = re.compile("[\x00\ud800-\udfff]")


class Unreadable(DomainError):
    """The body is no JSON, or no JSON that has one meaning only."""

    status = 400


class StrictParser(FlaskParser):
    """The parser of every operation."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012  # read by webargs as a class attribute
        "query": RAISE,
        "json": RAISE,
    }

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body. Raises what the status says: 400 unreadable, 413 too large, 415 not JSON."""
        del schema
        if req.mimetype != "application/json":
            raise UnsupportedMediaType
        req.max_content_length = LARGEST  # also for a body that does not say how long it is
        if (req.content_length or 0) > LARGEST:
            raise RequestEntityTooLarge
        raw = req.get_data(cache=True)
        if len(raw) >= LARGEST:  # such a one is cut off there, not refused
            raise RequestEntityTooLarge
        return read_json(raw)

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """The query. Raises `Invalid` for a name that stands there twice."""
        twice = [name for name, values in req.args.lists() if len(values) > 1]
        if twice:
            raise Invalid(*(fault_of(name, "repeated") for name in twice))
        return super().load_querystring(req, schema)

    def handle_error(self, error: ValidationError, req: Any, schema: Any, **_more: Any) -> NoReturn:
        """Raises `Invalid` with every fault at its field."""
        del req, schema
        messages = error.messages
        if isinstance(messages, dict):  # webargs puts the place around it: query, json
            messages = {
                name: inner
                for part in messages.values()
                for name, inner in (part.items() if isinstance(part, dict) else [("_schema", part)])
            }
        raise Invalid(*faults_of(messages)) from None


def refuse_body(req: Request) -> None:
    """For an operation that takes no body. Raises `Invalid` for one that says something, field by field."""
    names = ["body"]
    if (req.content_length or 0) <= LARGEST:
        raw = req.get_data(cache=True).strip()
        with suppress(Unreadable):
            value = read_json(raw) if raw else {}
            names = sorted(value) if isinstance(value, dict) else names
    if names:
        raise Invalid(*(fault_of(name, "unknown_field") for name in names))


def read_json(raw: bytes) -> Any:
    """The value that a JSON text stands for. Raises `Unreadable`: broken, too deep, a name twice, NaN, NUL, or
    half a surrogate pair.
    """
    try:
        written = raw.decode("utf-8")
        _measure(written)
        value = json.loads(written, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        if isinstance(error, _ReadTwice):
            message = _l("The name %(name)s stands twice in one object.", name=str(error)[:60])
            raise Unreadable("json_repeated_name", message) from None
        message = _l("The body is not readable JSON in UTF-8.")
        raise Unreadable("json_unreadable", message) from None
    _refuse_broken(value)
    return value


class _ReadTwice(ValueError):
    """A name that stands twice in an object."""


def _measure(written: str) -> None:
    """Counts brackets outside texts before anything is built from them."""
    depth, in_text, escaped = 0, False, False
    for sign in written:
        if in_text:
            if escaped:
                escaped = False
            elif sign == "\\":
                escaped = True
            elif sign == '"':
                in_text = False
        elif sign == '"':
            in_text = True
        elif sign in "[{":
            depth += 1
            if depth > DEEPEST:
                message = _l(
                    "The body is nested too deeply: at most %(most)s levels.", most=DEEPEST
                )
                raise Unreadable("json_too_deep", message)
        elif sign in "]}":
            depth -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise _ReadTwice(name)
        made[name] = value
    return made


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_broken(value: Any) -> None:
    if isinstance(value, str):
        if _BROKEN.search(value):
            message = _l("There are control characters or broken letters in the body.")
            raise Unreadable("json_bad_characters", message)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _refuse_broken(name)
            _refuse_broken(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_broken(inner)
