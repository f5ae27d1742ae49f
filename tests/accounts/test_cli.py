"""The operator's commands."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from ideas_app.accounts import queries
from ideas_app.audit.models import AccessRecord
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.permissions import Role
from tests.people import make_account

CREATE = [
    "accounts",
    "create",
    "--email",
    "sora@example.org",
    "--name",
    "소라",
    "--role",
    "moderator",
]


@pytest.fixture
def run(app):
    return lambda *words, **more: app.test_cli_runner().invoke(args=list(words), **more)


def test_an_account_is_made_with_a_link_to_a_first_password_that_is_good_once(run, visitor):
    result = run(*CREATE, "--verified", "--json")
    told = json.loads(result.output)
    path = told["link"].removeprefix("http://localhost")
    assert visitor.post(path, data={"password": "푸른 등대와 긴 방파제"}).status_code == 303
    assert queries.check_password("sora@example.org", "푸른 등대와 긴 방파제") == told["id"]
    assert visitor.get(path).status_code == 410
    account = queries.get_by_email("sora@example.org")
    assert (account.role, account.nickname) == (Role.MODERATOR, "소라")
    assert account.verified_at


def test_a_password_can_come_from_standard_input_and_is_not_repeated(run):
    result = run(*CREATE, "--password-stdin", input="푸른 등대와 긴 방파제\n")
    assert result.exit_code == 0
    assert "등대" not in result.output
    assert queries.check_password("sora@example.org", "푸른 등대와 긴 방파제")
    assert queries.get_by_email("sora@example.org").verified_at is None


@pytest.mark.parametrize(
    "words",
    [
        ["--email", "no address", "--name", "소라"],
        ["--email", "mina@example.org", "--name", "소라"],
        ["--email", "new@example.org", "--name", "Mina"],
    ],
)
def test_a_fault_is_one_line_and_exit_1(cast, run, words):
    result = run("accounts", "create", *words)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


def test_an_easy_password_is_refused(run):
    result = run(*CREATE, "--password-stdin", input="password123\n")
    assert result.exit_code == 1
    assert "password123" not in result.output


def test_a_role_that_does_not_exist_is_a_wrong_use(run):
    assert run("accounts", "role", "--email", "a@b.kr", "--role", "king").exit_code == 2


def test_roles_are_given_and_accounts_closed_and_opened(cast, run):
    assert (
        run("accounts", "role", "--email", "jun@example.org", "--role", "official").exit_code == 0
    )
    assert queries.get_account(cast.jun.id).role is Role.OFFICIAL
    assert run("accounts", "disable", "--email", "jun@example.org").exit_code == 0
    assert queries.get_account(cast.jun.id).disabled_at
    assert run("accounts", "enable", "--email", "JUN@example.org").exit_code == 0
    assert queries.get_account(cast.jun.id).disabled_at is None


def test_the_operator_too_keeps_the_last_administrator(cast, run):
    result = run("accounts", "disable", "--email", "dana@example.org")
    assert result.exit_code == 1
    assert "last administrator" in result.stderr


def test_the_operator_deletes_for_who_cannot_sign_in_and_forgets_again(cast, run):
    words = ["accounts", "delete", "--email", "jun@example.org", "--reason", "request 12"]
    assert run(*words).exit_code == 0
    session().rollback()
    assert queries.get_account(cast.jun.id).deleted_at
    assert run(*words).exit_code == 1
    assert run("accounts", "forget-again").output.startswith("1 people")
    assert run("accounts", "delete", *words[2:4]).exit_code == 2


def test_an_unknown_address_is_told(run):
    assert run("accounts", "disable", "--email", "nobody@example.org").exit_code == 1


@pytest.mark.parametrize("command", ["create", "role", "disable", "enable"])
def test_help_has_an_example(run, command):
    assert "Example: flask" in run("accounts", command, "--help").output


def test_whom_to_tell_after_a_breach_is_written_to_a_file_and_that_is_kept(run, cast, tmp_path):
    target = tmp_path / "affected.csv"
    now = clock.now().astimezone(clock.SEOUL)
    day = (now - timedelta(days=2)).strftime("%Y-%m-%d")
    words = ["accounts", "affected", "-o", str(target), "--reason", "11월 1일 유출"]
    make_account("Late", days_old=0)
    with transaction():
        gone = queries.get_account(cast.mina.id)
        gone.email, gone.deleted_at = None, clock.now()
    result = run(*words, "--since", day, "--until", (now - timedelta(days=1)).strftime("%Y-%m-%d"))
    assert result.output.splitlines()[0] == f"4 accounts in {target}"
    assert result.output.splitlines()[1].startswith("1 more have left")
    text = target.read_text("utf-8-sig")
    assert "jun@example.org" in text
    assert "late@example.org" not in text
    look = session().scalars(select(AccessRecord)).one()
    assert (look.kind, look.count, look.reason) == ("export", 4, "11월 1일 유출")
    assert run(*words, "--since", day, "--until", "2020-01-01").exit_code == 2
    assert run("accounts", "affected", "-o", str(target), "--since", day).exit_code == 2


def test_the_operator_makes_lists_and_revokes_tokens(cast, run):
    made = run(
        "tokens", "create", "--email", "mina@example.org", "--scopes", "read,write", "--json"
    )
    told = json.loads(made.output)
    assert queries.find_grant(told["token"]).actor.id == cast.mina.id
    listed = run("tokens", "list", "--email", "mina@example.org")
    assert told["hint"] in listed.output
    assert told["token"] not in listed.output
    foreign = run("tokens", "revoke", "--email", "jun@example.org", str(told["id"]))
    assert foreign.exit_code == 1
    assert run("tokens", "revoke", "--email", "mina@example.org", str(told["id"])).exit_code == 0
    assert queries.find_grant(told["token"]) is None


@pytest.mark.parametrize("scopes", ["all", "", "staff"])
def test_a_scope_that_cannot_be_given_is_one_line_and_exit_1(cast, run, scopes):
    result = run("tokens", "create", "--email", "mina@example.org", "--scopes", scopes)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
