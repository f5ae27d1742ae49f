"""Names, telephone numbers and addresses as officials type them, and what stays hidden of them."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas_app.programmes.rules.issues import Unreadable
from ideas_app.programmes.rules.names import mask_name, name_key, normalise_name
from ideas_app.programmes.rules.phones import mask_phone, read_phone, show_phone
from ideas_app.programmes.rules.privacy import column_letter, holds_resident_number, mask_value
from ideas_app.programmes.rules.reading import read_neighbourhood


def code_of(call):
    with pytest.raises(Unreadable) as caught:
        call()
    return caught.value.code


@pytest.mark.parametrize(
    "typed", ["김군산", " 김 군 산 ", "김\u00a0군\u3000산", unicodedata.normalize("NFD", "김군산")]
)
def test_a_name_is_one_name_however_it_is_typed(typed):
    assert normalise_name(typed) == "김군산"


def test_a_foreign_name_keeps_its_spaces_but_matches_without_them():
    assert normalise_name("Nguyễn  Văn An") == "Nguyễn Văn An"
    assert name_key("nguyễn văn an") == name_key("Nguyễn VănAn")
    assert normalise_name("O'Brien-Kim") == "O'Brien-Kim"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("홍*동", "name_hidden"),
        ("홍○동", "name_hidden"),
        ("12", "name_unreadable"),
        ("=A1", "name_unreadable"),
    ],
)
def test_what_is_no_name_is_said(typed, code):
    assert code_of(lambda: normalise_name(typed)) == code


def test_a_very_long_name_is_refused():
    assert normalise_name("가" * 40)
    assert code_of(lambda: normalise_name("가" * 41)) == "name_too_long"


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("홍길동", "홍*동"),
        ("김철", "김*"),
        ("남궁민수", "남**수"),
        ("An", "A*"),
        ("Ann Lee", "A** L**"),
        ("", ""),
    ],
)
def test_a_masked_name_shows_little(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    "typed",
    [
        *("010-1234-5678", "01012345678", "010 1234 5678", "010.1234.5678", "010)1234-5678"),
        *(1012345678, "1012345678", "1012345678.0", "+82 10-1234-5678", "+82 (0)10-1234-5678"),
        *("82-10-1234-5678", "0082 10 1234 5678", 821012345678, "８２-10-1234-5678"),
        *("０１０－１２３４－５６７８", "010–1234–5678", "063-450-1234 / 010-1234-5678"),
        *("010-1234-5678(모)", "HP. 010-1234-5678"),
    ],
)
def test_a_mobile_number_in_every_form(typed):
    assert read_phone(typed) == "01012345678"


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("063-450-1234", "0634501234"),
        (634501234, "0634501234"),
        ("450-1234", "0634501234"),
        (4501234, "0634501234"),
        ("02-234-5678", "022345678"),
        (223456789, "0223456789"),
        ("070-1234-5678", "07012345678"),
        ("0504-123-4567", "05041234567"),
        ("011-123-4567", "0111234567"),
        (111234567, "0111234567"),
        ("+1 212 555 0123", "+12125550123"),
        ("", None),
        ("-", None),
        ("없음", None),
        (None, None),
    ],
)
def test_other_numbers_and_none(typed, phone):
    assert read_phone(typed) == phone


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("010-****-5678", "phone_hidden"),
        ("1.01E+09", "phone_rounded"),
        (1.5, "phone_rounded"),
        ("010-1234-567", "phone_unreadable"),
        ("010-1234-56789", "phone_unreadable"),
        ("123", "phone_unreadable"),
        ("카톡", "phone_unreadable"),
        (20250302, "phone_unreadable"),
    ],
)
def test_what_is_no_number_is_said(typed, code):
    assert code_of(lambda: read_phone(typed)) == code


@given(st.integers(0, 99_999_999))
def test_a_shown_number_is_read_back(rest):
    phone = f"010{rest:08}"
    shown = show_phone(phone)
    for typed in (shown, int(phone), f"+82 {shown[1:]}", shown.replace("-", " ")):
        assert read_phone(typed) == phone


def test_a_masked_number_shows_the_ends():
    assert mask_phone("01012345678") == "010-****-5678"
    assert mask_phone("0634501234") == "063-***-1234"
    assert "555" not in mask_phone("+12125550123")


@pytest.mark.parametrize(
    "cell",
    [
        *("960301-1234567", "9603011234567", 9603011234567, "960301 - 1234567"),
        *("번호: 960301-2234567입니다", "９６０３０１－１２３４５６７", "960301\u200b-1234567"),
        *("000000-1000000", "960301-5234567", 503013123456, "503013123456", 12313123456),
    ],
)
def test_a_resident_number_is_recognised(cell):
    assert holds_resident_number(cell)


@pytest.mark.parametrize(
    "cell",
    [
        *("010-1234-5678", "01023345678", 1023345678, 821012345678, "821012345678", 45718),
        *("2025-03-02 14:07", "960301-1", "960301-1******", "960301-9234567", "12345678901234"),
        *(20250302, None, date(1999, 3, 1), 1.5),
    ],
)
def test_other_numbers_are_left_alone(cell):
    assert not holds_resident_number(cell)


def test_values_in_messages_are_hidden():
    assert mask_value("name", "홍길동") == "홍*동"
    assert mask_value("phone", "010-1234-567") == "010-****-***"
    assert mask_value("birth_on", "1999.13.1") == "19**.**.*"
    assert mask_value("email", "mina@") == "m***@"
    assert "1234567" not in mask_value("note", "960301-1234567")
    assert mask_value("joined_on", "3월 2일") == "3월 2일"


def test_columns_have_the_letters_of_a_spreadsheet():
    assert [column_letter(place) for place in (0, 25, 26, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
    ]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("나운1동", "나운1동"),
        ("전북특별자치도 군산시 대학로 12 (장미동)", "장미동"),
        ("군산시 옥구읍 상평리 3", "옥구읍"),
        ("군산시 나운동 현대아파트 101동 202호", "나운동"),
        ("군산시 대학로 12", None),
        ("Naun-dong", "Naun-dong"),
        (None, None),
    ],
)
def test_only_the_neighbourhood_is_taken_from_an_address(typed, place):
    assert read_neighbourhood(typed) == place
