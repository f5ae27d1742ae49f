"""What a comment may hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ideas_app.comments.rules import find_fault, mend_until
from ideas_app.ideas.rules import has_phone, has_resident_number


@pytest.mark.parametrize(
    "source",
    [
        "제 번호는 000517-4123456 이에요",
        "0005174123456",
        "０００５１７－４１２３４５６",
        "000517 – 1123456",
        "000517·5123456",
    ],
)
def test_a_resident_number_is_seen_however_it_is_typed(source):
    assert has_resident_number(source)


@pytest.mark.parametrize(
    "source", ["예산 1234567890123원", "2026-03-05 12:30", "001317-4123456", "20260305-1234567", ""]
)
def test_other_numbers_are_not_resident_numbers(source):
    assert not has_resident_number(source)


@pytest.mark.parametrize(
    "source",
    [
        "010-1234-5678",
        "01012345678",
        "０１０ １２３４ ５６７８",
        "+82 10 1234 5678",
        "063-440-1234",
    ],
)
def test_telephone_numbers_are_seen(source):
    assert has_phone(f"연락은 {source} 으로")


@pytest.mark.parametrize("source", ["2026-03-05", "12,000,000원", "3. 2. ~ 3. 31.", "1234"])
def test_dates_and_sums_are_not_telephone_numbers(source):
    assert not has_phone(source)


def test_five_hundred_characters_as_a_reader_counts_them_fit():
    assert find_fault("👩‍👩‍👧" * 500, most=500) is None
    fault = find_fault("가" * 503, most=500)
    assert fault is not None
    assert fault.code == "too_long"


def test_nothing_but_space_is_no_comment():
    fault = find_fault("  \n ", most=500)
    assert fault is not None
    assert fault.code == "empty"


def test_a_comment_can_be_mended_for_some_minutes():
    written = datetime(2026, 3, 5, 12, tzinfo=UTC)
    assert mend_until(written, 15) == written + timedelta(minutes=15)
