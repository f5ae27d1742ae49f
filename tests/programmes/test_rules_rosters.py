"""Whole rosters: titles somewhere, totals, merged cells, and every fault with the row that
officials see.
"""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from ideas_app.adapters.spreadsheets import SpreadsheetError, read_table
from ideas_app.programmes.models import Attendance
from ideas_app.programmes.rules.columns import FIELDS, guess_mapping, mapping_by_hand
from ideas_app.programmes.rules.messages import FIELD_NAMES
from ideas_app.programmes.rules.parsing import ALL_SHEETS, parse_roster, parse_workbook
from tests.adapters.workbooks import as_csv, make_xlsx

TODAY = date(2025, 12, 31)
TITLES = [
    "연번",
    "성명(이름)",
    "생년월일",
    "성별",
    "연락처",
    "기수",
    "참여일",
    "출석",
    "수료여부",
    "자격취득여부",
]
PERSON = [1, "김군산", "1999.3.1", "여", "010-1234-5678", "1기", "2025. 3. 2.", "O", "Y", "N"]


def parse(rows, **more):
    data = as_csv(rows, delimiter="\t")
    return parse_workbook(read_table("명단.tsv", data), reference_on=TODAY, **more)


def simple(*people):
    """A roster of name, birth date, phone."""
    return parse([["성명", "생년월일", "연락처"], *people])


def places(issues):
    return [(issue.code, issue.row) for issue in issues]


def test_a_plain_row_becomes_a_participation():
    roster = parse([TITLES, PERSON])
    assert roster.errors == ()
    (row,) = roster.rows
    assert (row.number, row.name, row.birth_on) == (2, "김군산", date(1999, 3, 1))
    assert (row.phone, row.cohort, row.joined_on) == ("01012345678", "1기", date(2025, 3, 2))
    assert row.status is Attendance.COMPLETED


