"""A form that is sent too late is kept for its owner and nobody else; a script alone keeps no session alive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from ideas_app.accounts import jobs, queries, rules, service
from ideas_app.accounts.models import KeptForm, LoginSession
from ideas_app.answers import queries as answers
from ideas_app.core import clock
from ideas_app.core.actor import Actor
from ideas_app.core.db import session, transaction
from ideas_app.web import keeping
from tests.accounts.test_second_factor import code_now, factor_of
from tests.answers.scenes import answering, owed
from tests.answers.test_views import typed
from tests.people import PASSWORD, Cast, sign_in
from tests.security.test_hostile_texts import Forms

Browser = Callable[[Actor], FlaskClient]

LATER = timedelta(minutes=31)
LONG = '예산을 확보했습니다.\n\n둘째 문단에는 <b>까닭</b>과 "날짜"가 있습니다. ' * 40


@pytest.fixture
def answer_id(cast: Cast) -> int:
    return owed(cast, answering())


def log_in(browser: FlaskClient, who: str = "hyun") -> str:
    """Logs in by the page; where that leads."""
    form = {"email": f"{who}@example.org", "password": PASSWORD}
    return str(browser.post("/login", data=form).location)


def send_too_late(hyun: FlaskClient, answer_id: int) -> None:
    address = f"/desk/{answer_id}"
    hyun.get(address)
    with transaction() as current:
        current.execute(update(LoginSession).values(seen_at=clock.now() - LATER))
    from_here = {"Referer": f"http://localhost{address}"}
    done = hyun.post(address, data=typed(reason=LONG), headers=from_here)
    assert (done.status_code, done.location) == (303, "/login")


def test_a_long_answer_that_was_sent_too_late_is_sent_by_one_press_after_the_log_in(
    cast: Cast, browser_of: Browser, answer_id: int
) -> None:
    hyun = browser_of(cast.hyun)
    send_too_late(hyun, answer_id)
    assert "쓰신 글은 그대로" in hyun.get("/login").text
    assert answers.get_answer(answer_id).answered_at is None
    assert log_in(hyun) == "/me/kept"
    page = hyun.get("/me/kept").text
    assert LONG.split("<", maxsplit=1)[0] in unescape(page)
    assert "<b>까닭" not in page
    assert f'href="/desk/{answer_id}"' in page
    ((action, fields), _forget) = [
        form for form in Forms(page).found if form[0].startswith("/me/kept")
    ]
    sent = hyun.post(action, data=fields)
    assert (sent.status_code, sent.location) == (307, f"/desk/{answer_id}")
    # a browser sends the same again to where a 307 leads
    assert hyun.post(sent.location, data=fields).location == "/desk"
    kept = answers.get_answer(answer_id)
    assert kept.reason is not None
    assert kept.reason.startswith(LONG[:40])
    assert log_in(hyun) != "/me/kept"
    assert LONG[:20] in hyun.get("/me/kept").text, "it may not have been taken"
    hyun.post("/me/kept/forget")
    assert hyun.get("/me/kept").status_code == 404


def test_nobody_else_sees_it_neither_in_that_browser(
    cast: Cast, browser_of: Browser, answer_id: int, visitor: FlaskClient
) -> None:
    hyun = browser_of(cast.hyun)
    send_too_late(hyun, answer_id)
    assert "/login" in visitor.get("/me/kept").location
    for who in ("sora", "jun"):
        assert log_in(hyun, who) != "/me/kept"
        assert hyun.get("/me/kept").status_code == 404
        assert hyun.post("/me/kept/send").location == "/me/kept"
        hyun.post("/me/kept/forget")
        hyun.post("/logout")
    assert queries.find_kept(cast.hyun.id) is not None


def test_it_waits_behind_the_second_factor(cast: Cast, browser_of: Browser, answer_id: int) -> None:
    hyun = browser_of(cast.hyun)
    send_too_late(hyun, answer_id)
    factor_of(cast.hyun)
    assert log_in(hyun).startswith("/login/code")
    assert hyun.get("/me/kept").status_code == 303
    assert hyun.post("/login/code", data={"code": code_now(cast.hyun)}).location == "/me/kept"


def test_after_a_day_it_is_gone(cast: Cast, browser_of: Browser, answer_id: int) -> None:
    hyun = browser_of(cast.hyun)
    send_too_late(hyun, answer_id)
    with clock.at(clock.now() + rules.KEPT_FOR + LATER * 2):
        assert queries.find_kept(cast.hyun.id) is None
        with transaction():
            jobs.forget_old_traces()
    assert session().get(KeptForm, cast.hyun.id) is None


@pytest.mark.parametrize("how", ["out", "closed"])
def test_a_session_that_was_ended_on_purpose_keeps_nothing(
    cast: Cast, browser_of: Browser, answer_id: int, how: str
) -> None:
    hyun = browser_of(cast.hyun)
    with transaction():
        if how == "out":
            service.end_other_sessions(cast.hyun)
        else:
            service.disable(cast.dana, queries.get_account(cast.hyun.id), reason="ging")
    hyun.post(f"/desk/{answer_id}", data=typed(reason=LONG))
    assert session().get(KeptForm, cast.hyun.id) is None


def test_neither_a_password_nor_a_press_of_a_button_is_kept(
    cast: Cast, browser_of: Browser
) -> None:
    dana, late = browser_of(cast.dana), clock.now() + LATER
    reason = {"role": "moderator", "reason": "긴 까닭이 여기에 있습니다.", "password": PASSWORD}
    with clock.at(late):
        dana.post(f"/admin/people/{cast.jun.id}/role", data=reason)
        dana.post("/moderation/1/publish", data={"version": "1"})
    assert session().get(KeptForm, cast.dana.id) is None


def test_neither_form_nor_page_is_kept_under_an_address_that_leads_away(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []
    monkeypatch.setattr(keeping, "session_token", lambda: "a token")
    monkeypatch.setitem(
        app.extensions, "keep_typed", lambda _who, path, _typed, page, **_more: kept.append((path, page))
    )  # fmt: skip
    for path, page in (("/me", "/me"), ("/me", "//zq.example"), ("/\\zq.example", "/me")):
        told = {"Referer": f"http://localhost{page}"}
        with app.test_request_context(path, method="POST", headers=told):
            keeping.keep_typed()
    assert kept == [("/me", "/me"), ("/me", "")]


def test_a_file_is_not_kept_and_the_page_says_so(
    cast: Cast, browser_of: Browser, answer_id: int
) -> None:
    hyun = browser_of(cast.hyun)
    files = {"promises-0-pictures": (BytesIO(b"x"), "a.png")}
    with clock.at(clock.now() + LATER):
        hyun.post(f"/desk/{answer_id}", data={**typed(), **files})
    log_in(hyun)
    page = hyun.get("/me/kept").text
    assert "파일" in page
    assert "/me/kept/send" not in page
    assert hyun.post("/me/kept/send").location == "/me/kept"


def test_showing_who_one_is_leads_back_to_what_was_sent_before_it(
    app: Flask, cast: Cast, browser_of: Browser
) -> None:
    """A grave act from a screen that was left open: what was typed waits behind the password."""
    dana, later = browser_of(cast.dana), clock.now() + timedelta(minutes=20)
    with clock.at(later):
        hook = {"url": "https://example.org/hook", "note": "새 홈페이지의 알림판에 보냅니다."}
        assert "/me/confirm" in dana.post("/admin/webhooks", data=hook).location
        assert dana.post("/me/confirm", data={"password": PASSWORD}).location == "/me/kept"
        assert "알림판" in dana.get("/me/kept").text


def test_whoever_shows_anew_who_they_are_has_a_new_token(cast: Cast, browser_of: Browser) -> None:
    mina = browser_of(cast.mina)
    with mina.session_transaction() as cookie:
        former = cookie["sid"]
    mina.post("/me/confirm", data={"password": PASSWORD})
    with mina.session_transaction() as cookie:
        assert cookie["sid"] != former
    assert mina.get("/me/settings").status_code == 200
    assert queries.find_session_actor(former) is None


def test_a_script_that_asks_by_itself_keeps_no_session_alive(
    cast: Cast, browser_of: Browser
) -> None:
    hyun, began = browser_of(cast.hyun), clock.now()
    by_itself = {"X-By-Itself": "1"}
    with clock.at(began + timedelta(minutes=29)):
        told = hyun.get("/me/session", headers=by_itself).json
        assert told["who"] == cast.hyun.id
        assert 0 < told["left"] <= 60
        assert told["extends"]
        assert told["token"]
    with clock.at(began + LATER):
        assert hyun.get("/me/session").json == {"who": None, "left": 0, "extends": False}
    jun = browser_of(cast.sora)
    with clock.at(began + timedelta(minutes=29)):
        assert jun.get("/me/session").json["left"] == 30 * 60
    with clock.at(began + LATER):
        assert jun.get("/me/session", headers=by_itself).json["left"] > 27 * 60


def test_a_session_near_its_longest_life_says_that_it_cannot_be_made_longer(
    cast: Cast, app: Flask
) -> None:
    browser = app.test_client()
    sign_in(browser, cast.sora)
    now = clock.now()
    for quarters in range(1, 32):
        with clock.at(now + timedelta(minutes=15 * quarters)):
            told = browser.get("/me/session").json
    assert 14 * 60 < told["left"] <= 15 * 60
    assert not told["extends"]


@settings(max_examples=60)
@given(st.integers(0, 600), st.integers(0, 600), st.booleans())
def test_what_is_left_is_what_the_shorter_life_leaves(age: int, idle: int, staff: bool) -> None:
    now = clock.now()
    created, seen = now - timedelta(minutes=max(age, idle)), now - timedelta(minutes=idle)
    left, extends = rules.session_left(created, seen, now, staff=staff)
    assert timedelta() <= left <= rules.IDLE_LIFE[staff]
    if left and extends:
        assert rules.session_left(created, now, now, staff=staff)[0] >= left
    if left and not extends:
        assert rules.session_left(created, now, now, staff=staff)[0] == left


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["reason", "act", "password"]), st.text(max_size=30))))
def test_what_is_kept_has_prose_and_no_password(fields: list[tuple[str, str]]) -> None:
    worth = rules.is_worth_keeping(fields)
    assert not worth or any(rules.is_prose(value) for _name, value in fields)
    assert not worth or "password" not in dict(fields)
    assert not rules.is_worth_keeping([*fields, ("old_password", "")])
    assert not rules.is_worth_keeping([*fields, ("text", "가 " * rules.KEPT_MOST)])


@pytest.mark.parametrize(
    ("who", "minutes", "is_noted"),
    [("jun", 14, False), ("jun", 16, True), ("sora", 0.5, False), ("sora", 2, True)],
)
def test_that_somebody_is_there_is_noted_as_often_as_their_session_needs_it(
    cast: Cast, browser_of: Browser, who: str, minutes: float, is_noted: bool
) -> None:
    person = getattr(cast, who)
    browser = browser_of(person)
    mine = select(LoginSession.seen_at).where(LoginSession.account_id == person.id)
    before = session().scalars(mine).one()
    with clock.at(before + timedelta(minutes=minutes)):
        browser.get("/ideas")
    assert (session().scalars(mine).one() > before) is is_noted
