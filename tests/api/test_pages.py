"""What people see of the API: its page, and their tokens."""

from __future__ import annotations

import re

from ideas_app.accounts import queries
from ideas_app.api.openapi import document
from ideas_app.api.operation import OPERATIONS
from ideas_app.api.problems import CODES
from tests.api.programs import Program
from tests.people import PASSWORD

FORM = {"name": "우리 카페 게시판", "scopes": ["read", "write"], "days": "30", "password": PASSWORD}


def test_the_page_tells_of_every_operation_shape_and_code(app, visitor):
    page = visitor.get("/api/docs").text
    for operation in OPERATIONS.values():
        assert f'id="op-{operation.name}"' in page
    for shape in document(app)["components"]["schemas"]:
        assert f'id="shape-{shape}"' in page
    for code in CODES:
        assert f'id="code-{code}"' in page
    anchors = set(re.findall(r'href="#([^"]+)"', page)) - {"main"}
    assert anchors <= set(re.findall(r'id="([^"]+)"', page))


def test_the_page_speaks_both_languages_and_is_linked_from_every_page(visitor):
    assert "시작하기" in visitor.get("/api/docs").text
    assert "How to start" in visitor.get("/api/docs?lang=en").text
    assert 'href="/api/docs"' in visitor.get("/").text


def test_a_token_is_made_with_the_password_shown_once_and_revoked(app, cast, browser_of):
    mina = browser_of(cast.mina)
    answer = mina.post("/me/settings/tokens", data=FORM)
    assert answer.headers["Cache-Control"] == "no-store"
    (secret,) = set(re.findall(r"ya_[\w-]{43}", answer.text))
    page = mina.get("/me/settings/tokens").text
    assert secret not in page
    assert FORM["name"] in page
    program = Program(app, secret)
    assert program.get("/me").json["token"]["scopes"] == ["read", "write"]
    (kept,) = queries.list_tokens(cast.mina.id)
    answer = mina.post(f"/me/settings/tokens/{kept.id}/revoke")
    assert answer.status_code == 303
    assert program.get("/me").status_code == 401


def test_a_wrong_password_makes_no_token_and_what_was_typed_stays(cast, browser_of):
    answer = browser_of(cast.mina).post("/me/settings/tokens", data={**FORM, "password": "x"})
    assert answer.status_code == 422
    assert FORM["name"] in answer.text
    assert not queries.list_tokens(cast.mina.id)


def test_staff_work_is_offered_to_staff_only(cast, browser_of):
    assert 'value="staff"' not in browser_of(cast.mina).get("/me/settings/tokens").text
    assert 'value="staff"' in browser_of(cast.sora).get("/me/settings/tokens").text
    wish = {**FORM, "scopes": ["read", "staff"]}
    assert browser_of(cast.mina).post("/me/settings/tokens", data=wish).status_code == 422


def test_a_stranger_revokes_nobodys_token(cast, browser_of):
    browser_of(cast.mina).post("/me/settings/tokens", data=FORM)
    (kept,) = queries.list_tokens(cast.mina.id)
    answer = browser_of(cast.jun).post(f"/me/settings/tokens/{kept.id}/revoke")
    assert answer.status_code == 404
    assert queries.list_tokens(cast.mina.id)


def test_settings_say_how_many_tokens_there_are_and_when_one_was_used(cast, browser_of):
    mina = browser_of(cast.mina)
    assert "/me/settings/tokens" in mina.get("/me/settings?lang=en").text
    mina.post("/me/settings/tokens", data=FORM)
    assert "1 token, last used never" in mina.get("/me/settings?lang=en").text
