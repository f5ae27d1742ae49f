"""A fault is told in words, and a database that is away breaks nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, OperationalError

from ideas_app.core import outbox
from ideas_app.core.db import db, transaction
from tests.people import Cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient


def test_an_unknown_page_says_what_to_do_in_korean_and_english(visitor: FlaskClient) -> None:
    assert "찾는 쪽이 없어요" in visitor.get("/nowhere").text
    assert "There is no such page" in visitor.get("/nowhere?lang=en").text


def test_a_visitor_is_led_to_the_log_in_and_back(visitor: FlaskClient) -> None:
    answer = visitor.get("/me")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?next=/me"


def test_while_the_database_is_away_pages_say_so_and_the_process_lives(
    app: Flask,
    cast: Cast,
    browser_of: Callable[[object], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = browser_of(cast.mina)

    def away(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(db.session(), "execute", away, raising=False)
    monkeypatch.setattr("sqlalchemy.orm.Session.execute", away)
    monkeypatch.setattr("sqlalchemy.engine.Connection.execute", away)
    monkeypatch.setattr("sqlalchemy.orm.Session.scalar", away)
    monkeypatch.setattr("sqlalchemy.orm.Session.scalars", away)
    answer = browser.get("/me")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    answer = browser.get("/api/v1/ideas", headers={"Authorization": "Bearer ya_x"})
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"]
    # what goes wrong for another reason meanwhile is told in words, too
    for headers in ({}, {"X-Requested-With": "fetch"}):
        assert browser.post("/nowhere", headers=headers).status_code == 404
    assert browser.get("/readyz").status_code == 503
    assert browser.get("/healthz").status_code == 200


def test_the_log_of_a_failed_statement_holds_no_values(app: Flask) -> None:
    with pytest.raises(DatabaseError) as fault, transaction() as session:
        session.execute(
            text("SELECT nothing FROM nowhere WHERE x = :name"), {"name": "mina@example.org"}
        )
    assert "mina@example.org" not in str(fault.value)


def test_an_event_published_outside_a_transaction_is_refused(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="outside transaction"):
        outbox.publish(object())


def test_an_id_that_fits_nowhere_is_not_found_even_where_an_address_has_several_methods(
    visitor: FlaskClient,
) -> None:
    for method in ("GET", "POST"):
        answer = visitor.open("/admin/webhooks/9223372036854775808", method=method)
        assert answer.status_code == 404
    answer = visitor.open("/admin/webhooks/1", method="DELETE")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
