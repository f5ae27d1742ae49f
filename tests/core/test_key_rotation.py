"""A new SECRET_KEY: with the former one kept beside, sessions and links live on; without it they die."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from ideas_app.core.tokens import sign, unsign
from tests.conftest import SECRET, make_app, make_settings
from tests.people import make_account, sign_in

NEW = "a-new-secret-that-replaces-the-former-one-one-day"


@pytest.fixture
def url(copy_database: Callable[[], str]) -> str:
    return copy_database()


def house(tmp_path: Path, url: str, **more: str) -> Flask:
    settings: Settings = make_settings(tmp_path, url, **more)
    return make_app(settings)


def page_with(app: Flask, cookie: str) -> int:
    with app.app_context():
        client = app.test_client()
        client.set_cookie("session", cookie)
        return client.get("/me").status_code


def test_sessions_and_links_outlive_a_rotation_and_end_with_the_former_key(
    tmp_path: Path, url: str
) -> None:
    before = house(tmp_path, url)
    client = before.test_client()
    with before.app_context():
        sign_in(client, make_account("Mina"))
        link = sign("a purpose", 7)
        cookie = client.get_cookie("session")
    assert cookie
    during = house(tmp_path, url, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=SECRET)
    after = house(tmp_path, url, SECRET_KEY=NEW)
    assert [page_with(app, cookie.value) for app in (before, during, after)] == [200, 200, 303]
    with during.app_context():
        assert unsign("a purpose", link, max_age=60) == 7
        fresh = sign("a purpose", 8)
    with after.app_context():
        assert unsign("a purpose", link, max_age=60) is None
        assert unsign("a purpose", fresh, max_age=60) == 8
    with before.app_context():
        assert unsign("a purpose", fresh, max_age=60) is None
