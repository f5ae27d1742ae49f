"""The screens of accounts, as people and strangers meet them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from ideas_app.accounts import queries, service
from ideas_app.accounts.models import Account, Tie
from ideas_app.audit import queries as audit
from ideas_app.audit.models import AccessRecord
from ideas_app.audit.rules import Look
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.permissions import Role
from tests.accounts import mailbox
from tests.people import PASSWORD, make_account

NEW_PASSWORD = "등대 아래 푸른 돌고래"
FORM = {
    "email": "noeul@example.com",
    "password": NEW_PASSWORD,
    "nickname": "노을",
    "born_on": "2001-02-03",
    "tie": "resident",
    "consent_terms": "y",
    "consent_privacy": "y",
}


@pytest.fixture(autouse=True)
def _empty_mailbox(app):
    mailbox.empty()


def log_in(client, email="mina@example.org", password=PASSWORD, **more):
    return client.post("/login", data={"email": email, "password": password, **more})


def accounts():
    return session().scalar(select(func.count(Account.id)))


def test_a_newcomer_registers_reads_the_mail_confirms_and_is_in(visitor):
    answer = visitor.post("/register", data=FORM)
    assert (answer.status_code, answer.location) == (303, "/register/sent")
    (mail,) = mailbox.collect()
    assert mail["To"] == "noeul@example.com"
    path = mailbox.path_in(mail)
    assert visitor.get(path).status_code == 200
    assert queries.find_by_email("noeul@example.com").verified_at is None
    answer = visitor.post(path, data={"password": NEW_PASSWORD})
    assert answer.status_code == 303
    account = queries.find_by_email("noeul@example.com")
    assert account.verified_at
    assert account.nickname_key == "노을"
    assert visitor.get("/me/settings").status_code == 200
    assert visitor.get(path).status_code == 410


def test_nobody_confirms_an_account_that_a_stranger_made(visitor):
    visitor.post("/register", data=FORM)
    path = mailbox.path_in(mailbox.collect()[0])
    answer = visitor.post(path, data={"password": "the password of somebody else"})
    assert answer.status_code == 422
    assert queries.find_by_email("noeul@example.com").verified_at is None


def test_a_known_address_is_answered_in_the_same_way_and_its_owner_told(cast, visitor):
    known = visitor.post("/register", data={**FORM, "email": "mina@example.org"})
    unknown = visitor.post("/register", data=FORM)
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert known.data == unknown.data
    subjects = {mail["To"]: mailbox.path_in(mail) for mail in mailbox.collect()}
    assert subjects["mina@example.org"] == "/reset"


def test_a_child_is_told_and_nothing_is_kept(visitor):
    answer = visitor.post("/register", data={**FORM, "born_on": "2020-01-01"})
    assert answer.status_code == 422
    assert "14" in answer.text
    assert accounts() == 0


def test_the_form_says_every_fault_and_keeps_what_was_typed_but_the_password(visitor):
    answer = visitor.post("/register", data={**FORM, "consent_privacy": "", "nickname": "admin"})
    assert answer.status_code == 422
    assert "noeul@example.com" in answer.text
    assert NEW_PASSWORD not in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_no_consent_is_ticked_beforehand(visitor):
    page = visitor.get("/register").text
    assert page.count('name="consent_') == 3
    assert "checked" not in page


def test_extra_fields_give_no_role_and_no_proof(visitor):
    extra = {"role": "admin", "verified_at": "2020-01-01", "is_verified": "1", "id": "1"}
    visitor.post("/register", data={**FORM, **extra})
    account = queries.find_by_email("noeul@example.com")
    assert (account.role, account.verified_at) == (Role.YOUTH, None)


@pytest.mark.parametrize("born_on", ["", "31.12", "2001-13-40", "yesterday"])
def test_a_date_that_is_none_is_asked_again(visitor, born_on):
    assert visitor.post("/register", data={**FORM, "born_on": born_on}).status_code == 422
    assert accounts() == 0


def test_dates_may_be_typed_as_people_write_them(visitor):
    assert visitor.post("/register", data={**FORM, "born_on": "2001. 2. 3."}).status_code == 303


def test_logging_in_changes_the_cookie_and_out_kills_it(cast, visitor):
    before = visitor.get_cookie("session")
    answer = log_in(visitor)
    assert answer.status_code == 303
    cookie = visitor.get_cookie("session").value
    assert before is None or before.value != cookie
    assert visitor.get("/me/settings").headers["Cache-Control"] == "no-store"
    assert visitor.post("/logout").status_code == 303
    visitor.set_cookie("session", cookie)
    assert visitor.get("/me/settings").status_code == 303


def test_wrong_password_and_unknown_address_are_answered_alike(cast, visitor):
    known = log_in(visitor, password="wrong wrong")
    unknown = log_in(visitor, email="nina@example.org", password="wrong wrong")
    assert known.status_code == unknown.status_code == 422
    assert known.text.replace("mina@", "nina@") == unknown.text


def test_too_many_wrong_passwords_are_told_when_to_come_back(cast, visitor):
    for _time in range(10):
        log_in(visitor, password="wrong wrong")
    answer = log_in(visitor, headers_none="")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 300


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/a//evil.example",
        " /ideas",
    ],
)
def test_log_in_leads_nowhere_else(cast, visitor, target):
    visitor.get("/login", query_string={"next": target})
    assert log_in(visitor, next=target).location in {"/", "/?lang=ko"}


def test_log_in_leads_on_to_where_one_wanted(cast, visitor):
    page = visitor.get("/login?next=/me/settings").text
    assert 'value="/me/settings"' in page
    assert log_in(visitor, next="/me/settings").location == "/me/settings"


def test_a_draft_survives_the_log_in(cast, visitor):
    with visitor.session_transaction() as cookie:
        cookie["draft"] = "a-token"
    log_in(visitor)
    with visitor.session_transaction() as cookie:
        assert cookie["draft"] == "a-token"


def test_a_forgotten_password_is_set_anew_by_mail(cast, visitor, browser_of):
    elsewhere = browser_of(cast.mina)
    known = visitor.post("/reset", data={"email": "mina@example.org"})
    unknown = visitor.post("/reset", data={"email": "nobody@example.org"})
    assert known.location == unknown.location == "/reset/sent"
    (mail,) = mailbox.collect()
    path = mailbox.path_in(mail)
    page = visitor.get(path)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert visitor.post(path, data={"password": "password123"}).status_code == 422
    assert visitor.post(path, data={"password": NEW_PASSWORD}).location == "/login"
    assert elsewhere.get("/me/settings").status_code == 303
    assert visitor.post(path, data={"password": "noch ein langes Wort"}).status_code == 410
    assert log_in(visitor, password=NEW_PASSWORD).status_code == 303
    assert len(mailbox.collect()) == 2


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:99999"])
def test_links_in_mails_never_follow_the_host_header(cast, visitor, host):
    visitor.post("/reset", data={"email": "mina@example.org"}, headers={"Host": host})
    for mail in mailbox.collect():
        assert "evil" not in mail.as_string()
        assert "http://localhost/reset/" in mailbox.text_of(mail)


@pytest.mark.parametrize("path", ["/verify/nonsense", "/reset/nonsense", "/reset/a.b.c"])
def test_a_spoilt_link_is_told_to_be_dead(app, visitor, path):
    assert visitor.get(path).status_code == 410
    assert visitor.post(path, data={"password": NEW_PASSWORD}).status_code == 410


def test_a_link_that_dies_between_the_look_and_the_act_confirms_nobody(cast, visitor, monkeypatch):
    nari = make_account("Nari", verified=False, email="nari@example.org")
    link = f"/verify/{queries.verify_token(queries.get_account(nari.id))}"
    looks = iter((queries.get_account(nari.id), None))
    monkeypatch.setattr(queries, "find_by_verify_token", lambda _token: next(looks))
    assert visitor.post(link, data={"password": PASSWORD}).status_code == 409
    assert not queries.get_account(nari.id).verified_at


def test_looking_at_links_changes_nothing(cast, visitor):
    account = queries.get_account(cast.mina.id)
    link = f"/reset/{queries.reset_token(account)}"
    for verb in (visitor.get, visitor.head, visitor.get):
        assert verb(link).status_code == 200
    assert queries.check_password("mina@example.org", PASSWORD) == cast.mina.id


@pytest.mark.parametrize("path", ["/me/settings", "/resend", "/admin/people"])
def test_a_visitor_is_led_to_the_log_in(app, visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/login?next=")


def test_settings_can_be_changed_one_by_one(cast, browser_of):
    mina = browser_of(cast.mina)
    other = browser_of(cast.mina)
    assert mina.post("/me/settings/nickname", data={"nickname": "파도"}).status_code == 303
    assert mina.post("/me/settings/nickname", data={"nickname": "Jun"}).status_code == 422
    assert mina.post("/me/settings/language", data={"locale": "en"}).status_code == 303
    assert queries.get_account(cast.mina.id).locale == "en"
    assert mina.post("/me/settings/language", data={"locale": "xx"}).status_code == 422
    wrong = {"present": "wrong", "password": NEW_PASSWORD}
    assert mina.post("/me/settings/password", data=wrong).status_code == 422
    assert other.get("/me/settings").status_code == 200
    right = {"present": PASSWORD, "password": NEW_PASSWORD}
    assert mina.post("/me/settings/password", data=right).status_code == 303
    assert other.get("/me/settings").status_code == 303
    page = mina.get("/me/settings").text
    assert "파도" in page
    assert '<html lang="en">' in page


def test_a_neighbourhood_is_said_of_ones_own_accord_and_taken_back(cast, browser_of, visitor):
    mina, address = browser_of(cast.mina), "/me/settings/neighbourhood"

    def said():
        with transaction() as current:
            return current.get_one(Account, cast.mina.id).neighbourhood

    assert "You need not say it" in mina.get("/me/settings?lang=en").text
    assert mina.post(address, data={"neighbourhood": "나운3동"}).status_code == 303
    assert mina.post(address, data={"neighbourhood": "없는동"}).status_code == 422
    assert said() == "나운3동"
    assert mina.post(address, data={"neighbourhood": ""}).status_code == 303
    assert said() is None
    assert visitor.post(address, data={"neighbourhood": "나운3동"}).status_code in {303, 401}


def test_a_date_of_birth_is_corrected_once_and_the_tie_whenever_it_changes(cast, browser_of):
    mina, address = browser_of(cast.mina), "/me/settings/birth-date"
    assert mina.post(address, data={"born_on": "2020-01-01"}).status_code == 422
    assert mina.post(address, data={"born_on": "2001-05-17"}).status_code == 303
    assert mina.post(address, data={"born_on": "1990-05-17"}).status_code == 403
    assert address not in mina.get("/me/settings").text
    assert mina.post("/me/settings/tie", data={"tie": "worker"}).status_code == 303
    account = queries.get_account(cast.mina.id)
    assert (account.born_on, account.tie) == (date(2001, 5, 17), Tie.WORKER)
    log = audit.list_of_subject("account", cast.mina.id)
    assert "2001" not in str([entry.diff for entry in log])
    assert browser_of(cast.dana).get(f"/admin/people?person={cast.mina.id}").status_code == 200


def test_the_other_browsers_can_be_logged_out(cast, browser_of):
    here, there = browser_of(cast.mina), browser_of(cast.mina)
    jun = browser_of(cast.jun)
    with clock.at(clock.now() + timedelta(minutes=16)):
        # a screen that was left open logs nobody out
        assert here.post("/me/settings/sessions").location == "/me/confirm"
        assert there.get("/me/settings").status_code == 200
    assert here.post("/me/settings/sessions").status_code == 303
    assert here.get("/me/settings").status_code == 200
    assert there.get("/me/settings").status_code == 303
    assert jun.get("/me/settings").status_code == 200


def test_the_mail_can_be_asked_for_again_by_the_unproved_only(cast, browser_of):
    nari = browser_of(make_account("Nari", verified=False))
    assert nari.get("/resend").status_code == 200
    assert nari.post("/resend").status_code == 303
    assert browser_of(cast.mina).post("/resend").status_code == 409
    (mail,) = mailbox.collect()
    nari.post(mailbox.path_in(mail))  # signed in already: no password is asked
    assert queries.find_by_email("nari@example.org").verified_at


@pytest.mark.parametrize("who", ["mina", "sora", "hyun"])
def test_only_administrators_see_the_people(cast, browser_of, who):
    client = browser_of(getattr(cast, who))
    assert client.get("/admin/people").status_code == 403
    data = {"role": "admin", "reason": "x", "password": PASSWORD}
    assert client.post(f"/admin/people/{cast.jun.id}/role", data=data).status_code == 403
    close = {"close-reason": "x", "close-password": PASSWORD}
    assert client.post(f"/admin/people/{cast.jun.id}/disable", data=close).status_code == 403
    assert client.post(f"/admin/people/{cast.jun.id}/enable", data=close).status_code == 403
    assert queries.get_account(cast.jun.id).role is Role.YOUTH


def test_an_administrator_finds_people_and_gives_roles(cast, browser_of):
    dana = browser_of(cast.dana)
    page = dana.get("/admin/people").text
    assert "s***@example.org" in page
    assert "sora@example.org" not in page
    assert "jun@example.org" not in page
    assert "j***@example.org" in dana.get("/admin/people?role=&q=JUN").text
    assert "j***@example.org" not in dana.get("/admin/people?role=&q=%25").text
    assert dana.get(f"/admin/people?person={cast.jun.id}").status_code == 200
    assert dana.get("/admin/people?person=99999").status_code == 404
    data = {"role": "moderator", "reason": "인사 이동", "password": "wrong"}
    assert dana.post(f"/admin/people/{cast.jun.id}/role", data=data).status_code == 422
    data["password"] = PASSWORD
    assert dana.post(f"/admin/people/{cast.jun.id}/role", data=data).status_code == 303
    assert queries.get_account(cast.jun.id).role is Role.MODERATOR
    assert "인사 이동" in dana.get(f"/admin/people?person={cast.jun.id}").text


def test_an_administrator_closes_and_opens_accounts(cast, browser_of):
    dana, jun = browser_of(cast.dana), browser_of(cast.jun)
    path = f"/admin/people/{cast.jun.id}"
    data = {"close-reason": "명의 도용", "close-password": PASSWORD}
    assert dana.post(f"{path}/disable", data={**data, "close-reason": ""}).status_code == 422
    assert dana.post(f"{path}/disable", data=data).status_code == 303
    assert jun.get("/me/settings").status_code == 303
    assert log_in(jun, email="jun@example.org").status_code == 422
    assert dana.get("/admin/people?role=&state=closed").text.count("j***@example.org") == 1
    assert dana.post(f"{path}/enable", data=data).status_code == 303
    assert log_in(jun, email="jun@example.org").status_code == 303


def test_an_administrator_can_change_many_roles_in_a_row(cast, browser_of):
    dana = browser_of(cast.dana)
    for number in range(12):
        role = "moderator" if number % 2 else "youth"
        data = {"role": role, "reason": "x", "password": PASSWORD}
        assert dana.post(f"/admin/people/{cast.jun.id}/role", data=data).status_code == 303


def test_an_address_is_shown_for_a_reason_that_is_kept(cast, browser_of):
    dana, path = browser_of(cast.dana), f"/admin/people/{cast.jun.id}/show"
    assert browser_of(cast.sora).post(path, data={"show-reason": "x"}).status_code == 403
    assert dana.post(path, data={"show-reason": ""}).status_code == 422
    assert "jun@example.org" in dana.post(path, data={"show-reason": "전화 문의"}).text
    looks = session().scalars(select(AccessRecord).where(AccessRecord.kind == Look.UNMASKED)).all()
    assert [look.reason for look in looks] == ["전화 문의"]


def test_staff_switch_the_letters_of_the_desk_off_and_on(cast, browser_of):
    sora = browser_of(cast.sora)
    for off in ("1", ""):
        assert sora.post("/me/settings/shortcuts", data={"off": off}).status_code == 303
        assert queries.get_account(cast.sora.id).shortcuts_off is bool(off)


def test_the_last_administrator_cannot_step_down_by_form(cast, browser_of):
    data = {"role": "youth", "reason": "휴직", "password": PASSWORD}
    answer = browser_of(cast.dana).post(f"/admin/people/{cast.dana.id}/role", data=data)
    assert answer.status_code == 403
    assert queries.get_account(cast.dana.id).role is Role.ADMIN


def test_nobodys_address_is_told_outside_the_administrators_list(cast, browser_of):
    with transaction():
        service.give_consent(cast.jun, "news")
    pages = ["/me/settings", "/me/privacy", "/me/delete", "/me/export"]
    for path in pages:
        assert "jun@example.org" not in browser_of(cast.mina).get(path).text


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("path", ["/register", "/login", "/reset", "/register/sent", "/reset/sent"])
def test_open_pages_speak_both_languages(app, visitor, path, lang):
    page = visitor.get(path, query_string={"lang": lang})
    assert page.status_code == 200
    assert f'<html lang="{lang}">' in page.text


def test_a_forged_forwarding_header_does_not_lift_the_limit(cast, visitor):
    for number in range(30):
        email = f"nobody{number}@example.org"
        visitor.post(
            "/login",
            data={"email": email, "password": "x"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        )
    assert log_in(visitor).status_code == 429
