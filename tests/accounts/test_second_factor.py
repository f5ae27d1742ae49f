"""The second factor of staff: what it asks, what opens nothing, and what administrators may do about it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from ideas_app.accounts import queries, rules, service
from ideas_app.accounts.models import LoginSession, RecoveryCode, SecondFactor
from ideas_app.adapters import onetime
from ideas_app.answers import policy as answers
from ideas_app.audit.queries import list_of_subject
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid
from ideas_app.core.permissions import GRANTS, Permission, Role
from tests.accounts import mailbox
from tests.people import PASSWORD

DESK = "/moderation"


@pytest.fixture(autouse=True)
def _empty_mailbox(app):
    mailbox.empty()


@pytest.fixture
def strict(app, monkeypatch):
    """The desk opens with a second factor only, as in production."""
    monkeypatch.setitem(app.config, "STAFF_SECOND_FACTOR", "required")


def code_now(actor, at=None):
    factor = queries.find_second_factor(actor.id)
    return onetime.code_at(service.factor_key(actor.id, factor.nonce), at or clock.now())


def factor_of(actor, *, at=None):
    """Somebody who has set up an app some time ago, as a row."""
    with transaction() as current:
        current.add(
            SecondFactor(account_id=actor.id, nonce="nonce", last_step=0, set_at=at or clock.now())
        )


def set_up(browser):
    """The whole page, as a person goes through it; the answer with the recovery codes."""
    page = browser.get("/me/second-factor").text
    key = re.search(r"c-factor__key\">([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    return browser.post("/me/second-factor", data={"code": onetime.code_at(key, clock.now())})


def recovery_in(page):
    return re.findall(r"<code>([a-z0-9-]+)</code>", page.text)


def log_in(client, email="sora@example.org", **more):
    return client.post("/login", data={"email": email, "password": PASSWORD, **more})


def is_at_desk(client):
    return client.get(DESK).status_code == 200


def test_staff_without_one_are_led_to_a_page_that_says_why(cast, browser_of, strict):
    sora = browser_of(cast.sora)
    answer = sora.get(f"{DESK}?state=waiting")
    assert answer.location == "/me/second-factor?next=/moderation?state%3Dwaiting"
    assert sora.get("/workspace").location == "/me/second-factor?next=/workspace"
    page = sora.get(answer.location).text
    assert "<svg" in page
    assert sora.get("/ideas").status_code == 200
    assert sora.get("/me/settings").status_code == 200


def test_whoever_has_set_it_up_works_on_and_has_ten_codes(cast, browser_of, strict):
    sora, elsewhere = browser_of(cast.sora), browser_of(cast.sora)
    page = set_up(sora)
    assert len(set(recovery_in(page))) == rules.RECOVERY_CODES
    assert is_at_desk(sora)
    assert elsewhere.get("/me/settings").status_code == 303
    (mail,) = mailbox.collect()
    assert mail["To"] == "sora@example.org"
    assert [entry.tag for entry in list_of_subject("account", cast.sora.id)] == [
        "account:factor_set"
    ]
    kept = session().scalars(select(RecoveryCode.code_hash)).all()
    assert not set(kept) & set(recovery_in(page))


def test_a_wrong_first_code_sets_up_nothing(cast, browser_of):
    sora = browser_of(cast.sora)
    sora.get("/me/second-factor")
    assert sora.post("/me/second-factor", data={"code": "000000"}).status_code == 422
    assert queries.find_second_factor(cast.sora.id) is None


def test_the_password_alone_begins_no_session(cast, visitor):
    factor_of(cast.sora)
    answer = log_in(visitor, next=DESK)
    assert answer.location == f"/login/code?next={DESK}"
    assert visitor.get("/me/settings").status_code == 303
    assert visitor.get("/login/code").status_code == 200
    answer = visitor.post("/login/code", data={"code": code_now(cast.sora), "next": DESK})
    assert answer.location == DESK
    assert is_at_desk(visitor)


def test_nobody_gets_to_the_second_step_without_the_first(cast, visitor, monkeypatch):
    factor_of(cast.sora)
    answer = visitor.post("/login/code", data={"code": code_now(cast.sora)})
    assert answer.location == "/login"
    log_in(visitor)
    monkeypatch.setattr("ideas_app.accounts.views.signing_in.FLOW_LIFE", timedelta(seconds=-1))
    answer = visitor.post("/login/code", data={"code": code_now(cast.sora)})
    assert answer.location == "/login"


def test_a_code_is_good_once(cast, app):
    factor_of(cast.sora)
    code = code_now(cast.sora)
    first, second = app.test_client(), app.test_client()
    log_in(first)
    assert first.post("/login/code", data={"code": f"{code[:3]} {code[3:]}"}).status_code == 303
    log_in(second)
    assert second.post("/login/code", data={"code": code}).status_code == 422
    assert second.get("/me/settings").status_code == 303


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(cast, app, steps, is_taken):
    factor_of(cast.sora)
    code = code_now(cast.sora, clock.now() + timedelta(seconds=steps * onetime.STEP))
    with clock.at(clock.now()), transaction():
        if is_taken:
            service.use_code(cast.sora.id, code)
        else:
            with pytest.raises(Invalid):
                service.use_code(cast.sora.id, code)


def test_a_code_before_one_that_was_used_opens_nothing(cast):
    factor_of(cast.sora)
    before = code_now(cast.sora, clock.now() - timedelta(seconds=onetime.STEP))
    with transaction():
        service.use_code(cast.sora.id, code_now(cast.sora))
        with pytest.raises(Invalid):
            service.use_code(cast.sora.id, before)


def test_a_recovery_code_opens_once_and_its_owner_is_told(cast, browser_of, app):
    code, *others = recovery_in(set_up(browser_of(cast.sora)))
    mailbox.collect()
    mailbox.empty()
    browser = app.test_client()
    log_in(browser)
    assert browser.post("/login/code", data={"code": code.upper()}).status_code == 303
    assert is_at_desk(browser)
    assert [mail["To"] for mail in mailbox.collect()] == ["sora@example.org"]
    with transaction(), pytest.raises(Invalid):
        service.use_code(cast.sora.id, code)
    with transaction(), pytest.raises(Invalid):
        service.use_code(cast.hyun.id, others[0])


def test_guessing_ends_after_five_tries(cast, visitor):
    factor_of(cast.sora)
    log_in(visitor)
    for _time in range(5):
        assert visitor.post("/login/code", data={"code": "000000"}).status_code == 422
    answer = visitor.post("/login/code", data={"code": code_now(cast.sora)})
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)


def test_youth_are_never_asked(cast, visitor, browser_of, strict):
    assert log_in(visitor, "mina@example.org").location == "/"
    assert browser_of(cast.mina).get("/me/second-factor").status_code == 404


def test_a_role_counts_from_the_next_request_and_asks_for_the_factor(cast, browser_of, strict):
    jun, sora = browser_of(cast.jun), browser_of(cast.sora)
    set_up(sora)
    for person, role in ((cast.jun, Role.MODERATOR), (cast.sora, Role.YOUTH)):
        with transaction():
            account = queries.get_account(person.id)
            service.change_role(SYSTEM, account, role, reason="a new task")
    assert jun.get(DESK).location.startswith("/me/second-factor")
    assert sora.get(DESK).status_code == 403
    with transaction():
        service.disable(SYSTEM, queries.get_account(cast.jun.id), reason="left")
    assert jun.get("/me/settings").status_code == 303


def test_held_staff_may_nothing_that_their_role_alone_gives(cast, browser_of, strict):
    dana = browser_of(cast.dana)
    for path in ("/admin/people", "/admin/webhooks", "/exports"):
        assert dana.get(path).location.startswith("/me/second-factor")
    form = {"role": "admin", "reason": "x", "password": PASSWORD}
    dana.post(f"/admin/people/{cast.mina.id}/role", data=form)
    assert queries.get_account(cast.mina.id).role is Role.YOUTH


def test_a_password_puts_no_other_phone_in_the_place_of_the_first(cast, browser_of, strict):
    factor_of(cast.sora)
    sora = browser_of(cast.sora)
    assert "<svg" not in sora.get("/me/second-factor?new=1").text.partition("<main")[2]
    with sora.session_transaction() as cookie:
        cookie["factor"] = "of-my-own"
    key = service.factor_key(cast.sora.id, "of-my-own")
    answer = sora.post("/me/second-factor", data={"code": onetime.code_at(key, clock.now())})
    assert answer.status_code == 403
    assert queries.find_second_factor(cast.sora.id).nonce == "nonce"
    sora.post("/me/second-factor/code", data={"code": code_now(cast.sora)})
    assert is_at_desk(sora)


def test_an_administrator_resets_a_lost_one_with_a_reason(cast, browser_of):
    factor_of(cast.sora)
    sora, dana = browser_of(cast.sora), browser_of(cast.dana)
    address = f"/admin/people/{cast.sora.id}/factor"
    form = {"factor-reason": "Sora came by: phone lost", "factor-password": PASSWORD}
    assert address in dana.get(f"/admin/people?person={cast.sora.id}").text
    assert browser_of(cast.hyun).post(address, data=form).status_code == 403
    assert dana.post(address, data={**form, "factor-reason": ""}).status_code == 422
    assert dana.post(address, data={**form, "factor-password": "wrong"}).status_code == 422
    assert queries.find_second_factor(cast.sora.id)
    assert dana.post(address, data=form).status_code == 303
    assert queries.find_second_factor(cast.sora.id) is None
    assert sora.get("/me/settings").status_code == 303
    page = dana.get(f"/admin/people?person={cast.sora.id}").text
    assert "Sora came by: phone lost" in page
    assert address not in page
    assert [mail["To"] for mail in mailbox.collect()] == ["sora@example.org"]
    with pytest.raises(Conflict), transaction():
        service.reset_factor(SYSTEM, queries.get_account(cast.sora.id), reason="again")


def test_new_recovery_codes_end_the_former_ones(cast, browser_of):
    sora = browser_of(cast.sora)
    former = recovery_in(set_up(sora))
    fresh = recovery_in(sora.post("/me/second-factor/codes"))
    assert not set(former) & set(fresh)
    assert session().scalar(select(func.count(RecoveryCode.id))) == rules.RECOVERY_CODES
    with transaction(), pytest.raises(Invalid):
        service.use_code(cast.sora.id, former[0])


def grow_old(actor):
    with transaction() as current:
        rows = update(LoginSession).where(LoginSession.account_id == actor.id)
        current.execute(rows.values(confirmed_at=clock.now() - timedelta(minutes=16)))


def test_grave_acts_ask_who_it_is_after_a_quarter_of_an_hour(cast, browser_of):
    dana = browser_of(cast.dana)
    hook = {"name": "city", "address": "https://example.org/hook", "events": "idea.published"}
    grow_old(cast.dana)
    answer = dana.post("/admin/webhooks", data={**hook, "back": "/admin/webhooks"})
    assert answer.location == "/me/confirm?next=/admin/webhooks"
    factor_of(cast.dana)
    answer = dana.post("/me/second-factor/code", data={"code": code_now(cast.dana)})
    assert answer.status_code == 303
    assert dana.post("/admin/webhooks", data=hook).location != "/me/confirm?next=/admin/webhooks"


def test_a_role_is_not_changed_from_a_screen_that_was_left_open(cast, browser_of):
    dana = browser_of(cast.dana)
    grow_old(cast.dana)
    form = {"role": "moderator", "reason": "새로 함께 일해요."}
    address = f"/admin/people/{cast.jun.id}/role"
    assert dana.post(address, data=form).status_code == 422
    assert dana.post(address, data={**form, "password": "nonsense"}).status_code == 422
    assert queries.get_account(cast.jun.id).role is Role.YOUTH
    assert dana.post(address, data={**form, "password": PASSWORD}).status_code == 303
    assert queries.get_account(cast.jun.id).role is Role.MODERATOR


def is_open(token, begun, minutes):
    with clock.at(begun + timedelta(minutes=minutes)):
        return queries.find_session_actor(token) is not None


def test_sessions_of_staff_end_sooner_than_those_of_youth(cast):
    begun = clock.now()
    with clock.at(begun), transaction():
        youth, idle, busy = (
            service.start_session(person.id) for person in (cast.mina, cast.sora, cast.sora)
        )
    assert is_open(youth, begun, 31)
    assert not is_open(idle, begun, 31)
    assert all(is_open(busy, begun, minutes) for minutes in range(29, 8 * 60, 29))
    assert not is_open(busy, begun, 8 * 60 + 2)


def test_whoever_is_held_may_what_every_youth_may_and_speaks_for_nobody(cast):
    for person in (cast.sora, cast.hyun, cast.dana):
        held = replace(person, is_held=True)
        assert {each for each in Permission if held.has(each)} == GRANTS[Role.YOUTH]
    assert not answers.may_publish_alone(replace(cast.dana, is_held=True))


@pytest.mark.parametrize("setting", ["required", "optional", "off"])
@pytest.mark.parametrize("role", list(Role))
def test_who_is_held(role, setting):
    def is_held(**facts):
        return rules.is_held(role, setting=setting, **facts)

    is_asked = role is not Role.YOUTH and setting != "off"
    assert not is_held(has_factor=True, was_given=True)
    assert is_held(has_factor=True, was_given=False) == is_asked
    assert is_held(has_factor=False, was_given=False) == (is_asked and setting == "required")


@settings(max_examples=30)
@given(st.text(alphabet=rules.RECOVERY_SIGNS, min_size=24, max_size=24))
def test_a_code_is_read_as_people_write_it(code):
    groups = "-".join(code[at : at + 4] for at in range(0, 24, 4))
    for typed in (groups, groups.upper(), f" {groups} ", groups.replace("-", " ")):
        assert rules.read_code(typed) == code
    assert rules.read_code("１２３ ４５６") == "123456"


def test_an_operator_takes_a_lost_factor_away(app, cast):
    factor_of(cast.dana)
    runner = app.test_cli_runner()
    told = runner.invoke(args=["accounts", "reset-factor", "--email", "dana@example.org"])
    assert told.exit_code == 0
    assert queries.find_second_factor(cast.dana.id) is None
    assert runner.invoke(args=["accounts", "reset-factor", "--email", "x@y.org"]).exit_code == 1


def test_a_key_is_not_in_the_database_and_is_each_persons_own(cast):
    keys = {service.factor_key(person.id, "nonce") for person in (cast.sora, cast.hyun)}
    keys.add(service.factor_key(cast.sora.id, "another"))
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 3


def test_no_step_of_a_factor_leads_out_of_this_house(cast, browser_of, visitor):
    sora = browser_of(cast.sora)
    page = sora.get("/me/second-factor").text
    key = re.search(r"c-factor__key\">([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    form = {"code": onetime.code_at(key, clock.now()), "next": "https://elsewhere.example"}
    assert "elsewhere" not in sora.post("/me/second-factor", data=form).text
    log_in(visitor)
    second = visitor.get("/login/code?next=//elsewhere.example")
    assert second.status_code == 200
    assert 'value="//' not in second.text


def test_a_key_is_shown_to_whoever_has_just_shown_who_they_are(cast, browser_of):
    sora = browser_of(cast.sora)
    grow_old(cast.sora)
    assert sora.get("/me/second-factor").location.startswith("/me/confirm")
