"""Bands, terms, checks and words of the desk."""

from __future__ import annotations

from datetime import date

import pytest

from ideas_app.ideas.models import RejectCode, State
from ideas_app.ideas.rules import TRANSITIONS
from ideas_app.moderation.forms import numbers_in
from ideas_app.moderation.rules import (
    DECIDABLE,
    HIDE_CODES,
    REJECT_WORDS,
    Band,
    Decision,
    band_of,
    checks_of,
    hide_code_of,
    last_day,
)


@pytest.mark.parametrize(
    ("waited", "band"),
    [(0, Band.FRESH), (2, Band.FRESH), (3, Band.DUE), (4, Band.LATE), (9, Band.LATE)],
)
def test_a_wait_falls_into_one_of_three_bands(waited, band):
    assert band_of(waited, 3) is band


def test_a_term_ends_with_its_last_day():
    assert last_day(date(2026, 4, 16), 7) == date(2026, 4, 23)


def test_every_code_has_its_words_in_the_order_of_their_keys():
    assert list(REJECT_WORDS) == list(RejectCode)
    assert len(REJECT_WORDS) == 9


@pytest.mark.parametrize(
    ("decision", "state"),
    [
        (Decision.PUBLISH, State.PUBLISHED),
        (Decision.RETURN, State.RETURNED),
        (Decision.REJECT, State.REJECTED),
        (Decision.HIDE, State.HIDDEN),
    ],
)
def test_every_decision_leads_to_a_state_that_may_follow(decision, state):
    assert all(state in TRANSITIONS[before] or before is state for before in DECIDABLE[decision])


def test_only_three_codes_hide():
    assert [hide_code_of(code) for code in ("abuse", "prank", "other")] == [
        RejectCode.ABUSE,
        None,
        None,
    ]
    assert len(HIDE_CODES) == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("연락은 010-1234-5678로 주세요", "phone"),
        ("제 번호는 000517-4123456 입니다", "resident_number"),
        ("mina@example.org 로 보내 주세요", "email"),
        ("https://example.org/신청 에서 신청하세요", "link"),
    ],
)
def test_what_a_moderator_should_see_is_pointed_out(text, found):
    assert found in [check.code for check in checks_of("제목", text) if not check.passed]


def test_an_ordinary_text_passes_every_check():
    text = (
        "2026년 3월 5일부터 7번과 8번 버스의 첫차를 06:30에 보내 주세요. 비용은 1,200만 원입니다."
    )
    assert all(check.passed for check in checks_of(text))


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("2026-012, 2026-015", [12, 15]),
        ("12 15 12", [12, 15]),
        ("#7; 8", [7, 8]),
        ("2025-012", None),
        ("열둘", None),
        ("", None),
    ],
)
def test_numbers_are_read_as_people_type_them(typed, numbers):
    assert numbers_in(typed, year=2026) == numbers
