"""What machines watch: measures for a few addresses, and whom to tell of a hole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.outbox import OutboxEvent
from ideas_app.operations import queries
from ideas_app.operations.policy import may_read_measures


def value_of(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"{name} is not there"
    return float(found[1])


def test_requests_and_what_waits_are_measured(visitor: FlaskClient) -> None:
    seen = 'ideas_http_requests_total{method="GET",route="/ideas",status="200"}'
    visitor.get("/ideas")
    before = value_of(visitor.get("/metrics").text, seen)
    visitor.get("/ideas?q=버스")
    then = clock.now() - timedelta(seconds=90)
    with transaction() as session:
        event = {"kind": "X", "handler": "x", "payload": {}, "happened_at": then, "due_at": then}
        session.add(OutboxEvent(**event, lane="mail"))
    answer = visitor.get("/metrics")
    assert answer.mimetype == "text/plain"
    assert value_of(answer.text, seen) == before + 1
    assert value_of(answer.text, 'ideas_outbox_waiting{lane="mail"}') == 1
    assert 90 <= value_of(answer.text, "ideas_outbox_due_seconds") < 120
    assert value_of(answer.text, "ideas_database_up") == 1


def test_what_clients_invent_makes_no_new_series(visitor: FlaskClient) -> None:
    for number in range(3):
        visitor.open(f"/nowhere/{number}", method=f"GRAB{number}")
    assert "GRAB" not in visitor.get("/metrics").text
    assert "/nowhere" not in visitor.get("/metrics").text


def test_without_its_database_that_is_what_is_measured(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(queries, "read_standing", fails)
    with app.test_request_context("/"):
        assert [measure.name for measure in queries.list_measures()] == ["ideas_database_up"]


@pytest.mark.parametrize(
    ("address", "through", "status"),
    [
        ("127.0.0.1", None, 200),
        ("203.0.113.9", None, 404),
        # a proxy on the same machine: the address is its own
        ("127.0.0.1", "203.0.113.9", 404),
    ],
)
def test_only_the_allowed_addresses_find_them(
    visitor: FlaskClient, address: str, through: str | None, status: int
) -> None:
    headers = {"X-Forwarded-For": through} if through else {}
    answer = visitor.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("11.1.2.3", False),
        ("", False),
        (None, False),
    ],
)
def test_networks_hold_their_addresses(address: str | None, allowed: bool) -> None:
    assert may_read_measures(address, ["10.0.0.0/8", "::1"]) == allowed


@pytest.fixture
def contact(app: Flask) -> Iterator[str]:
    before = app.config["SECURITY_CONTACT"]
    app.config["SECURITY_CONTACT"] = "mailto:security@example.org"
    yield app.config["SECURITY_CONTACT"]
    app.config["SECURITY_CONTACT"] = before


def test_whoever_finds_a_hole_finds_whom_to_tell(visitor: FlaskClient, contact: str) -> None:
    text = visitor.get("/.well-known/security.txt").text
    assert f"Contact: {contact}" in text
    (until,) = re.findall(r"Expires: (\S+)", text)
    assert until > (clock.now() + timedelta(days=30)).isoformat()


def test_without_a_contact_there_is_no_such_file(visitor: FlaskClient) -> None:
    assert visitor.get("/.well-known/security.txt").status_code == 404
