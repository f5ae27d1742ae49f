"""The clock of requests, and what a request has to say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.adapters.holidays import is_day_off
from ideas_app.privacy.rules import (
    due_day,
    extended_day,
    find_person_faults,
    find_text_faults,
    urgency,
)

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@settings(max_examples=60, deadline=None)
@given(received=DAYS)
def test_the_last_day_is_the_first_working_day_from_the_tenth_on(received: date) -> None:
    due = due_day(received, is_day_off)
    tenth = received + timedelta(days=10)
    assert due >= tenth
    assert not is_day_off(due)
    between = (tenth + timedelta(days=step) for step in range((due - tenth).days))
    assert all(is_day_off(day) for day in between)
    assert extended_day(due, is_day_off) >= due + timedelta(days=10)


def test_a_tenth_day_on_a_holiday_moves_to_the_next_working_day() -> None:
    assert due_day(date(2026, 11, 2), is_day_off) == date(2026, 11, 12)
    assert due_day(date(2026, 12, 15), is_day_off) == date(2026, 12, 28), (
        "Christmas, then a weekend"
    )


@settings(max_examples=40, deadline=None)
@given(last=DAYS, today=DAYS)
def test_a_request_is_over_only_after_its_last_day_and_marked_three_days_before(
    last: date, today: date
) -> None:
    left = (last - today).days
    assert urgency(last, today) == ("over" if left < 0 else "soon" if left <= 3 else "")


@pytest.mark.parametrize(
    ("name", "contact", "fields"),
    [
        ("한가온", "gaon@example.org", []),
        ("한가온", "010-1234-5678", []),
        ("", "gaon@example.org", ["name"]),
        ("한가온", "call me", ["contact"]),
        ("한" * 41, "", ["name", "contact"]),
    ],
)
def test_whoever_has_no_account_says_who_and_where(
    name: str, contact: str, fields: list[str]
) -> None:
    assert [fault.field for fault in find_person_faults(name, contact)] == fields


def test_a_request_needs_a_kind_a_subject_and_words() -> None:
    assert find_text_faults("access", "roster", "5월 과정") == []
    faults = find_text_faults("gift", "weather", " ")
    assert [fault.field for fault in faults] == ["kind", "about", "text"]
    assert find_text_faults("stop", "other", "가" * 1001)[0].code == "too_long"
