"""Limits never cost an answer: neither with the database away nor with their own store away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from ideas_app.web import limits
from ideas_app.web.limits import by_person, limiter
from tests.factories import make_campaign, make_idea
from tests.people import Cast


@pytest.fixture
def counting(app: Flask) -> Iterator[Flask]:
    """The limiter counts, as it does for people."""
    limiter.enabled = True
    yield app
    limiter.reset()
    limiter.enabled = False


def test_with_the_database_away_nobody_is_counted(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(limits, "current_actor", fails)
    keys = set()
    for _request in range(2):
        with app.test_request_context("/"):
            app.preprocess_request()
            keys.add(by_person())
    assert len(keys) == 2


def test_a_store_that_another_request_found_dead_meanwhile_costs_nothing(
    counting: Flask, cast: Cast, browser_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea = make_idea(cast.mina, make_campaign())

    def falls(*_asked: object, **_more: object) -> bool:
        # between asking and hearing of it, another thread goes over to memory
        monkeypatch.setattr(limiter, "_storage_dead", asked)
        asked.append(True)
        raise ConnectionError("redis is gone")

    asked: list[bool] = []
    monkeypatch.setattr(limiter._limiter, "hit", falls)
    jun: FlaskClient = browser_of(cast.jun)
    assert jun.post(f"/ideas/{idea.id}/support").status_code == 303
    assert asked


def test_a_store_that_falls_while_an_answer_is_written_costs_nothing(
    counting: Flask, cast: Cast, browser_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea = make_idea(cast.mina, make_campaign())
    jun: FlaskClient = browser_of(cast.jun)
    told = jun.post(f"/ideas/{idea.id}/support")
    assert told.headers["RateLimit-Limit"] == "60"

    def fails(*_asked: object) -> None:
        raise ConnectionError("redis is gone")

    monkeypatch.setattr(limits, "_with_limit", fails)
    answer = jun.post(f"/ideas/{idea.id}/support")
    assert answer.status_code == 303
    assert "RateLimit-Limit" not in answer.headers
