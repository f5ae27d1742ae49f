"""Dates, birth dates and marks as officials type them, and what is understood."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas_app.programmes.models import Attendance
from ideas_app.programmes.rules.days import age_on, has_compact_births, read_birth, read_day
from ideas_app.programmes.rules.issues import Unreadable
from ideas_app.programmes.rules.marks import read_mark, read_status
from ideas_app.programmes.rules.names import normalise_name
from ideas_app.programmes.rules.phones import read_phone

TODAY = date(2025, 12, 31)
EPOCH = date(1899, 12, 30)
NOON = datetime(2025, 3, 2, 14, 7)  # noqa: DTZ001  # cells know no zone


def code_of(call):
    with pytest.raises(Unreadable) as caught:
        call()
    return caught.value.code


@pytest.mark.parametrize(
    "typed",
    [
        *(
            date(2025, 3, 2),
            NOON,
            "2025. 3. 2.",
            "2025.03.02",
            "2025.3.2",
            "2025-03-02",
            "2025/3/2",
        ),
        *("2025년 3월 2일", "2025 년 3 월 2 일", "2025. 3. 2.(일)", "2025-03-02 00:00:00"),
        *(
            "2025-03-02T10:00:00+09:00",
            "2025. 3. 2. 오후 2:07",
            "25.3.2",
            "'25.03.02",
            "25년 3월 2일",
        ),
        *(20250302, "20250302", 250302, "250302", 45718, "45718", 45718.5, "２０２５．３．２"),
    ],
)
def test_a_date_in_every_form(typed):
    assert read_day(typed, reference_on=TODAY) == date(2025, 3, 2)


@pytest.mark.parametrize("typed", [None, "", " ", "-", "없음"])
def test_no_date_is_none(typed):
    assert read_day(typed, reference_on=TODAY) is None
    assert read_birth(typed, reference_on=TODAY) is None


@pytest.mark.parametrize(
    "typed", ["3월 2일", "2025.13.2", "2025-02-30", "곧", "2025.3", "2025. 3. 2~4", -1]
)
def test_what_is_no_date_is_said(typed):
    assert code_of(lambda: read_day(typed, reference_on=TODAY)) == "day_unreadable"


@pytest.mark.parametrize("typed", ["2205-03-02", "1999-03-02", date(2027, 3, 2), 20270302])
def test_a_date_of_another_time_is_not_believed(typed):
    assert code_of(lambda: read_day(typed, reference_on=TODAY)) == "day_implausible"


@pytest.mark.parametrize(
    ("typed", "birth"),
    [
        (960301, date(1996, 3, 1)),
        ("960301", date(1996, 3, 1)),
        ("1999.3.1", date(1999, 3, 1)),
        ("'99.03.01", date(1999, 3, 1)),
        ("’99. 3. 1.", date(1999, 3, 1)),
        ("99년 3월 1일생", date(1999, 3, 1)),
        (36220, date(1999, 3, 1)),
        ("36220", date(1999, 3, 1)),
        (date(1999, 3, 1), date(1999, 3, 1)),
        (19990301, date(1999, 3, 1)),
        ("050301", date(2005, 3, 1)),
        (50301, date(2005, 3, 1)),
        (301, date(2000, 3, 1)),
        (1231, date(2000, 12, 31)),
        ("960301-1", date(1996, 3, 1)),
        ("050301-3******", date(2005, 3, 1)),
        ("180301", date(2018, 3, 1)),
        ("260301", date(1926, 3, 1)),
    ],
)
def test_a_birth_date_in_every_form(typed, birth):
    assert read_birth(typed, reference_on=TODAY) == birth


def test_the_century_depends_on_the_reference_date():
    assert read_birth("250301", reference_on=date(2032, 3, 1)) == date(2025, 3, 1)
    assert code_of(lambda: read_birth("200301", reference_on=TODAY)) == "birth_implausible"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1999.13.1", "birth_unreadable"),
        ("961301", "birth_unreadable"),
        ("1996", "birth_unreadable"),
        ("봄", "birth_unreadable"),
        ("2024-01-01", "birth_implausible"),
        ("1899-01-01", "birth_implausible"),
        (date(2026, 1, 1), "birth_implausible"),
        (31231, "birth_unclear"),
    ],
)
def test_what_is_no_birth_date_is_said(typed, code):
    assert code_of(lambda: read_birth(typed, reference_on=TODAY)) == code


def test_the_rest_of_the_column_settles_an_unclear_number():
    assert has_compact_births([960301, 31231], reference_on=TODAY) is True
    assert has_compact_births([36220, 31231], reference_on=TODAY) is False
    assert has_compact_births([31231, "1999.3.1"], reference_on=TODAY) is None
    assert read_birth(31231, reference_on=TODAY, is_compact=True) == date(2003, 12, 31)
    assert read_birth(31231, reference_on=TODAY, is_compact=False) == date(1985, 7, 3)


@given(st.dates(date(1926, 1, 1), date(2018, 1, 1)))
def test_a_written_birth_date_is_read_back(birth):
    forms = (
        birth,
        birth.isoformat(),
        f"{birth:%Y%m%d}",
        f"{birth.year}. {birth.month}. {birth.day}.",
        f"{birth.year}년 {birth.month}월 {birth.day}일",
        f"'{birth:%y.%m.%d}",
        f"{birth:%y%m%d}",
    )
    for typed in forms:
        assert read_birth(typed, reference_on=TODAY) == birth
    assert read_birth((birth - EPOCH).days, reference_on=TODAY, is_compact=False) == birth


@given(st.dates(date(2000, 1, 1), date(2026, 12, 31)))
def test_a_written_date_is_read_back(day):
    for typed in (
        day,
        day.isoformat(),
        f"{day:%Y.%m.%d}",
        f"{day:%y. %m. %d.}",
        (day - EPOCH).days,
    ):
        assert read_day(typed, reference_on=TODAY) == day


def test_age_counts_full_years():
    assert age_on(date(2000, 5, 17), date(2025, 5, 16)) == 24
    assert age_on(date(2000, 5, 17), date(2025, 5, 17)) == 25
    assert age_on(date(2000, 2, 29), date(2001, 2, 28)) == 0


@pytest.mark.parametrize(
    "typed", ["Y", "y", "O", "ㅇ", "○", "Ｏ", "출석", "참 석", "수료", "합격", "TRUE", 1, "✓", "예"]
)
def test_yes_in_every_form(typed):
    assert read_mark(typed) is True


@pytest.mark.parametrize(
    "typed", ["N", "X", "×", "결석", "미수료", "불합격", "FALSE", 0, "중도 포기", "아니오"]
)
def test_no_in_every_form(typed):
    assert read_mark(typed) is False


def test_a_blank_mark_says_nothing_and_amounts_count_only_where_asked():
    assert read_mark(None) is None
    assert read_mark("-") is None
    assert [read_mark(amount, counts=True) for amount in ("5회", "80%", "3/8", 0.5)] == [True] * 4
    assert read_mark("0회", counts=True) is False
    assert code_of(lambda: read_mark("5회")) == "mark_unreadable"
    assert code_of(lambda: read_mark("아마도", counts=True)) == "mark_unreadable"


def test_a_state_in_one_word():
    assert read_status("수료") is Attendance.COMPLETED
    assert read_status("attended") is Attendance.ATTENDED
    assert read_status("자격 취득") is Attendance.CERTIFIED
    assert read_status("결석") is False
    assert read_status("") is None
    assert code_of(lambda: read_status("취약계층")) == "status_unreadable"


@given(st.text(max_size=20))
def test_any_text_is_understood_or_said_to_be_unreadable(text):
    for read in (
        read_phone,
        read_mark,
        read_status,
        normalise_name,
        lambda cell: read_day(cell, reference_on=TODAY),
        lambda cell: read_birth(cell, reference_on=TODAY),
    ):
        try:
            read(text)
        except Unreadable as error:
            assert error.code  # noqa: PT017  # either is right
