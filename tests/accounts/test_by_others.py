"""Logging in by others, against a provider on this machine: what works, and what must never work."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from ideas_app.accounts import queries
from ideas_app.accounts.models import Account, Identity, LoginSession
from ideas_app.adapters import oidc
from ideas_app.audit.queries import list_of_subject
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.permissions import Role
from tests.accounts import mailbox
from tests.accounts.provider import new_key, running
from tests.people import PASSWORD, make_account

JOIN = {
    "nickname": "노을",
    "born_on": "2001-02-03",
    "tie": "resident",
    "consent_terms": "y",
    "consent_privacy": "y",
}


@pytest.fixture(scope="module")
def kept():
    with running() as provider:
        yield provider


@pytest.fixture(scope="module")
def another_key():
    return new_key("second")


@pytest.fixture
def there(kept, app, monkeypatch):
    """The provider, well-behaved, and known to the service under the name kakao."""
    kept.fresh()
    oidc.forget()
    mailbox.empty()
    monkeypatch.setitem(app.config, "OIDC", (kept.settings(),))
    return kept


def begin(client, **more):
    return client.get("/login/with/kakao", query_string=more)


def log_in(client, there, **more):
    """To the provider and back; the answer of the way back."""
    return client.get(there.authorize(begin(client, **more).location))


def linked_to(actor, there, subject="mina-there"):
    with transaction() as current:
        current.add(
            Identity(
                account_id=actor.id,
                issuer=there.address,
                subject=subject,
                linked_at=clock.now(),
            )
        )


def forget_password(actor):
    with transaction() as current:
        current.execute(update(Account).where(Account.id == actor.id).values(password_hash=None))


def grow_old(actor):
    """The person showed who they are so long ago that it no longer counts."""
    with transaction() as current:
        rows = update(LoginSession).where(LoginSession.account_id == actor.id)
        current.execute(rows.values(confirmed_at=clock.now() - timedelta(minutes=16)))


def accounts():
    return session().scalar(select(func.count(Account.id)))


def is_in(client):
    return client.get("/me/settings").status_code == 200


# The first time, the second time


def test_a_newcomer_fills_in_one_page_and_is_in(there, visitor):
    answer = log_in(visitor, there)
    assert (answer.status_code, answer.location) == (303, "/register/with")
    page = visitor.get("/register/with").text
    assert "mina@there.org" in page
    assert "checked" not in page
    assert accounts() == 0
    answer = visitor.post("/register/with", data=JOIN)
    assert answer.status_code == 303
    account = queries.find_by_email("mina@there.org")
    assert (account.password_hash, account.role, account.nickname_key) == (None, Role.YOUTH, "노을")
    assert account.verified_at
    assert set(queries.list_consents(account.id)) == {"terms", "privacy"}
    assert is_in(visitor)


def test_the_second_time_the_person_is_in_at_once_and_led_on(there, visitor, app):
    log_in(visitor, there)
    visitor.post("/register/with", data=JOIN)
    other = app.test_client()
    answer = log_in(other, there, next="/ideas/new")
    assert (answer.status_code, answer.location) == (303, "/ideas/new")
    assert is_in(other)
    assert accounts() == 1


def test_what_goes_to_the_provider_is_what_the_protocol_wants(there, visitor):
    location = begin(visitor).location
    for part in ("response_type=code", "code_challenge_method=S256", "scope=openid+email"):
        assert part in location
    assert "redirect_uri=http%3A%2F%2Flocalhost%2Flogin%2Fwith%2Fkakao%2Fback" in location
    assert location != begin(visitor).location


def test_a_child_is_refused_and_nothing_is_kept(there, visitor):
    log_in(visitor, there)
    answer = visitor.post("/register/with", data={**JOIN, "born_on": "2020-01-01"})
    assert answer.status_code == 422
    assert accounts() == 0
    assert session().scalar(select(func.count(Identity.id))) == 0


@pytest.mark.parametrize("wrong", [{"consent_terms": ""}, {"nickname": "admin"}, {"tie": "mayor"}])
def test_the_join_page_says_what_is_wrong_and_makes_nothing(there, visitor, wrong):
    log_in(visitor, there)
    answer = visitor.post("/register/with", data={**JOIN, **wrong})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert accounts() == 0


def test_nobody_joins_without_a_word_of_the_provider(there, visitor):
    answer = visitor.post("/register/with", data={**JOIN, "email": "mina@there.org"})
    assert (answer.status_code, answer.location) == (303, "/login")
    with visitor.session_transaction() as cookie:
        cookie["joining"] = "forged"
    assert visitor.post("/register/with", data=JOIN).location == "/login"
    assert accounts() == 0


@pytest.mark.parametrize("said", [{}, {"email_verified": False}, {"email_verified": "true"}])
def test_an_address_that_the_provider_has_not_proved_is_not_taken(there, visitor, said):
    there.person = {"sub": "mina-there", "email": "mina@there.org", **said}
    there.info = {"sub": "mina-there", "email": "mina@there.org", **said}
    log_in(visitor, there)
    page = visitor.post("/register/with", data=JOIN)
    assert "mina@there.org" not in page.text
    assert accounts() == 0


def test_an_address_may_come_from_what_the_provider_adds_about_the_same_person(there, visitor):
    there.person = {"sub": "mina-there"}
    there.info = {"sub": "mina-there", "email": "mina@there.org", "email_verified": True}
    log_in(visitor, there)
    assert "mina@there.org" in visitor.get("/register/with").text
    there.info["sub"] = "somebody-else"
    log_in(visitor, there)
    assert "mina@there.org" not in visitor.get("/register/with").text


def test_an_account_that_a_stranger_began_with_the_address_is_not_theirs_any_more(there, visitor):
    stranger = make_account("Nina", email="mina@there.org", verified=False)
    log_in(visitor, there)
    visitor.post("/register/with", data=JOIN)
    account = queries.find_by_email("mina@there.org")
    assert (account.id, account.password_hash) == (stranger.id, None)


def test_another_spelling_of_a_known_address_is_the_same_address(there, cast, visitor):
    there.person["email"] = "MINA@Example.ORG"
    log_in(visitor, there)
    assert "/login?next=/login/link" in visitor.get("/register/with").text
    there.person["email"] = "Somebody@There.ORG"
    log_in(visitor, there)
    visitor.post("/register/with", data=JOIN)
    assert queries.find_by_email("somebody@there.org").verified_at


# Linking


def test_an_address_alone_opens_no_account(there, cast, visitor):
    there.person["email"] = "mina@example.org"
    log_in(visitor, there)
    page = visitor.post("/register/with", data=JOIN)
    assert "/login?next=/login/link" in page.text
    assert not is_in(visitor)
    assert accounts() == 5
    assert queries.list_identities(cast.mina.id) == []


def test_with_the_password_the_account_is_linked_and_its_owner_told(there, cast, visitor):
    there.person["email"] = "mina@example.org"
    log_in(visitor, there)
    form = {"email": "mina@example.org", "password": PASSWORD, "next": "/login/link"}
    assert visitor.post("/login", data=form).location == "/login/link"
    assert visitor.get("/login/link").status_code == 200
    assert queries.list_identities(cast.mina.id) == []
    visitor.post("/login/link")
    assert len(queries.list_identities(cast.mina.id)) == 1
    assert [mail["To"] for mail in mailbox.collect()] == ["mina@example.org"]
    tags = [entry.tag for entry in list_of_subject("account", cast.mina.id)]
    assert tags == ["account:linked"]


def test_linking_at_the_settings_asks_first_who_it_is(there, cast, browser_of):
    mina = browser_of(cast.mina)
    grow_old(cast.mina)
    assert begin(mina, **{"for": "link"}).location == "/me/confirm?next=/me/settings"
    assert mina.post("/me/confirm", data={"password": "wrong wrong"}).status_code == 422
    answer = mina.post("/me/confirm", data={"password": PASSWORD, "next": "/me/settings"})
    assert answer.location == "/me/settings"
    assert log_in(mina, there, **{"for": "link"}).location == "/me/settings"
    assert len(queries.list_identities(cast.mina.id)) == 1


@pytest.mark.parametrize("aim", ["link", "confirm"])
def test_whoever_is_not_signed_in_before_and_after_links_and_confirms_nothing(
    there, cast, visitor, browser_of, aim
):
    assert begin(visitor, **{"for": aim}).location.startswith("/login")
    mina = browser_of(cast.mina)
    back = there.authorize(begin(mina, **{"for": aim}).location)
    with transaction() as current:
        current.execute(delete(LoginSession))
    assert mina.get(back).location.startswith("/login")
    assert queries.list_identities(cast.mina.id) == []


def test_whoever_showed_too_long_ago_who_it_is_shows_it_anew_before_anything_is_linked(
    there, cast, browser_of, visitor
):
    mina = browser_of(cast.mina)
    back = there.authorize(begin(mina, **{"for": "link"}).location)
    grow_old(cast.mina)
    assert mina.get(back).location.startswith("/me/confirm")
    log_in(visitor, there)
    visitor.post("/login", data={"email": "mina@example.org", "password": PASSWORD})
    grow_old(cast.mina)
    for ask in (visitor.get, visitor.post):
        assert ask("/login/link").location.startswith("/me/confirm")
    assert queries.list_identities(cast.mina.id) == []


@pytest.mark.parametrize("wanted", ["https://elsewhere.example", "//elsewhere.example"])
def test_whoever_confirms_by_others_is_led_nowhere_else(there, cast, browser_of, wanted):
    linked_to(cast.mina, there)
    answer = log_in(browser_of(cast.mina), there, **{"for": "confirm", "next": wanted})
    assert answer.location == "/me/settings"


def test_a_log_in_that_is_somebodys_is_not_linked_again(there, cast, browser_of):
    linked_to(cast.jun, there)
    log_in(browser_of(cast.mina), there, **{"for": "link"})
    assert queries.list_identities(cast.mina.id) == []
    assert queries.find_by_identity(there.address, "mina-there").id == cast.jun.id


def test_an_account_whose_address_is_not_proved_cannot_be_linked(there, browser_of):
    nina = make_account("Nina", verified=False)
    log_in(browser_of(nina), there, **{"for": "link"})
    assert queries.list_identities(nina.id) == []


def test_a_log_in_is_taken_away_but_never_the_last_one(there, cast, browser_of):
    mina, jun = browser_of(cast.mina), browser_of(cast.jun)
    linked_to(cast.mina, there)
    linked_to(cast.jun, there, "jun-there")
    forget_password(cast.jun)
    for browser, person in ((mina, cast.mina), (jun, cast.jun)):
        (identity,) = queries.list_identities(person.id)
        browser.post(f"/me/settings/ways/{identity.id}", data={"_method": "DELETE"})
    assert queries.list_identities(cast.mina.id) == []
    assert len(queries.list_identities(cast.jun.id)) == 1


def test_nobody_takes_away_the_log_in_of_another(there, cast, browser_of):
    linked_to(cast.mina, there)
    (identity,) = queries.list_identities(cast.mina.id)
    assert browser_of(cast.jun).post(f"/me/settings/ways/{identity.id}").status_code == 404
    assert len(queries.list_identities(cast.mina.id)) == 1


# People without a password


def test_who_has_no_password_shows_by_the_provider_who_it_is(there, cast, browser_of):
    linked_to(cast.mina, there)
    forget_password(cast.mina)
    mina = browser_of(cast.mina)
    grow_old(cast.mina)
    assert "/me/confirm" in mina.get("/me/delete").text
    assert (
        mina.post("/me/delete", data={"sure": "y", "texts": "stay", "password": ""}).status_code
        == 422
    )
    location = begin(mina, **{"for": "confirm", "next": "/me/delete"}).location
    assert "prompt=login" in location
    assert "max_age=0" in location
    assert mina.get(there.authorize(location)).location == "/me/delete"
    assert mina.post("/me/delete", data={"sure": "y", "texts": "stay"}).status_code == 303
    assert queries.get_account(cast.mina.id).deleted_at
    assert queries.list_identities(cast.mina.id) == []


@pytest.mark.parametrize(
    "twist",
    [
        lambda claims: claims.pop("auth_time"),
        lambda claims: claims.update(auth_time=claims["auth_time"] - 600),
        lambda claims: claims.update(sub="somebody-else"),
    ],
    ids=["no-time", "an-old-log-in", "somebody-else"],
)
def test_a_provider_that_did_not_ask_anew_confirms_nobody(there, cast, browser_of, twist):
    linked_to(cast.mina, there)
    mina = browser_of(cast.mina)
    grow_old(cast.mina)
    there.twist = twist
    log_in(mina, there, **{"for": "confirm"})
    assert begin(mina, **{"for": "link"}).location == "/me/confirm?next=/me/settings"


def test_a_mailed_link_shows_it_once_and_in_the_browser_that_asked(cast, browser_of, app):
    mailbox.empty()
    mina, elsewhere = browser_of(cast.mina), browser_of(cast.mina)
    grow_old(cast.mina)
    mina.post("/me/confirm/mail")
    (mail,) = mailbox.collect()
    path = mailbox.path_in(mail)
    assert elsewhere.post(path).status_code == 410
    assert mina.get(path).status_code == 200
    assert "/me/confirm/mail" in mina.get("/me/confirm").text
    assert mina.post(path).status_code == 303
    assert "/me/confirm/mail" not in mina.get("/me/confirm").text
    assert mina.post(path).status_code == 410
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert "/me/confirm/mail" in mina.get("/me/confirm").text


# What must never work


def no_nonce(claims):
    del claims["nonce"]


FORGED = {
    "another nonce": lambda claims: claims.update(nonce="another"),
    "no nonce": no_nonce,
    "for another client": lambda claims: claims.update(aud="another"),
    "for several, without saying for whom": lambda claims: claims.update(aud=["ideas", "another"]),
    "asked by another": lambda claims: claims.update(azp="another"),
    "of another issuer": lambda claims: claims.update(iss="https://elsewhere.example"),
    "too old": lambda claims: claims.update(exp=claims["iat"] - 3600),
    "of tomorrow": lambda claims: claims.update(iat=claims["iat"] + 86400),
    "about nobody": lambda claims: claims.pop("sub"),
    "about a number": lambda claims: claims.update(sub=7),
    "about a name without end": lambda claims: claims.update(sub="x" * 256),
    "with another access token": lambda claims: claims.update(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
}


@pytest.mark.parametrize("twist", FORGED.values(), ids=FORGED)
def test_a_token_that_is_not_as_it_must_be_opens_nothing(there, cast, visitor, twist, caplog):
    linked_to(cast.mina, there)
    there.twist = twist
    with caplog.at_level(logging.WARNING):
        answer = log_in(visitor, there)
    assert answer.status_code == 400
    assert not is_in(visitor)
    assert "log-in by kakao refused: claim:" in caplog.text
    assert "mina" not in caplog.text


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_the_providers_own_signature_opens_nothing(there, cast, visitor, algorithm):
    linked_to(cast.mina, there)
    there.algorithm = algorithm
    assert log_in(visitor, there).status_code == 400
    assert not is_in(visitor)


def test_a_token_signed_with_a_foreign_key_opens_nothing(there, cast, visitor, another_key):
    linked_to(cast.mina, there)
    there.shown = {**another_key.as_dict(private=False), "kid": there.key.kid}
    assert log_in(visitor, there).status_code == 400
    assert not is_in(visitor)


def test_keys_that_were_turned_are_looked_for_once_more(
    there, cast, visitor, monkeypatch, another_key
):
    linked_to(cast.mina, there)
    begin(visitor)
    monkeypatch.setattr(there, "key", another_key)
    assert log_in(visitor, there).status_code == 303
    assert is_in(visitor)
    assert there.asked.count("/keys") == 2


def test_an_answer_is_good_once_also_for_whoever_kept_the_cookie(there, cast, visitor, caplog):
    linked_to(cast.mina, there)
    back = there.authorize(begin(visitor).location)
    cookie = visitor.get_cookie("session").value
    assert visitor.get(back).status_code == 303
    visitor.post("/logout")
    assert visitor.get(back).status_code == 400
    visitor.set_cookie("session", cookie)
    assert visitor.get(back).status_code == 400
    assert there.asked.count("/token") == 1
    assert not is_in(visitor)
    assert "refused: state" in caplog.text
    assert "refused: replayed" in caplog.text


def test_a_code_that_was_used_elsewhere_opens_nothing(there, cast, visitor):
    linked_to(cast.mina, there)
    back = there.authorize(begin(visitor).location)
    there.codes.clear()
    assert visitor.get(back).status_code == 400
    assert not is_in(visitor)


def test_an_answer_that_another_browser_began_opens_nothing_here(there, cast, visitor, app):
    linked_to(cast.mina, there)
    back = there.authorize(begin(visitor).location)
    begin(other := app.test_client())
    assert other.get(back).status_code == 400
    assert not is_in(other)
    assert visitor.get(back).status_code == 303


def test_who_waits_too_long_begins_anew(there, cast, visitor):
    linked_to(cast.mina, there)
    back = there.authorize(begin(visitor).location)
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert visitor.get(back).status_code == 400


@pytest.mark.parametrize(
    ("named", "status"), [("right", 303), ("https://elsewhere.kr", 400), (None, 400)]
)
def test_an_answer_names_the_issuer_that_was_asked(there, cast, visitor, named, status):
    linked_to(cast.mina, there)
    there.description = {"authorization_response_iss_parameter_supported": True}
    back = there.authorize(begin(visitor).location)
    issuer = there.address if named == "right" else named
    assert visitor.get(back + (f"&iss={issuer}" if issuer else "")).status_code == status


def test_who_turns_back_there_is_told_that_nothing_changed(there, visitor):
    state = there.authorize(begin(visitor).location).rpartition("state=")[2]
    answer = visitor.get(f"/login/with/kakao/back?error=access_denied&state={state}")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert accounts() == 0


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"jwks_uri": None},
    ],
)
def test_a_description_that_does_not_fit_is_not_believed(there, visitor, description):
    there.description = description
    assert begin(visitor).status_code == 400


def test_a_provider_that_is_away_leaves_the_own_log_in(there, cast, visitor):
    there.is_away = True
    answer = begin(visitor)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    asked = len(there.asked)
    assert begin(visitor).status_code == 503
    assert len(there.asked) == asked
    form = {"email": "mina@example.org", "password": PASSWORD}
    assert visitor.post("/login", data=form).status_code == 303


@pytest.mark.parametrize(
    ("status", "told", "answered"),
    [(500, {}, 503), (200, {"access_token": "x"}, 400), (200, ["x"], 400)],
)
def test_tokens_that_do_not_come_as_they_must_open_nothing(
    there, cast, visitor, monkeypatch, status, told, answered
):
    linked_to(cast.mina, there)
    back = there.authorize(begin(visitor).location)
    monkeypatch.setattr(there, "_token", lambda _form: (status, told))
    assert visitor.get(back).status_code == answered
    assert not is_in(visitor)


def test_a_redirect_of_a_provider_is_not_followed(there, visitor, monkeypatch):
    monkeypatch.setattr(there, "answer", lambda *_asked: (302, {}))
    assert begin(visitor).status_code == 400


def test_a_closed_account_stays_closed(there, cast, visitor):
    linked_to(cast.mina, there)
    with transaction():
        queries.get_account(cast.mina.id).disabled_at = clock.now()
    assert log_in(visitor, there).location == "/login"
    assert not is_in(visitor)


def test_staff_log_in_by_others_only_where_the_operator_allows_it(
    there, cast, visitor, app, monkeypatch
):
    linked_to(cast.sora, there)
    assert log_in(visitor, there).location == "/login"
    assert not is_in(visitor)
    monkeypatch.setitem(app.config, "STAFF_OIDC", True)
    log_in(visitor, there)
    assert is_in(visitor)


def test_the_way_leads_on_within_this_site_only(there, cast, visitor):
    linked_to(cast.mina, there)
    assert log_in(visitor, there, next="//elsewhere.example").location == "/"


def test_an_unknown_provider_is_not_found(there, visitor):
    assert visitor.get("/login/with/nobody").status_code == 404
    assert visitor.get("/login/with/nobody/back?code=1&state=1").status_code == 404


@pytest.mark.parametrize("path", ["/login", "/register"])
def test_the_buttons_stand_where_one_logs_in(there, visitor, path):
    page = visitor.get(path).text
    assert 'href="/login/with/kakao"' in page
    assert "카카오로 계속하기" in page
