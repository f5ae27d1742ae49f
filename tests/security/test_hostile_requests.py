"""Requests that no browser sends: odd paths, methods, headers and bodies; targets and hosts that are not this house."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import UnicodeConverter

from ideas_app.core.db import db
from ideas_app.web.security import is_local_path
from tests.accounts import mailbox
from tests.api.programs import token_of
from tests.architecture.test_routes import own_rules
from tests.conftest import make_app, make_settings
from tests.factories import make_campaign, make_idea
from tests.people import PASSWORD, Cast
from tests.security.alive import check, stays_here
from tests.security.corpus import HEADERS, JSON, METHODS, PATHS, TARGETS

MOMENT = 2.0
"""Seconds of work that one request may cost at most."""


def test_nothing_of_the_house_stands_behind_odd_paths(visitor: FlaskClient) -> None:
    for path in PATHS:
        answer = visitor.get(path)
        check(answer)
        assert answer.status_code in {301, 303, 308, 400, 404, 405, 410, 414}, path
        assert stays_here(answer), path
        assert b"SECRET_KEY" not in answer.data, path
        assert b"PRAGMA" not in answer.data, path


NAMES = (
    "after", "all", "at", "before", "campaign", "code", "cursor", "department", "field", "format", "idea", "kind",
    "lang",
    "last", "month", "next", "number", "of", "page", "parent", "person", "programme", "q", "role", "seats", "show",
    "sort", "stance", "state", "tab", "tag", "title", "url", "view", "who", "year",
)  # fmt: skip
"""What pages are asked for behind the question mark."""


@pytest.mark.parametrize("sign", ["\x00", "zq\x00", "\x1f", "9" * 30, "\ufffe"])
def test_no_sign_that_a_database_cannot_hold_breaks_a_page(
    cast: Cast, browser_of: Callable[[object], FlaskClient], sign: str
) -> None:
    make_idea(cast.mina, make_campaign())
    dana = browser_of(cast.dana)
    app = dana.application
    # SQLite takes a NUL as it takes any sign
    asked = {"9" * 30} if db.engine.dialect.name == "sqlite" else {"9" * 30, "\x00"}
    for rule in own_rules(app):
        if "GET" not in (rule.methods or set()):
            continue
        parts = [
            name for name, kind in rule._converters.items() if isinstance(kind, UnicodeConverter)
        ]
        if parts:
            path = re.sub(r"<int:\w+>", "1", rule.rule)
            check(dana.get(re.sub(r"<[^>]+>", quote(sign, safe=""), path)))
        elif not rule.arguments and sign in asked:
            check(dana.get(rule.rule, query_string=dict.fromkeys(NAMES, sign)))


def test_odd_methods_do_nothing(visitor: FlaskClient) -> None:
    for method in METHODS:
        for path in (
            "/",
            "/ideas",
            "/login",
            "/static/css/tokens.css",
            "/api/v1/ideas",
            "/nowhere",
        ):
            with visitor.open(path, method=method) as answer:
                check(answer)
                assert answer.status_code in {404, 405, 501}, (method, path)


def test_options_and_head_say_nothing_of_the_inside(visitor: FlaskClient) -> None:
    for path in ("/", "/ideas", "/admin/people", "/api/v1/ideas"):
        for method in ("OPTIONS", "HEAD"):
            answer = visitor.open(path, method=method)
            check(answer)
            assert not answer.data
            assert "Access-Control-Allow-Credentials" not in answer.headers


def test_no_odd_header_is_believed_or_comes_back(cast: Cast, visitor: FlaskClient) -> None:
    make_idea(cast.mina, make_campaign())
    for headers in HEADERS:
        for path in ("/ideas", "/me", "/api/v1/ideas"):
            answer = visitor.get(path, headers=headers)
            check(answer)
            # a cookie is signed, and may hold any two letters
            told = "".join(value for name, value in answer.headers if name != "Set-Cookie")
            assert "zq" not in told, (path, headers)
            assert "zq.example" not in answer.text, (path, headers)
            assert stays_here(answer), (path, headers)


def test_a_header_that_names_another_method_or_address_changes_nothing(
    cast: Cast, browser_of: Callable[[object], FlaskClient]
) -> None:
    jun = browser_of(cast.jun)
    for headers in ({"X-Original-URL": "/admin/people"}, {"X-Rewrite-URL": "/admin/people"}):
        assert jun.get("/rules", headers=headers).status_code == 200
        assert jun.get("/admin/people", headers=headers).status_code == 403
    answer = jun.post("/rules", headers={"X-HTTP-Method-Override": "GET"})
    assert answer.status_code == 405


def test_a_host_that_is_not_ours_is_refused_where_ours_are_named(tmp_path: Path) -> None:
    settings = make_settings(
        tmp_path, "sqlite:///:memory:", BASE_URL="https://ideas.example.kr", TRUSTED_HOSTS="ideas.example.kr"
    )  # fmt: skip
    house = make_app(settings)
    ask = house.test_client().get
    for path, host in product(("/healthz", "/", "/api/v1/ideas", "/nowhere"), (
        "zq.example", "ideas.example.kr.zq.example", "zq.example:443", "ideas.example.kr@zq.example", "[::1]",
        "localhost", "127.0.0.1", "zq.example#ideas.example.kr", "xideas.example.kr", "IDEAS.example.kr.", "",
        "ideas.example.kr:zq", "ideas.example.kr/zq",
    )):  # fmt: skip
        with house.app_context():
            answer = ask(path, headers={"Host": host})
        check(answer)
        assert answer.status_code == 400, host
        assert "zq.example" not in answer.text
    with house.app_context():
        forwarded = {"X-Forwarded-Host": "zq.example"}
        answer = ask("/healthz", base_url="https://ideas.example.kr", headers=forwarded)
    assert answer.status_code == 200


def test_a_reset_mail_leads_to_this_house_whatever_headers_came_along(
    cast: Cast, visitor: FlaskClient
) -> None:
    mailbox.empty()
    for headers in HEADERS[:5]:
        visitor.post("/reset", data={"email": "mina@example.org"}, headers=headers)
    mails = mailbox.collect()
    assert mails
    for mail in mails:
        assert "zq" not in mail.as_string()
        assert "http://localhost/reset/" in mailbox.text_of(mail)


def test_only_paths_of_this_house_count_as_such() -> None:
    # spelled out in full these are paths, and browsers read them as such
    spelled = {"/%2f%2fzq.example", "/%5czq.example", "/／zq.example", "/%09/localhost@zq.example"}
    spelled.add("/ideas%0d%0aLocation:%20//zq.example")
    assert {target for target in TARGETS if is_local_path(target)} <= spelled
    for target in ("/", "/ideas", "/ideas/3-막차?page=2&q=a", "/me/record#top", "/a%20b"):
        assert is_local_path(target), target


def test_no_log_in_leads_off_this_house(cast: Cast, app: Flask) -> None:
    data = {"email": "mina@example.org", "password": PASSWORD}
    for place, target in enumerate(TARGETS):
        browser = app.test_client()
        if place % 2:
            answer = browser.post("/login", data={**data, "next": target})
        else:
            page = browser.get("/login", query_string={"next": target})
            check(page)
            kept = re.search(r'name="next" type="hidden" value="([^"]*)"', page.text)
            assert kept, target
            assert not kept[1] or is_local_path(target), target
            answer = browser.post("/login", query_string={"next": target}, data=data)
        assert answer.status_code == 303, target
        assert stays_here(answer), target
        assert stays_here(browser.get("/login", query_string={"next": target})), target


def test_no_other_way_that_leads_on_leads_off_this_house(
    cast: Cast, browser_of: Callable[[object], FlaskClient]
) -> None:
    number = make_idea(cast.mina, make_campaign()).id
    jun, mina = browser_of(cast.jun), browser_of(cast.mina)
    for target in TARGETS[::2]:
        named = dict.fromkeys(("next", "back", "to"), target)
        for browser, path in (
            (jun, f"/ideas/{number}/support"), (jun, f"/ideas/{number}/follow"), (jun, "/me/privacy/later"),
            (mina, "/me/confirm"),
        ):  # fmt: skip
            answer = browser.post(path, data=named, headers={"Referer": "https://zq.example/"})
            check(answer)
            assert stays_here(answer), (path, target)


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data"
READ_OR_REFUSED = {400, 413, 422}
BODIES: dict[str, tuple[bytes, str, set[int]]] = {
    "ten megabytes of a form": (b"text=" + b"a" * 10_000_000, FORM, {413}),
    "two hundred thousand fields": (b"a=1&" * 200_000, FORM, READ_OR_REFUSED),
    "ten megabytes of JSON": (b"[" + b"1," * 5_000_000, "application/json", {413}),
    "five thousand parts": (
        b"".join(b'--zq\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(5_000)) + b"--zq--",
        f"{PARTS}; boundary=zq",
        {413},
    ),
    "no boundary": (b"--a\r\n\r\n1\r\n--a--", PARTS, READ_OR_REFUSED),
    "a boundary that never comes": (b"x" * 300_000, f"{PARTS}; boundary=zq", READ_OR_REFUSED),
    "a header without end": (
        b'--zq\r\nContent-Disposition: form-data; name="' + b"a" * 200_000,
        f"{PARTS}; boundary=zq",
        READ_OR_REFUSED,
    ),
    "an odd charset": (b"text=\xff\xfe", f"{FORM}; charset=utf-7", READ_OR_REFUSED),
    "broken percent signs": (b"text=%zz%&%=%ff", FORM, {303, *READ_OR_REFUSED}),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_too_much_or_broken_is_refused_at_once(
    cast: Cast, browser_of: Callable[[object], FlaskClient], name: str
) -> None:
    number = make_idea(cast.mina, make_campaign()).id
    body, kind, statuses = BODIES[name]
    began = time.process_time()
    answer = browser_of(cast.jun).post(f"/ideas/{number}/comments", data=body, content_type=kind)
    assert time.process_time() - began < MOMENT
    check(answer)
    assert answer.status_code in statuses


def test_a_program_gets_a_problem_for_every_odd_body(app: Flask, cast: Cast) -> None:
    program, token = app.test_client(), token_of(cast.jun)
    make_campaign()
    for raw in JSON:
        began = time.process_time()
        answer = program.post(
            "/api/v1/ideas", data=raw, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )  # fmt: skip
        assert time.process_time() - began < MOMENT, raw[:40]
        assert answer.status_code in {400, 413, 422}, raw[:40]
        assert answer.mimetype == "application/problem+json", raw[:40]


def test_the_reader_of_targets_knows_what_leads_away(visitor: FlaskClient) -> None:
    away = (
        "//zq.example",
        "/\\zq.example",
        "https://zq.example/",
        "javascript:zq",
        "/\t/zq.example",
    )
    answer = visitor.get("/healthz")
    for target in (*away, "/ideas?next=//zq.example", "http://localhost/"):
        answer.headers._list[:] = [("Location", target)]  # as it would be sent, unchecked
        assert stays_here(answer) is (target not in away), target
