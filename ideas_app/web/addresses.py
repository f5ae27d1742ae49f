"""Addresses of pages, put together without asking the router each time: a list of ideas has a hundred of them.

The same as Flask's `url_for`, which goes on answering whatever is not plain. Must not know any feature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import flask
from flask import has_request_context
from flask.globals import request_ctx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from flask import Flask
    from werkzeug.routing import Rule

    Builder = Callable[[Mapping[str, Any]], str]

_SPECIAL = frozenset({"_anchor", "_method", "_scheme", "_external"})
_SAFE = "!$'()*,/:;?@"
"""What stands in a query as it is, by the WHATWG's standard of addresses, as Werkzeug has it."""


def url_for(endpoint: str, **values: Any) -> str:
    """The address of an endpoint; values that the path does not name stand in the query, those of None nowhere."""
    given = {}
    for name, value in values.items():
        kind = type(value)
        if kind is str or kind is int:
            given[name] = value
        elif value is not None:
            return flask.url_for(endpoint, **values)
    if not has_request_context():
        return flask.url_for(endpoint, **values)
    present = request_ctx._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # asked once
    if present.request.root_path:
        return flask.url_for(endpoint, **values)
    known: dict[tuple[str, ...], Builder | None] = present.app.extensions["addresses"]
    names = (endpoint, *given)
    if names not in known:
        known[names] = _prepare(present.app, endpoint, frozenset(given))
    build = known[names]
    return flask.url_for(endpoint, **values) if build is None else build(given)


def init_addresses(app: Flask) -> None:
    """Gives an application a place for what it has put together."""
    app.extensions["addresses"] = {}


def _prepare(app: Flask, endpoint: str, names: frozenset[str]) -> Builder | None:
    """What builds an address from values of these names; None where the router has to choose or to fill in."""
    if (
        endpoint not in app.view_functions
        or any(app.url_default_functions.values())
        or app.url_map.host_matching
    ):
        return None
    if not _SPECIAL.isdisjoint(names):
        return None
    rules = list(app.url_map.iter_rules(endpoint))
    # the same as the router: the first of the rules, in its order, whose places are all filled
    fitting = [rule for rule in rules if rule.arguments <= names]
    if not fitting or any(rule.defaults or rule.subdomain or rule.host for rule in rules):
        return None
    return _of_rule(fitting[0], names)


def _of_rule(rule: Rule, names: frozenset[str]) -> Builder | None:
    trace = rule._trace  # noqa: SLF001  # what its own builder is made of: a domain, a bar, the path
    bar = next(at for at, (is_dynamic, text) in enumerate(trace) if not is_dynamic and text == "|")
    path = trace[bar + 1 :]
    texts = [text for is_dynamic, text in path if not is_dynamic]
    has_domain = any(text for _is_dynamic, text in trace[:bar])
    if has_domain or any(not text.isascii() or set(text) & set(" %?#") for text in texts):
        return None
    converters = rule._converters  # noqa: SLF001
    parts = [(text, converters[text].to_url if is_dynamic else None) for is_dynamic, text in path]
    rest = names - rule.arguments

    def build(values: Mapping[str, Any]) -> str:
        written = "".join([text if turn is None else turn(values[text]) for text, turn in parts])
        return written + _query(values, rest) if rest else written

    return build


def _query(values: Mapping[str, Any], names: Iterable[str]) -> str:
    return "?" + "&".join(
        [f"{_quoted(name)}={_quoted(value)}" for name, value in values.items() if name in names]
    )


def _quoted(value: str | int) -> str:
    written = str(value)
    is_plain = written.isascii() and written.isalnum()
    return written if is_plain else quote_plus(written, safe=_SAFE)
