"""The headers of every kind of answer, by the rules of MDN's HTTP Observatory (its scoring of 2024), 110 and more.

Starts at 100, takes away for what is missing, and adds for what goes further once 90 are reached.
Source of the figures: the scoring table of github.com/mdn/mdn-http-observatory.
"""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import make_app, make_settings
from tests.people import Cast, sign_in

ENOUGH = 110


def policy_of(answer: TestResponse) -> dict[str, list[str]]:
    parts = answer.headers.get("Content-Security-Policy", "").split(";")
    return {words[0]: words[1:] for part in parts if (words := part.split())}


def malus(answer: TestResponse) -> int:
    """What is taken away."""
    policy, headers = policy_of(answer), answer.headers
    allowed = [
        *policy.get("script-src", []),
        *policy.get("default-src", []),
        *policy.get("style-src", []),
    ]
    seconds = headers.get("Strict-Transport-Security", "max-age=0").split(";")[0].split("=")[1]
    lost = 0 if policy else 25
    lost += 20 * ("'unsafe-inline'" in allowed) + 10 * ("'unsafe-eval'" in allowed)
    lost += 20 * any(one in allowed for one in ("*", "https:", "http:", "data:"))
    lost += 20 * (int(seconds) < 15_768_000)
    lost += 20 * ("frame-ancestors" not in policy and "X-Frame-Options" not in headers)
    lost += 5 * (headers.get("X-Content-Type-Options") != "nosniff")
    lost += 50 * ("Access-Control-Allow-Credentials" in headers)
    for cookie in headers.getlist("Set-Cookie"):
        lost += 40 * ("Secure" not in cookie) + 30 * ("HttpOnly" not in cookie)
        lost += 20 * ("SameSite" not in cookie)
    return lost


def bonus(answer: TestResponse) -> int:
    """What is added for going further."""
    policy, headers = policy_of(answer), answer.headers
    private = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
    earned = 10 if policy.get("default-src") == ["'none'"] else 0
    earned += 5 * ("frame-ancestors" in policy)
    earned += 5 * (headers.get("Referrer-Policy") in private)
    earned += 10 * (headers.get("Cross-Origin-Resource-Policy") in {"same-origin", "same-site"})
    return earned


def score(answer: TestResponse) -> int:
    base = 100 - malus(answer)
    return base + bonus(answer) if base >= 90 else base


@pytest.fixture
def secure(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser that reaches the service over TLS, as a BASE_URL with https sets it up."""
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    return client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/ideas", 200),
        ("/login", 200),
        ("/nowhere", 404),
        ("/feeds/ideas.atom", 200),
        ("/static/css/tokens.css", 200),
        ("/admin/jobs", 303),
    ],
)
def test_what_a_visitor_gets_scores_enough(secure: FlaskClient, path: str, status: int) -> None:
    with secure.get(path, base_url="https://localhost") as answer:
        assert answer.status_code == status
        assert score(answer) >= ENOUGH


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("sora", "/moderation", 200),
        ("hyun", "/desk", 200),
        ("dana", "/admin/jobs", 200),
        ("jun", "/admin/jobs", 403),
    ],
)
def test_what_staff_and_refused_people_get_scores_enough(
    app: Flask, cast: Cast, secure: FlaskClient, who: str, path: str, status: int
) -> None:
    sign_in(secure, getattr(cast, who))
    answer = secure.get(path, base_url="https://localhost")
    assert answer.status_code == status
    assert score(answer) >= ENOUGH
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"Cookie", "Accept-Language"} <= set(answer.vary)


def test_the_session_cookie_is_bound_to_the_host_and_hidden_from_scripts(tmp_path) -> None:
    house = make_app(
        make_settings(tmp_path, "sqlite:///:memory:", BASE_URL="https://ideas.example.kr")
    )
    with house.test_request_context("https://ideas.example.kr/"):
        interface = house.session_interface
        assert interface.get_cookie_name(house) == "__Host-session"
        assert interface.get_cookie_secure(house)
        assert interface.get_cookie_httponly(house)
        assert interface.get_cookie_samesite(house) == "Lax"
        assert interface.get_cookie_domain(house) is None
        assert interface.get_cookie_path(house) == "/"


def test_the_measure_itself_tells_weak_headers(app: Flask) -> None:
    weak = app.response_class(
        "x", headers={"Set-Cookie": "a=b", "Content-Security-Policy": "default-src *"}
    )
    answer = TestResponse(weak.response, weak.status, weak.headers, request=None)  # type: ignore[arg-type]
    assert score(answer) < 0
