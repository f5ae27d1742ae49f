"""T26: nothing that people type, are called, or prove themselves with reaches a line of the log, by a fault neither."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from ideas_app.accounts.models import Account
from ideas_app.core import outbox
from ideas_app.core.db import is_sqlite, session, transaction
from ideas_app.ideas.models import State
from tests.accounts import mailbox
from tests.accounts.test_second_factor import code_now, factor_of
from tests.adapters.workbooks import as_csv
from tests.api.programs import token_of
from tests.factories import make_campaign, make_idea, make_programme
from tests.people import PASSWORD, Cast
from tests.privacy.test_rights import OUTSIDE
from tests.programmes.scenes import name_of, roster
from tests.programmes.test_views import form_of
from tests.security.ear import Ear, words_of_people
from tests.security.test_hostile_texts import FORM

Browser = Callable[[object], FlaskClient]

NEW = {**FORM, "email": "noeul@example.com", "nickname": "노을빛"}
WORDS = "우리 동네 홍길동 씨 전화는 010-9876-5432 입니다."
WRONG = "wrong-password-of-mina"


@pytest.fixture
def in_service(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Faults become answers and lines, as in production."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return app


def test_what_people_type_and_are_called_is_in_no_line(
    app: Flask, cast: Cast, visitor: FlaskClient, browser_of: Browser, ear: Ear
) -> None:
    mailbox.empty()
    make_programme()
    idea = make_idea(cast.mina, make_campaign(), state=State.PUBLISHED)
    links = come_in(visitor)
    take_part(browser_of(cast.jun), idea.id)
    work(browser_of(cast.sora), browser_of(cast.dana), idea.id, cast.jun.id)
    proofs = prove(app.test_client(), cast)
    token = token_of(cast.jun)
    api = {"Authorization": f"Bearer {token}"}
    visitor.get(f"/api/v1/ideas?q={NEW['email']}", headers=api)
    visitor.post("/api/v1/ideas", json={"title": WORDS}, headers=api)
    visitor.get("/api/v1/me", headers={"Authorization": "Bearer token-of-nobody-at-all"})
    outbox.drain()
    assert any("POST /login 303" in line for line in ear.lines)
    assert any("log-in refused" in line for line in ear.lines)
    typed = [*NEW.values(), WORDS, WRONG, PASSWORD, token, "token-of-nobody", *links, *proofs]
    people = words_of_people()
    assert {"mina@example.org", NEW["nickname"], name_of(3)} <= people
    assert not ear.words_of([*map(str, typed), *people, "127.0.0.1", "010-1000"])


def come_in(visitor: FlaskClient) -> list[str]:
    """A newcomer registers, confirms, mistypes, and asks for a new password; the tokens of the mailed links."""
    visitor.post("/register", data=NEW)
    confirm = mailbox.path_in(mailbox.collect()[-1])
    visitor.post(confirm, data={"password": WRONG})
    visitor.post(confirm, data={"password": NEW["password"]})
    visitor.post("/logout")
    visitor.post("/login", data={"email": "mina@example.org", "password": WRONG})
    visitor.post("/reset", data={"email": "mina@example.org"})
    reset = mailbox.path_in(mailbox.collect()[-1])
    visitor.get(reset)
    visitor.post(reset, data={"password": "짧다"})
    visitor.get("/search", query_string={"q": WORDS})
    visitor.get("/login/with/kakao/back?code=a-code-of-kakao&state=a-state-of-kakao")
    return [confirm.split("/")[-1], reset.split("/")[-1], "a-code-of-kakao", "a-state-of-kakao"]


def prove(browser: FlaskClient, cast: Cast) -> list[str]:
    """A moderator logs in with a second factor, wrongly and rightly; the codes."""
    factor_of(cast.sora)
    code = code_now(cast.sora)
    browser.post("/login", data={"email": "sora@example.org", "password": PASSWORD})
    browser.post("/login/code", data={"code": "abcd-efgh-ijkl"})
    assert browser.post("/login/code", data={"code": code}).status_code == 303
    return ["abcd-efgh", code]


def take_part(jun: FlaskClient, idea_id: int) -> None:
    """Jun sends, comments, supports, flags, asks and is renamed; with a telephone number it is refused first."""
    draft = {"title": WORDS, "why": WORDS, "field": "move", "is_idea": "y", "is_public": "y"}
    acts: list[tuple[str, dict[str, str]]] = [
        ("/ideas/new", draft),
        ("/ideas/send", {}),
        (f"/ideas/{idea_id}/comments", {"text": WORDS, "stance": "for"}),
        (f"/ideas/{idea_id}/comments", {"text": WORDS, "stance": "for", "sure": "1"}),
        (f"/ideas/{idea_id}/support", {"on": "1"}),
        (f"/ideas/{idea_id}/flag", {"code": "abuse", "note": WORDS}),
        ("/me/settings/nickname", {"nickname": "미나리꽝"}),
        ("/certificates", {"name": name_of(3), "code": "ABCD-EFGH"}),
        ("/data-requests", OUTSIDE),
    ]
    answered = [jun.post(path, data=form).status_code for path, form in acts]
    assert answered == [303, 303, 422, 303, 303, 303, 303, 200, 303]


def work(sora: FlaskClient, dana: FlaskClient, idea_id: int, person: int) -> None:
    """A roster comes in whole, and one with a broken row; people are looked for, looked at and given a role."""
    good, broken = roster(12), roster(3)
    broken[2] = (*broken[2][:2], "칠월 어느 날", *broken[2][3:])
    for rows in (good, broken):
        file = (BytesIO(as_csv(rows, encoding="utf-8")), f"{name_of(3)}.csv")
        answer = sora.post("/rosters/ai-pot-2", data={"file": file})
        filled = form_of(sora.get(answer.location).text)
        assert sora.post(f"{answer.location}/confirm", data=filled).status_code == 303
    sora.get("/rosters/ai-pot-2", query_string={"q": name_of(3)})
    hidden = {"code": "abuse", "reason": WORDS}
    assert sora.post(f"/moderation/{idea_id}/hide", data=hidden).status_code == 303
    assert dana.get("/admin/people", query_string={"q": "mina@example.org"}).status_code == 200
    role = {"role": "moderator", "reason": WORDS, "password": PASSWORD}
    assert dana.post(f"/admin/people/{person}/role", data=role).status_code == 303


def raising(fault: Exception) -> Callable[..., Any]:
    def raise_it(*_args: Any, **_more: Any) -> Any:
        raise fault

    return raise_it


def test_a_fault_in_a_page_behind_it_and_in_a_mail_names_nobody(
    in_service: Flask,
    cast: Cast,
    visitor: FlaskClient,
    ear: Ear,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fault = ValueError(WORDS)
    outbox.drain()
    with monkeypatch.context() as broken:
        broken.setitem(in_service.view_functions, "pages.ideas", raising(fault))
        broken.setattr("ideas_app.web.email.begin", raising(fault))
        assert visitor.get("/ideas?q=hong").status_code == 500
        visitor.post("/reset", data={"email": "mina@example.org"})
        outbox.drain()
        broken.setitem(in_service.after_request_funcs, None, [raising(fault)])
        assert visitor.get("/reset/a-token-of-a-mail").status_code == 500
    told = "\n".join(ear.lines)
    assert told.count("builtins.ValueError") >= 3 * 2
    assert "outbox event" in told
    words = (WORDS, "홍길동", "hong", "mina@", "a-token-of-a-mail")
    assert not ear.words_of(words)


BROKEN = {
    "a second one": "INSERT INTO account SELECT * FROM account WHERE email = :value",
    "nothing where something must be": "UPDATE account SET nickname = NULL WHERE email = :value",
    "one who is not there": "UPDATE idea SET author_id = 2147483646 + 1",
    "what is no number": "SELECT id + CAST(:value AS integer) FROM account",
    "what is no question": "SELECT to_tsquery('simple', 'a b & ' || :value)",
}


@pytest.mark.parametrize("statement", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_rule_of_the_database_names_the_rule_and_no_row(
    app: Flask, cast: Cast, ear: Ear, statement: str
) -> None:
    """PostgreSQL quotes the row, in its detail or in its first line; SQLite does not, and takes some of these."""
    make_idea(cast.mina, make_campaign())
    people = sorted(session().scalars(select(Account.email)))
    mina = next(address for address in people if address.startswith("mina"))
    fault = None
    try:
        with transaction() as current:
            current.execute(text(statement), {"value": mina})
    except DBAPIError as broken:
        fault = broken
    assert fault is not None or is_sqlite()
    if fault is None:
        return
    told = "\n".join([*traceback.format_exception(fault), repr(fault), str(fault.orig), *ear.lines])
    assert not [word for word in [*people, "Mina", "Key (", "2147483647"] if word in told]
    assert str(fault.orig)
