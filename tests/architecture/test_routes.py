"""Every address says who may use it, and answers the stranger without breaking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ideas_app.core.permissions import Permission

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.routing import Rule

ACCESS = {"public", "signed_in", *(permission.value for permission in Permission)}
FILLERS = {"int": 2_000_000_000, "path": "nowhere", "string": "nowhere", "default": "nowhere"}


def own_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_view_declares_its_access(app: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in own_rules(app)
        if getattr(app.view_functions[rule.endpoint], "access", None) not in ACCESS
    ]
    assert not silent, f"put @public, @signed_in or @requires(...) on: {sorted(set(silent))}"


def test_the_service_has_addresses_to_check(app: Flask) -> None:
    assert len(own_rules(app)) > 60


def address(app: Flask, rule: Rule) -> str:
    values = {
        name: FILLERS["int" if type(converter).__name__ == "BoundedInteger" else "string"]
        for name, converter in rule._converters.items()
    }
    with app.test_request_context():
        return app.url_map.bind("localhost").build(
            rule.endpoint, values, method=next(iter(rule.methods or {"GET"}))
        )


def test_a_visitor_is_never_shown_what_needs_an_account(app: Flask, visitor: FlaskClient) -> None:
    for rule in own_rules(app):
        access = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        if access == "public":
            continue
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = visitor.open(address(app, rule), method=method)
            assert answer.status_code == 303, f"{method} {rule} answered {answer.status_code}"
            assert "/login" in answer.headers["Location"], f"{method} {rule}"


def test_no_address_breaks_on_an_unknown_thing(app: Flask, visitor: FlaskClient) -> None:
    for rule in own_rules(app):
        if "GET" in (rule.methods or set()):
            answer = visitor.get(address(app, rule))
            assert answer.status_code < 500, f"GET {rule} answered {answer.status_code}"


@pytest.mark.parametrize("number", ["0", "-1", "9223372036854775808", "1e3", "%00", "1%00", "１"])
def test_odd_numbers_in_an_address_are_simply_not_found(visitor: FlaskClient, number: str) -> None:
    assert visitor.get(f"/ideas/{number}").status_code in {308, 404}


def test_every_answer_carries_the_headers_of_a_closed_house(visitor: FlaskClient) -> None:
    for path in ("/", "/ideas", "/no-such-page"):
        headers = visitor.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
