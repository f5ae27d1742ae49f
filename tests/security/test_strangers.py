"""A stranger does not learn who has an account here: not by words, by status or by the work that is done."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ideas_app.adapters import passwords
from tests.accounts import mailbox
from tests.people import Cast

KNOWN, UNKNOWN = "mina@example.org", "nobody@example.org"
FORM = {
    "password": "등대 아래 푸른 돌고래",
    "nickname": "노을",
    "born_on": "2001-02-03",
    "tie": "resident",
    "consent_terms": "y",
    "consent_privacy": "y",
}


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kind of each piece of work that argon2 was given."""
    done: list[str] = []
    plain = passwords._HASHER

    class Counting:
        def verify(self, *given: str) -> bool:
            done.append("verify")
            return plain.verify(*given)

        def hash(self, *given: str) -> str:
            done.append("hash")
            return plain.hash(*given)

    plain_hash_of_nobody = passwords._hash_of_nobody()
    monkeypatch.setattr(passwords, "_HASHER", Counting())
    monkeypatch.setattr(passwords, "_hash_of_nobody", lambda: plain_hash_of_nobody)
    return done


@pytest.mark.parametrize(
    ("path", "rest"),
    [("/login", {"password": "nonsense"}), ("/reset", {}), ("/register", FORM)],
)
def test_known_and_unknown_addresses_get_the_same_answer_after_the_same_work(
    app: Flask, cast: Cast, hashes: list[str], path: str, rest: dict[str, str]
) -> None:
    mailbox.empty()
    told = []
    for address in (KNOWN, UNKNOWN):
        hashes.clear()
        answer = app.test_client().post(path, data={**rest, "email": address})
        page = re.sub(r'name="csrf_token"[^>]*>', "", answer.text).replace(address, "")
        told.append((answer.status_code, answer.headers.get("Location"), page, list(hashes)))
    assert told[0] == told[1]


def test_a_hash_is_worked_out_even_where_there_is_none(hashes: list[str]) -> None:
    assert not passwords.is_right(None, "nonsense")
    assert hashes == ["verify"]


@pytest.mark.parametrize("path", ["/login", "/register", "/ideas/new", "/me/settings"])
def test_passwords_are_masked_and_may_be_pasted_and_filled_in_by_a_manager(
    cast: Cast, browser_of: Callable[[object], FlaskClient], visitor: FlaskClient, path: str
) -> None:
    browser = browser_of(cast.mina) if path.startswith("/me") else visitor
    page = browser.get(path).text
    fields = [field for field in re.findall(r"<input[^>]*>", page) if "password" in field]
    assert fields or path == "/ideas/new"
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field), field
        assert not re.search(r"readonly|onpaste|pattern", field), field
