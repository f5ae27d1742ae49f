"""Ages, names, passwords and counting windows, without a database."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from ideas_app.accounts import rules
from ideas_app.core.permissions import Permission

TODAY = date(2026, 3, 24)


@pytest.mark.parametrize(
    ("born_on", "age"),
    [
        (date(2012, 3, 24), 14),
        (date(2012, 3, 25), 13),
        (date(2000, 2, 29), 26),
        (date(1986, 12, 31), 39),
    ],
)
def test_age_counts_full_years_on_the_reference_date(born_on, age):
    assert rules.age_on(born_on, TODAY) == age


def test_somebody_born_on_a_leap_day_ages_on_the_first_of_march():
    assert rules.age_on(date(2012, 2, 29), date(2026, 2, 28)) == 13
    assert rules.age_on(date(2012, 2, 29), date(2026, 3, 1)) == 14


def test_nobody_under_fourteen_may_register():
    assert rules.find_age_fault(date(2012, 3, 25), TODAY).code == "too_young"
    assert rules.find_age_fault(date(2012, 3, 24), TODAY) is None


@pytest.mark.parametrize("born_on", [date(2026, 3, 25), date(1890, 1, 1)])
def test_a_date_that_cannot_be_a_birth_date_is_refused(born_on):
    assert rules.find_age_fault(born_on, TODAY).code == "birth_date_wrong"


@pytest.mark.parametrize(
    "nickname", ["노을", "Mina", "바다 소년", "김·이", "a_b-c.d", "O'Neil", "ㅎㅎ"]
)
def test_ordinary_nicknames_are_taken(nickname):
    assert rules.find_nickname_fault(nickname) is None


@pytest.mark.parametrize(
    ("nickname", "code"),
    [
        ("김", "nickname_length"),
        ("가" * 21, "nickname_length"),
        ("a\u202eb", "nickname_signs"),
        ("a\u200bb<", "nickname_signs"),
        ("🙂🙂", "nickname_signs"),
        ("\ufdfa" * 20, "nickname_signs"),
        ("운영자", "nickname_reserved"),
        ("운 영 자", "nickname_reserved"),
        ("ＡＤＭＩＮ", "nickname_reserved"),
        (rules.DELETED_NICKNAME, "nickname_reserved"),
    ],
)
def test_other_nicknames_are_refused_with_a_reason(nickname, code):
    assert rules.find_nickname_fault(nickname).code == code


def test_twenty_graphemes_fit_whatever_they_are_made_of():
    assert rules.find_nickname_fault("e\u0301" * 20) is None


@pytest.mark.parametrize("password", ["바다와노을그리고등대", "correct lamp harbour", "x9!b" * 32])
def test_long_and_surprising_passwords_are_taken(password):
    assert rules.find_password_fault(password) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Short1!", "password_length"),
        ("가나다라마바사아자", "password_length"),
        ("a" * 129, "password_length"),
        ("Password123", "password_common"),
        ("1Q2W3E4R5T", "password_common"),
        ("dkssudgktpdy", "password_common"),
        ("안녕하세요123456", "password_common"),
        ("aaaabbbbbbcc", "password_common"),
        ("노을바다-나만의암호", "password_personal"),
        ("minakim-harbour", "password_personal"),
    ],
)
def test_easy_passwords_are_refused_with_a_reason(password, code):
    fault = rules.find_password_fault(password, nickname="노을 바다", email="MinaKim@example.org")
    assert fault.code == code


def test_the_list_of_common_passwords_is_long_and_only_holds_what_length_lets_through():
    common = rules.common_passwords()
    assert len(common) >= 3000
    assert {"1234567890", "qwertyuiop", "password123", "tkfkdgody123"} <= common
    assert all(len(password) >= rules.PASSWORD_LEAST for password in common)
    assert all(password == password.casefold() for password in common)


def test_two_spellings_of_an_address_are_one():
    assert rules.email_key(" Mina@Example.ORG ") == rules.email_key("ｍina@example.org")


def test_a_window_slides_in_fifths():
    assert rules.LOGIN_PER_ACCOUNT.bucket == timedelta(minutes=1)
    limits = [value for value in vars(rules).values() if isinstance(value, rules.Limit)]
    assert all(limit.window <= rules.LONGEST_WINDOW for limit in limits)


def test_every_consent_states_the_four_facts_and_none_is_twice():
    kinds = [box.kind for box in rules.CONSENTS]
    assert len(set(kinds)) == len(kinds)
    for box in rules.CONSENTS:
        assert all(str(fact) for fact in (box.purpose, box.items, box.retention, box.refusal))
        assert box.version >= 1


def test_every_permission_has_words():
    assert set(rules.PERMISSION_WORDS) == set(Permission)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("curl/8.0", ""),
    ],
)
def test_a_browser_is_named_by_two_words(agent, name):
    assert rules.browser_name(agent) == name
    assert not re.search(r"\d", rules.browser_name(agent))