def test_a_real_workbook_with_everything_that_officials_do():
    day = date(2025, 3, 2)
    titles = [
        "연번",
        "프로그램명",
        "성명",
        "생년월일",
        "휴대전화",
        "참여일자",
        "참석여부",
        "자격취득여부",
        "취득일",
        "비고",
    ]
    rows = [
        [],
        ["작성일: 2025. 12. 1."],
        [],
        titles,
        [1, None, "홍 길 동", 960301, 1012345678, day, "O", "O", 45767, None],
        [2, None, "김철수", date(2001, 5, 5), "010-2222-3333", day, "O", None, None, "조퇴"],
        [3, None, "이영희", "'99.03.01", "+82 10-4444-5555", "2025.03.02", "X", None, None, None],
        ["소계", None, None, None, None, None, "2명", None, None, None],
        titles,
        [4, "AI-POT", "박민수", "050301", "063-450-1234", 45718, "O", "X", None, None],
        [5, "AI-POT", None, None, None, None, None, None, None, None],
        ["합계", None, "3명", None, None, None, None, None, None, None],
    ]
    merges = {"명단": [(0, 0, 0, 9, "2025년 AI-POT 2급 과정 명단"), (4, 1, 6, 1, "AI-POT")]}
    data = make_xlsx({"안내": [["이 파일은 …"]], "명단": rows}, merges=merges)
    roster = parse_workbook(read_table("명단.xlsx", data), reference_on=TODAY)
    assert roster.errors == ()
    assert roster.sheet == "명단"
    assert roster.mapping.header_row == 4
    assert [(row.number, row.name, row.birth_on, row.phone) for row in roster.rows] == [
        (5, "홍길동", date(1996, 3, 1), "01012345678"),
        (6, "김철수", date(2001, 5, 5), "01022223333"),
        (10, "박민수", date(2005, 3, 1), "0634501234"),
    ]
    first = roster.rows[0]
    assert (first.status, first.certified_on) == (Attendance.CERTIFIED, date(2025, 4, 20))
    assert {row.joined_on for row in roster.rows} == {date(2025, 3, 2)}
    assert [row.status for row in roster.rows[1:]] == [Attendance.ATTENDED] * 2
    assert places(roster.skipped) == [
        ("absent", 7),
        ("total", 8),
        ("titles_again", 9),
        ("nobody", 11),
        ("total", 12),
    ]
    assert roster.programmes == ("AI-POT",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_the_encoding_makes_no_difference(encoding):
    data = as_csv([TITLES, PERSON], encoding=encoding)
    roster = parse_workbook(read_table("명단.csv", data), reference_on=TODAY)
    assert roster.rows == parse([TITLES, PERSON]).rows


def test_names_typed_on_a_mac_are_the_same_people():
    rows = [[unicodedata.normalize("NFD", str(cell)) for cell in row] for row in (TITLES, PERSON)]
    assert parse(rows).rows == parse([TITLES, PERSON]).rows


def test_only_a_name_and_one_more_are_needed():
    roster = simple(["김", "1999-03-01", ""], ["이", "", "010-1111-2222"], ["박", "", ""])
    assert [row.name for row in roster.rows] == ["김", "이"]
    assert places(roster.errors) == [("person_unclear", 4)]


def test_every_fault_names_row_column_and_hides_the_person():
    roster = simple(
        ["김군산", "1999.13.45", "010-12"],
        ["", "1999-03-01", "010-1111-2222"],
        ["홍*동", "1999-03-01", "010-****-2222"],
    )
    assert [(each.code, each.row, each.column) for each in roster.errors] == [
        ("birth_unreadable", 2, "생년월일"),
        ("phone_unreadable", 2, "연락처"),
        ("name_missing", 3, "성명"),
        ("name_hidden", 4, "성명"),
        ("phone_hidden", 4, "연락처"),
    ]
    assert [each.value for each in roster.errors[:2]] == ["19**.**.**", "010-**"]
    assert roster.rows == ()


@pytest.mark.parametrize("number", ["960301-1234567", "9603011234567", "960301 4234567"])
def test_a_resident_number_refuses_the_whole_file_and_is_not_repeated(number):
    for rows in (
        [["성명", "생년월일"], ["김", number]],
        [["작성 " + number], ["성명", "생년월일"], ["김", "990301"]],
    ):
        roster = parse(rows)
        assert roster.is_refused
        assert roster.rows == ()
        assert {each.code for each in roster.errors} == {"resident_number"}
        assert number not in repr(roster)


def test_a_resident_number_on_another_sheet_refuses_the_file_too():
    sheets = {"명단": [["성명", "생년월일"], ["김", "990301"]], "숨김": [["9603011234567"]]}
    data = make_xlsx(sheets, hidden=["숨김"])
    roster = parse_workbook(read_table("a.xlsx", data), reference_on=TODAY)
    assert roster.is_refused
    assert roster.errors[0].values["sheet"] == "숨김"


def test_the_same_row_twice_counts_once_and_is_told():
    roster = parse([TITLES, PERSON, [2, *PERSON[1:]], [3, "김 군 산", *PERSON[2:]]])
    assert len(roster.rows) == 1
    assert places(roster.notices) == [("row_twice", 3), ("row_twice", 4)]
    assert roster.notices[0].values == {"first": 2}


def test_the_same_person_with_other_data_is_an_error():
    roster = parse([TITLES, PERSON, [*PERSON[:8], "N", "N"]])
    assert places(roster.errors) == [("row_contradicts", 3)]
    assert roster.errors[0].value == "김*산"


def test_the_same_person_in_two_cohorts_has_two_participations():
    roster = parse([TITLES, PERSON, [*PERSON[:5], "2기", *PERSON[6:]]])
    assert roster.errors == ()
    assert [row.cohort for row in roster.rows] == ["1기", "2기"]


def test_cells_left_blank_under_a_merged_cohort_are_filled_and_told():
    rows = [["기수", "성명", "연락처"]]
    rows += [
        ["1기", "김", "010-1111-1111"],
        ["", "이", "010-2222-2222"],
        ["2기", "박", "010-3333-3333"],
    ]
    roster = parse(rows)
    assert [row.cohort for row in roster.rows] == ["1기", "1기", "2기"]
    assert [(each.code, each.values) for each in roster.notices] == [("filled_down", {"count": 1})]


def test_sheets_named_after_cohorts_are_read_together_and_one_alone_on_choice():
    people = [["성명", "연락처"], ["김", "010-1111-1111"]]
    book = read_table("a.xlsx", make_xlsx({"표지": [["AI-POT"]], "1기": people, "2기": people}))
    roster = parse_workbook(book, reference_on=TODAY)
    assert [(str(row.number), row.cohort) for row in roster.rows] == [
        ("1기 2", "1기"),
        ("2기 2", "2기"),
    ]
    assert [(one.name, one.rows) for one in roster.sheets] == [("1기", 1), ("2기", 1)]
    assert parse_workbook(book, reference_on=TODAY, sheet="2기").rows[0].cohort == "2기"
    with pytest.raises(SpreadsheetError):
        parse_workbook(book, reference_on=TODAY, sheet="3기")


def test_of_sheets_with_other_names_the_first_is_read_and_all_on_choice():
    people = [["성명", "연락처", "기수"], ["김", "010-1111-1111", "1기"]]
    book = read_table("a.xlsx", make_xlsx({"신청": people, "참여": people}))
    first = parse_workbook(book, reference_on=TODAY)
    assert first.sheet == "신청"
    assert [(each.code, each.values["sheets"]) for each in first.notices] == [
        ("other_sheets", "참여")
    ]
    both = parse_workbook(book, reference_on=TODAY, sheet=ALL_SHEETS)
    assert [str(row.number) for row in both.rows] == ["신청 2"]
    assert [(str(each.row), each.code, str(each.values["first"])) for each in both.notices] == [
        ("참여 2", "row_twice", "신청 2")
    ]


def test_how_far_a_person_got_follows_the_marks():
    titles = ["성명", "연락처", "출석", "수료", "자격증명", "취득일"]
    marks = [
        ["O", "", "", ""],
        ["O", "Y", "", ""],
        ["O", "Y", "AI-POT 2급", "2025-04-20"],
        ["", "", "", ""],
        ["X", "Y", "", ""],
        ["O", "N", "미취득", ""],
        ["O", "", "", "2025-04-20"],
        ["5회", "", "O", ""],
    ]
    rows = [[f"김{n}", f"010-1111-000{n}", *each] for n, each in enumerate(marks)]
    roster = parse([titles, *rows])
    assert roster.errors == ()
    assert [(row.name, row.status.value, row.certificate_name) for row in roster.rows] == [
        ("김0", "attended", None),
        ("김1", "completed", None),
        ("김2", "certified", "AI-POT 2급"),
        ("김4", "completed", None),
        ("김5", "attended", None),
        ("김6", "certified", None),
        ("김7", "certified", None),
    ]
    assert places(roster.skipped) == [("absent", 5)]


def test_without_marks_everybody_listed_took_part():
    assert simple(["김", "990301", ""]).rows[0].status is Attendance.ATTENDED


def test_a_column_of_states_is_read_and_unknown_words_are_told():
    titles = ["성명", "연락처", "상태"]
    roster = parse([titles, ["김", "010-1111-1111", "수료"], ["이", "010-2222-2222", "몰라"]])
    assert roster.rows[0].status is Attendance.COMPLETED
    assert places(roster.errors) == [("status_unreadable", 3)]


def test_a_list_of_something_else_is_told():
    assert places(parse([["품목", "수량"], ["책상", 3]]).errors) == [("header_not_found", None)]
    assert places(parse([["성명", "성별"], ["김", "여"]]).errors) == [("column_missing_person", 1)]
    assert places(parse([["성명", "연락처"]]).errors) == [("no_rows", None)]


def test_several_programmes_in_one_file_are_told():
    roster = parse(
        [["과정명", "성명", "연락처"], ["가", "김", "010-1111-1111"], ["나", "이", "010-2222-2222"]]
    )
    assert [each.code for each in roster.notices] == ["several_programmes"]


def test_a_mapping_is_remembered_by_titles():
    rows = [["누구", "전화기", "생년월일"], ["김", "010-1111-1111", "990301"]]
    book = read_table("a.tsv", as_csv(rows, delimiter="\t"))
    chosen = mapping_by_hand(book.table(), 1, {"name": 0, "phone": 1})
    remembered = chosen.remember()
    assert remembered == {"name": "누구", "phone": "전화기", "birth_on": ""}
    moved = read_table("b.tsv", as_csv([row[::-1] for row in rows], delimiter="\t"))
    roster = parse_workbook(moved, reference_on=TODAY, remembered=remembered)
    assert roster.mapping.columns == {"name": 2, "phone": 1}
    assert roster.rows[0].birth_on is None
    assert roster.mapping.not_used() == ("생년월일",)


def test_a_mapping_that_does_not_fit_is_refused():
    table = read_table("a.csv", b"a,b\n1,2\n").table()
    for header_row, columns in (
        (9, {"name": 0}),
        (1, {"name": 2}),
        (1, {"x": 0}),
        (1, {"name": 0, "phone": 0}),
    ):
        assert mapping_by_hand(table, header_row, columns) is None
    other = read_table("b.csv", "성명,나,다,연락처\n".encode()).table()
    roster = parse_roster(table, guess_mapping(other), reference_on=TODAY)
    assert places(roster.errors) == [("header_not_found", None)]


def test_someone_elses_telephone_is_not_taken():
    titles = ["성명", "비상연락처", "보호자 성명", "담당자 연락처", "생년월일"]
    table = read_table("a.tsv", as_csv([titles, ["x"] * 5], delimiter="\t")).table()
    assert guess_mapping(table).columns == {"name": 0, "birth_on": 4}


def test_every_name_in_the_table_of_officials_titles_is_known():
    titles = "연번 성명(이름) 생년월일 성별 연락처 주소(읍면동) 프로그램명 "
    titles += "기수 신청일 참여일 출석 수료여부 자격취득여부 비고"
    table = read_table("a.tsv", "\t".join(titles.split()).encode()).table()
    assert set(guess_mapping(table).columns) == {
        *("number", "name", "birth_on", "gender", "phone", "neighbourhood", "programme", "cohort"),
        *("applied_on", "joined_on", "attended", "completed", "certified", "note"),
    }
    assert set(FIELD_NAMES) == set(FIELDS)


def test_a_years_roster_is_parsed_with_its_one_bad_row():
    people = [[f"김{n:04}", f"{1990 + n % 15}-03-01", f"010{n:08}"] for n in range(3433)]
    people[900][1] = "1999-13-01"
    roster = simple(*people)
    assert len(roster.rows) == 3432
    assert places(roster.errors) == [("birth_unreadable", 902)]
