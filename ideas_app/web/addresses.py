"""Addresses of pages, put together without asking the router each time: a list of ideas has a hundred of them.

The same as Flask's `url_for`, which goes on answering whatever is not plain. Must not know any feature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import flask
from flask.globals import _cv_request
from werkzeug.routing import BaseConverter, IntegerConverter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask
    from werkzeug.routing import Rule

    Around = tuple[str, str]
    Builder = Callable[[Mapping[str, Any]], str]

_SPECIAL = frozenset({"_anchor", "_method", "_scheme", "_external"})


class _Quoted(dict[int, str]):
    """How each sign is written in an address, found once: for `str.translate`, which knows no faster way for Hangul."""

    def __init__(self, safe: str) -> None:
        super().__init__()
        self._safe = safe

    def __missing__(self, code: int) -> str:
        written = quote(chr(code), safe=self._safe)
        if len(self) < _MOST:  # whoever asks for addresses of all signs there are fills no memory
            self[code] = written
        return written


_MOST = 20_000
"""More than all syllables of Hangul."""


# what stands as it is, by the WHATWG's standard of addresses, as Werkzeug has it
_IN_PATH = _Quoted("!$&'()*+,/:;=@")
_IN_QUERY = _Quoted("!$'()*,/:;?@")
_IN_QUERY[ord(" ")] = "+"
_WITH_SLASHES = _Quoted("/")


def url_for(endpoint: str, **values: Any) -> str:
    """The address of an endpoint; values that the path does not name stand in the query, those of None nowhere."""
    given = {}
    for name, value in values.items():
        kind = type(value)
        if kind is str or kind is int:
            given[name] = value
        elif value is not None:
            return flask.url_for(endpoint, **values)
    present = _cv_request.get(None)  # without the proxies before it: a list asks for a hundred
    if present is None or present.request.root_path:
        return flask.url_for(endpoint, **values)
    known: dict[tuple[str, ...], Builder | None] = present.app.extensions["addresses"]
    names = (endpoint, *given)
    if names not in known:
        known[names] = _prepare(present.app, endpoint, frozenset(given))
    build = known[names]
    return flask.url_for(endpoint, **values) if build is None else build(given)


def around(app: Flask, endpoint: str, name: str, others: Mapping[str, Any]) -> Around | None:
    """The address of an endpoint as what stands before and after one whole number in its path; None where it is not
    as plain as that. `others` are the remaining values.
    """
    build = _prepare(app, endpoint, frozenset({name, *others}))
    rules = [rule for rule in app.url_map.iter_rules(endpoint) if name in rule.arguments]
    if build is None or any(
        type(rule._converters[name]).to_url is not IntegerConverter.to_url  # noqa: SLF001
        or getattr(rule._converters[name], "fixed_digits", 0)  # noqa: SLF001
        for rule in rules
    ):
        return None
    before, number, after = build({**others, name: _SOME_NUMBER}).partition(str(_SOME_NUMBER))
    return (before, after) if rules and number else None


_SOME_NUMBER = 9_876_543_210


def placed(before: str, after: str, endpoint: str, name: str, value: object, **others: Any) -> str:
    """What `url_for` gives, for a template that knows what stands around a number: see `around`."""
    if type(value) is int and value >= 0:
        return f"{before}{value}{after}"
    return url_for(endpoint, **{name: value}, **others)


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
    parts = [
        (text, _turn_of(converters[text]) if is_dynamic else None) for is_dynamic, text in path
    ]
    rest = names - rule.arguments

    def build(values: Mapping[str, Any]) -> str:
        written = "".join([text if turn is None else turn(values[text]) for text, turn in parts])
        if not rest:
            return written
        return written + query_of({name: values[name] for name in values if name in rest})

    return build


def _turn_of(converter: BaseConverter) -> Callable[[Any], str]:
    """How a converter writes its values."""
    if type(converter).to_url is BaseConverter.to_url:
        return lambda value: str(value).translate(_IN_PATH)
    return converter.to_url


def quoted_path(path: str) -> str:
    """A whole path, quoted as Python's `quote` does it, which is slow with Hangul."""
    return path.translate(_WITH_SLASHES)


def query_of(values: Mapping[str, Any]) -> str:
    """Values as the query of an address, its question mark included; those of None nowhere."""
    pairs = [query_pair(name, value) for name, value in values.items() if value is not None]
    return "?" + "&".join(pairs) if pairs else ""


def query_pair(name: str, value: str | int) -> str:
    """One of them."""
    return f"{_quoted(name)}={_quoted(value)}"


def _quoted(value: str | int) -> str:
    written = str(value)
    is_plain = written.isascii() and written.isalnum()
    return written if is_plain else written.translate(_IN_QUERY)
