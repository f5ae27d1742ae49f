"""What must hold when many come at once, each with a connection of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from ideas_app.accounts import service
from ideas_app.accounts.models import Account
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import TooMany
from tests.people import make_account


def test_of_many_tries_at_once_ten_are_looked_at(own_app):
    app = own_app

    def attempt(number):
        with app.app_context():
            try:
                with transaction():
                    service.count_log_in("mina@example.org", f"192.0.2.{number}")
            except TooMany:
                return 0
            return 1

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(attempt, range(24))) == 10


def test_one_address_registered_by_many_at_once_is_one_account(own_app):
    app = own_app
    form = {
        "email": "noeul@example.com",
        "password": "등대 아래 푸른 돌고래",
        "born_on": "2001-02-03",
        "tie": "resident",
        "consent_terms": "y",
        "consent_privacy": "y",
    }

    def join(number):
        data = {**form, "nickname": f"노을{number}"}
        with app.app_context():
            return app.test_client().post("/register", data=data).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(join, range(4))) == {303}
    with app.app_context():
        assert session().scalar(select(func.count(Account.id))) == 1


def test_one_nickname_proved_by_many_at_once_is_held_by_one(own_app):
    app = own_app
    with app.app_context():
        people = [make_account(f"p{number}", verified=False).id for number in range(4)]
        with transaction() as current:
            for account_id in people:
                account = current.get_one(Account, account_id)
                account.nickname, account.nickname_key = "노을", None

    def prove(account_id):
        with app.app_context(), transaction() as current:
            service.verify(current.get_one(Account, account_id))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(prove, people))
    with app.app_context():
        names = set(session().scalars(select(Account.nickname)))
    assert names == {"노을", "노을 2", "노을 3", "노을 4"}
