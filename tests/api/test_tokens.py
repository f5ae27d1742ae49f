"""A token is a way in for a program: whose it is, what it lets it do, how it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from ideas_app.accounts import queries, service
from ideas_app.accounts.models import ApiToken, LoginSession
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, NotFound
from ideas_app.core.permissions import Role, Scope
from tests.api.programs import Program, token_of
from tests.people import sign_in


def refused(answer, status=401):
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    return answer.json["code"]


def make(person, **wish):
    with transaction():
        wish = {"name": "board", "scopes": [Scope.READ], "days": 30, **wish}
        return service.create_token(person, queries.get_account(person.id), **wish)


def test_only_a_hash_of_a_token_is_kept(cast):
    kept, secret = make(cast.mina)
    assert secret.startswith("ya_")
    assert secret[3:] not in repr(
        session().execute(select(*ApiToken.__table__.c).where(ApiToken.id == kept.id)).one()
    )
    assert secret.endswith(kept.hint)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"name": " "}, "token_name"),
        ({"scopes": []}, "scopes_missing"),
        ({"scopes": [Scope.STAFF]}, "scope_not_yours"),
        ({"days": 0}, "token_days"),
        ({"days": 367}, "token_days"),
    ],
)
def test_a_token_needs_a_name_a_scope_of_its_owner_and_an_end(cast, wish, code):
    with pytest.raises(Invalid) as fault:
        make(cast.mina, **wish)
    assert fault.value.faults[0].code == code


def test_staff_may_let_a_program_do_staff_work(cast):
    kept, _secret = make(cast.sora, scopes=[Scope.STAFF, Scope.READ])
    assert kept.scopes == ["read", "staff"]


def test_nobody_heaps_up_tokens(cast):
    for _number in range(20):
        make(cast.mina)
    with pytest.raises(Conflict):
        make(cast.mina)


def test_a_token_shows_who_asks_and_when_it_was_last_used(app, cast):
    program = Program(app, token_of(cast.mina))
    assert program.get("/ideas").status_code == 200
    (kept,) = queries.list_tokens(cast.mina.id)
    assert kept.used_at == clock.now().replace(minute=0, second=0, microsecond=0)


@pytest.mark.parametrize("token", ["ya_nobody-has-this", "no", "", "ya_" + "a" * 5000])
def test_an_unknown_token_is_refused_even_where_none_is_needed(app, cast, token):
    answer = Program(app).get("/campaigns", headers={"Authorization": f"Bearer {token}"})
    assert refused(answer) == "token_invalid"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'


def test_another_scheme_is_no_token(stranger):
    answer = stranger.get("/campaigns", headers={"Authorization": "Basic bWluYTp4"})
    assert refused(answer) == "token_invalid"


def test_a_token_ends_by_its_day_by_revocation_and_with_the_account(app, cast):
    program = Program(app, token_of(cast.mina, days=2))
    with clock.at(clock.now() + timedelta(days=2)):
        assert refused(program.get("/campaigns")) == "token_invalid"
    assert program.get("/campaigns").status_code == 200
    with transaction():
        service.revoke_token(cast.mina, queries.list_tokens(cast.mina.id)[0])
    assert refused(program.get("/campaigns")) == "token_invalid"
    other = Program(app, token_of(cast.jun))
    with transaction():
        service.disable(cast.dana, queries.get_account(cast.jun.id), reason="spam")
    assert refused(other.get("/campaigns")) == "token_invalid"


def test_a_new_password_by_mail_ends_every_token(app, cast):
    program = Program(app, token_of(cast.mina))
    with transaction():
        service.set_password(queries.get_account(cast.mina.id), "등대 아래 푸른 돌고래")
    assert refused(program.get("/campaigns")) == "token_invalid"


def test_a_role_that_was_taken_counts_from_the_next_request(app, cast):
    token = token_of(cast.sora)
    with app.test_request_context("/api/v1/ideas", headers={"Authorization": f"Bearer {token}"}):
        assert queries.find_grant(token).actor.role is Role.MODERATOR
    with transaction():
        account = queries.get_account(cast.sora.id)
        service.change_role(cast.dana, account, Role.YOUTH, reason="left")
    assert queries.find_grant(token).actor.role is Role.YOUTH


def test_somebody_elses_token_cannot_be_revoked(cast):
    kept, _secret = make(cast.mina)
    with pytest.raises(NotFound):
        queries.get_token(cast.jun.id, kept.id)


def test_a_scope_that_the_owner_did_not_give_is_missing(app, cast):
    answer = Program(app, token_of(cast.mina, Scope.WRITE)).get("/ideas")
    assert refused(answer, 403) == "scope_missing"
    assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


def test_cookies_count_for_nothing_below_the_api_and_none_is_set(app, cast):
    program = Program(app)
    sign_in(program.client, cast.mina)
    answer = program.get("/ideas?limit=1")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]
    sessions = len(session().scalars(select(LoginSession)).all())
    assert Program(app, token_of(cast.mina)).get("/ideas").status_code == 200
    assert len(session().scalars(select(LoginSession)).all()) == sessions
