"""The same act sent twice is done once."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import g, jsonify
from sqlalchemy import func, select

from ideas_app.accounts.models import Attempt
from ideas_app.api import idempotency
from ideas_app.api.models import IdempotencyKey
from ideas_app.api.operation import JSON
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Invalid, Refused
from tests.api.programs import token_of
from tests.people import make_account


@pytest.fixture
def act(app, cast):
    """Sends an act of Mina's under a key; how often it was really done stands in `done`."""
    done = []
    token = token_of(cast.mina)

    def view():
        done.append(1)
        if len(done) > 5:
            raise Refused("closed", "closed")
        answer = jsonify(number=len(done))
        answer.status_code = 201
        answer.headers["Location"] = "/ideas/1"
        return answer

    def send(key=None, *, body="{}", name="act", by=token, fails=False):
        headers = {"Authorization": f"Bearer {by}", **({"Idempotency-Key": key} if key else {})}
        request = app.test_request_context(
            "/api/v1/ideas", method="POST", data=body, content_type=JSON, headers=headers
        )
        with request:
            g.pop("_login_user", None)
            if fails:
                done.extend([1] * 9)
            return idempotency.once(view, name)()

    send.done = done
    return send


def kept():
    return session().scalar(select(func.count(IdempotencyKey.id)))


def test_the_same_key_gives_the_same_answer_and_acts_once(act):
    first, second = act("a"), act("a")
    assert len(act.done) == 1
    assert (second.status_code, second.json, second.headers["Location"]) == (
        first.status_code, first.json, first.headers["Location"],
    )  # fmt: skip
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers


def test_without_a_key_twice_is_twice(act):
    act(), act()
    assert len(act.done) == 2
    assert kept() == 0


def test_a_key_is_one_persons_own(app, cast, act):
    act("a")
    act("a", by=token_of(cast.jun))
    assert len(act.done) == 2


def test_a_key_for_another_request_is_refused(act):
    act("a")
    for other in ({"body": '{"x": 1}'}, {"name": "other"}):
        with pytest.raises(Invalid) as fault:
            act("a", **other)
        assert fault.value.code == "idempotency_mismatch"
    assert len(act.done) == 1


def test_an_act_that_failed_leaves_no_key(act):
    with pytest.raises(Refused):
        act("a", fails=True)
    assert kept() == 0


def test_a_key_is_forgotten_after_a_day(act):
    act("a")
    with clock.at(clock.now() + timedelta(hours=25)):
        act("a")
    assert len(act.done) == 2
    assert kept() == 1


@pytest.mark.parametrize("key", ["é", "a" * 201])
def test_an_odd_key_is_refused(act, key):
    with pytest.raises(Invalid):
        act(key)


def test_of_many_at_once_one_acts_and_all_get_its_answer(own_app):
    app = own_app
    with app.app_context():
        mina = make_account("Mina")
        headers = {"Authorization": f"Bearer {token_of(mina)}", "Idempotency-Key": "a"}

    def view():
        made = Attempt(key=secrets.token_hex(8), window_at=clock.now(), tries=1)
        session().add(made)
        session().flush()
        return jsonify(key=made.key)

    def send(_number):
        request = app.test_request_context("/api/v1/ideas", method="POST", headers=headers)
        with request:
            return idempotency.once(view, "act")().json["key"]

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(6)))) == 1
    with app.app_context():
        assert session().scalar(select(func.count(Attempt.id))) == 1


def test_a_request_whose_key_another_one_has_just_taken_is_asked_to_come_again(act, monkeypatch):
    """The other's row is there, and cannot be seen yet: as on PostgreSQL before it is committed."""
    monkeypatch.setattr(idempotency, "_claim", lambda *_asked: 0)
    with pytest.raises(Conflict) as fault:
        act("a")
    assert fault.value.code == "idempotency_running"
    assert act.done == []
