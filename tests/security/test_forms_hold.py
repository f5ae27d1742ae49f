"""No act of a page without the token of its form: not without one, not with a foreign one, not as JSON or text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.architecture.test_routes import address, own_rules
from tests.people import Cast
from tests.statements import statements

ACTS = {"POST", "PUT", "PATCH", "DELETE"}
WRITES = ("INSERT", "UPDATE", "DELETE")
WRITTEN = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def strict(app: Flask) -> Iterator[Flask]:
    """The application as it is in service, where forms carry a token."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def acts(app: Flask) -> list[tuple[str, Rule, str]]:
    """Each act of a page: its method, rule and an address that fits; not the one whose address is its right."""
    return [
        (method, rule, address(app, rule))
        for rule in own_rules(app)
        for method in sorted((rule.methods or set()) & ACTS)
        if not rule.rule.startswith("/api/")
        and not getattr(app.view_functions[rule.endpoint], "by_token", False)
    ]


def token_in(browser: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(path).text)
    assert found
    return found[1]


def test_each_act_is_refused_without_its_token_and_nothing_is_written(
    strict: Flask, cast: Cast, browser_of: Callable[[object], FlaskClient]
) -> None:
    dana, all_acts = browser_of(cast.dana), acts(strict)
    assert len(all_acts) > 120
    with statements() as said:
        for method, rule, path in all_acts:
            answer = dana.open(path, method=method, data={"reason": "x"}, headers=FETCH)
            assert (answer.status_code, answer.json["code"]) == (400, "csrf"), f"{method} {rule}"
    assert not [line for line in said if line.lstrip().upper().startswith(WRITES)]


def test_a_token_of_another_browser_a_made_up_one_and_other_kinds_of_bodies_open_nothing(
    strict: Flask, cast: Cast, browser_of: Callable[[object], FlaskClient]
) -> None:
    dana, foreign = browser_of(cast.dana), token_in(browser_of(cast.jun), "/me/settings")
    own = token_in(dana, "/me/settings")
    hour, cut = "csrf_token", own[:-2]
    bodies = (
        {"data": {hour: foreign}},
        {"data": {hour: cut}},
        {"query_string": {hour: own}},
        {"json": {hour: own}},
        {"data": f"{hour}={own}", "content_type": "text/plain"},
    )
    with statements() as said:
        for place, (method, rule, path) in enumerate(acts(strict)):
            body = bodies[place % len(bodies)]
            answer = dana.open(path, method=method, headers=FETCH, **body)  # type: ignore[arg-type]
            assert answer.status_code == 400, f"{method} {rule} {sorted(body)}"
    assert not [line for line in said if line.lstrip().upper().startswith(WRITES)]


def test_with_its_own_token_the_same_form_is_taken(
    strict: Flask, cast: Cast, browser_of: Callable[[object], FlaskClient]
) -> None:
    jun = browser_of(cast.jun)
    form = {"csrf_token": token_in(jun, "/me/settings"), "locale": "en"}
    assert jun.post("/me/settings/language", data=form).status_code == 303


def test_looking_changes_nothing_and_what_a_known_person_sees_is_kept_nowhere(
    strict: Flask, cast: Cast, browser_of: Callable[[object], FlaskClient]
) -> None:
    """A GET may note that somebody looked at others' data, and count a try; nothing else."""
    dana, named = browser_of(cast.dana), {"static", "opendata.card"}
    with statements() as said:
        for rule in own_rules(strict):
            if "GET" not in (rule.methods or set()) or rule.rule.startswith("/api/"):
                continue
            answer = dana.get(address(strict, rule))
            if rule.endpoint not in named:
                assert answer.headers["Cache-Control"] == "no-store", rule
                assert {"Cookie", "Accept-Language"} <= set(answer.vary), rule
            if answer.status_code == 200 and "<html" in answer.text[:200]:
                assert 'action="/logout"' in answer.text, rule
    written = {found[1] for line in said if (found := WRITTEN.match(line))}
    assert written <= {"access_record", "attempt"}


@pytest.mark.parametrize("path", ["/me/settings/x.css", "/me/x.js", "/account/x.css", "/me.png"])
def test_no_page_of_a_person_answers_to_the_name_of_a_file(
    cast: Cast, browser_of: Callable[[object], FlaskClient], path: str
) -> None:
    answer = browser_of(cast.mina).get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
