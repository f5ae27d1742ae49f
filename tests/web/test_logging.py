"""What is logged: a line a request that machines read, and no word of what people wrote."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ideas_app.web.logging import JsonLines, formatter_of
from tests.people import PASSWORD, Cast


def lines_of(caplog: pytest.LogCaptureFixture) -> list[dict]:
    return [json.loads(JsonLines().format(record)) for record in caplog.records]


def test_a_request_is_one_line_without_its_query(
    visitor: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="ideas_app.requests"):
        answer = visitor.get("/ideas?q=hong@example.org", headers={"User-Agent": "Firefox"})
    (line,) = lines_of(caplog)
    assert line["route"] == "/ideas"
    assert line["method"], line["status"] == ("GET", 200)
    assert line["ms"] >= 0
    assert answer.headers["X-Request-Id"]
    assert "hong" not in caplog.text
    assert "Firefox" not in caplog.text


def a_fault() -> logging.LogRecord:
    def parse(text: str) -> int:
        return int(text)

    try:
        parse("hong@example.org 010-1234-5678")
    except ValueError:
        return logging.LogRecord("x", 40, "", 0, "unexpected\nfault", (), sys.exc_info())
    raise AssertionError


def test_an_exception_leaves_its_places_and_not_its_words() -> None:
    written = JsonLines().format(a_fault())
    assert "hong" not in written
    assert "\n" not in written
    line = json.loads(written)
    assert line["exception"] == "builtins.ValueError"
    assert line["stack"][-1].startswith("tests/web/test_logging.py:")
    assert line["stack"][-1].endswith(" parse")


@pytest.mark.parametrize(
    ("environment", "form", "tells"),
    [("production", "text", False), ("production", "json", False), ("development", "text", True)],
)
def test_only_a_developer_reads_the_words_of_an_exception(
    app: Flask, environment: str, form: str, tells: bool
) -> None:
    settings = replace(app.config["SETTINGS"], environment=environment, log_format=form)
    written = formatter_of(settings).format(a_fault())
    assert ("hong" in written) == tells
    assert "ValueError" in written


def test_within_a_request_lines_carry_its_id(app: Flask) -> None:
    with app.test_request_context("/"):
        app.preprocess_request()
        record = logging.LogRecord("x", 20, "", 0, "said", (), None)
        assert len(json.loads(JsonLines().format(record))["request_id"]) == 16


def test_log_ins_and_refusals_are_told_without_whose_they_were(
    cast: Cast, visitor: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="ideas_app"):
        visitor.post("/login", data={"email": "mina@example.org", "password": "nonsense"})
        visitor.post("/login", data={"email": "mina@example.org", "password": PASSWORD})
        visitor.get("/admin/people")
    told = [line["event"] for line in lines_of(caplog) if line["logger"] != "ideas_app.requests"]
    assert told == ["log-in refused: log_in_wrong", "log-in", "refused: not_permitted"]
    assert "mina" not in caplog.text.casefold()
    assert PASSWORD not in caplog.text
