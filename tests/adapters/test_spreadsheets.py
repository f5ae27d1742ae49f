"""Tables that officials bring: every encoding, every kind of cell, and the row numbers they see."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

import pytest

from ideas_app.adapters.spreadsheets import (
    SpreadsheetError,
    find_header,
    guess_columns,
    read_table,
)
from tests.adapters.workbooks import as_csv, make_xlsx

ROWS = [["성명", "연락처"], ["김군산", "010-1234-5678"], ["뷁햏샾", "063-450-1234"]]


def cells(table):
    return [list(row.cells) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_csv_file_is_read_in_the_encoding_it_was_saved_in(encoding):
    book = read_table("명단.csv", as_csv(ROWS, encoding=encoding))
    assert book.encoding == encoding
    assert cells(book.table()) == ROWS


@pytest.mark.parametrize("mark", ["utf-16", "utf-16-be"])
def test_excels_unicode_text_is_utf16_with_tabs(mark):
    data = as_csv(ROWS, encoding=mark, delimiter="\t")
    data = data if mark == "utf-16" else b"\xfe\xff" + data
    book = read_table("명단.txt", data)
    assert (book.encoding, book.delimiter) == ("utf-16", "\t")
    assert cells(book.table()) == ROWS


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found_out(delimiter):
    book = read_table("a.csv", as_csv(ROWS, delimiter=delimiter))
    assert book.delimiter == delimiter
    assert cells(book.table()) == ROWS


def test_commas_inside_quotation_marks_do_not_count():
    book = read_table("a.csv", '이름;비고\n김;"가, 나, 다"\n이;"라, 마"\n'.encode())
    assert book.delimiter == ";"
    assert cells(book.table())[1] == ["김", "가, 나, 다"]


def test_excels_own_line_about_the_delimiter_is_no_row():
    table = read_table("a.csv", "sep=;\n이름;비고\n김;나\n".encode()).table()
    assert [(row.number, row.cells) for row in table.rows] == [
        (1, ("이름", "비고")),
        (2, ("김", "나")),
    ]


def test_names_typed_on_a_mac_are_composed():
    data = as_csv([[unicodedata.normalize("NFD", cell) for cell in row] for row in ROWS])
    assert cells(read_table(unicodedata.normalize("NFD", "명단.csv"), data).table()) == ROWS


def test_row_numbers_are_those_of_the_spreadsheet():
    table = read_table(
        "a.csv", '제목,\r\n\r\n,\r\n이름,비고\r\n김,"두\n줄"\r\n이,\r\n'.encode()
    ).table()
    assert [row.number for row in table.rows] == [1, 4, 5, 6]
    assert table.rows[2].cells == ("김", "두\n줄")


def test_short_rows_are_filled_up_and_trailing_blank_columns_dropped():
    table = read_table("a.csv", b"a,b,c,,\n1\n,,2,,\n").table()
    assert cells(table) == [["a", "b", "c"], ["1", None, None], [None, None, "2"]]


def test_a_workbook_keeps_dates_and_numbers():
    when = datetime(2025, 3, 2, 14, 7)  # noqa: DTZ001  # cells know no zone
    rows = [["a", 3, 2.5, True, date(1999, 3, 1), when, "  ", 9603010]]
    table = read_table("a.xlsx", make_xlsx({"명단": rows})).table()
    assert cells(table) == [["a", 3, 2.5, "TRUE", date(1999, 3, 1), when, None, 9603010]]
    assert type(table.rows[0].cells[1]) is int
    assert type(table.rows[0].cells[4]) is date


def test_cells_merged_downwards_are_filled_and_titles_are_not_repeated():
    rows = [[], ["과정", "이름"], [None, "김"], [None, "이"], [None, "박"]]
    merges = {"명단": [(0, 0, 0, 1, "2025년 명단"), (2, 0, 3, 0, "AI-POT")]}
    table = read_table("a.xlsx", make_xlsx({"명단": rows}, merges=merges)).table()
    assert cells(table) == [
        ["2025년 명단", None],
        ["과정", "이름"],
        ["AI-POT", "김"],
        ["AI-POT", "이"],
        [None, "박"],
    ]


def test_a_sheet_that_begins_further_right_and_down_keeps_its_places():
    rows = [[None] * 3, [None, "성명", "기수"], [None, "김군산", 1.5]]
    table = read_table("명단.xlsx", make_xlsx({"명단": rows})).table()
    assert [row.number for row in table.rows] == [2, 3]
    assert cells(table) == rows[1:]


def test_equal_cells_are_kept_once_so_that_large_rosters_fit():
    rows = [["성명", "읍면동"], *([f"청년{number}", "나운동"] for number in range(3))]
    table = read_table("명단.xlsx", make_xlsx({"명단": rows})).table()
    assert len({id(row.cells[1]) for row in table.rows[1:]}) == 1


def test_several_sheets_are_read_and_hidden_ones_marked():
    data = make_xlsx({"1기": [["a"]], "숨김": [["x"]], "2기": [["b"]]}, hidden=["숨김"])
    book = read_table("a.xlsx", data)
    assert book.sheet_names == ("1기", "숨김", "2기")
    assert [table.is_hidden for table in book.sheets] == [False, True, False]
    assert book.table().name == "1기"
    assert book.table(unicodedata.normalize("NFD", "2기")).rows[0].cells == ("b",)
    assert [table.name for table in read_table("a.xlsx", data, sheet="2기").sheets] == ["2기"]


def test_an_unknown_sheet_is_refused_with_the_names_that_exist():
    for name, data in (("a.xlsx", make_xlsx({"1기": [["a"]]})), ("a.csv", b"a,b\n")):
        with pytest.raises(SpreadsheetError) as caught:
            read_table(name, data, sheet="3기")
        assert caught.value.code == "no_sheet"
        assert caught.value.values["sheet"] == "3기"


def test_the_row_of_titles_is_found_below_other_rows():
    rows = [
        ["2025 AI-POT 명단"],
        ["작성일", "2025-03-02"],
        ["연 번", "성명(이름)", "연락처\n(휴대전화)"],
        [1, "김", 2],
    ]
    table = read_table(
        "a.csv", as_csv([[str(cell).replace("\n", " ") for cell in row] for row in rows])
    ).table()
    names = {"number": ("연번",), "name": ("이름", "성명"), "phone": ("휴대전화", "연락처")}
    header = find_header(table.rows, names, needs=["name"])
    assert header is not None
    assert (header.number, header.columns) == (3, {"number": 0, "name": 1, "phone": 2})


def test_no_row_of_titles_is_found_where_a_needed_one_is_missing_or_too_far_down():
    table = read_table("a.csv", b"x\n" * 10 + "성명,연락처\n".encode()).table()
    assert find_header(table.rows, {"name": ["성명"]}, needs=["name"]) is None
    assert find_header(table.rows, {"name": ["성명"]}, within=11, needs=["name"]) is not None
    assert find_header(table.rows, {"name": ["성명"], "x": ["x"]}, needs=["name"]) is None


def test_titles_over_two_lines_end_with_the_second_and_later_ones_do_not_count():
    names = {"name": ("성명",), "phone": ("연락처",)}
    rows = [["성명", "연락처"], ["성명", "연락처"], ["김", 1], ["성명", "연락처"]]
    header = find_header(read_table("a.csv", as_csv(rows)).table().rows, names)
    assert header is not None
    assert header.number == 2


def test_the_better_name_wins_and_a_column_serves_once():
    names = {"name": ("성명", "이름"), "phone": ("연락처",)}
    titles = ["비상연락처", "신청자 이름", "성명", "본인 연락처"]
    assert guess_columns(titles, names, not_own=["비상"]) == {"name": 2, "phone": 3}
    assert guess_columns(["비상연락처"], names, not_own=["비상"]) == {}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_years_roster_is_read_whole(kind):
    people = [
        [n, f"김{n:04}", date(1990, 1, 1 + n % 28), f"010-0000-{n:04}", "AI-POT"]
        for n in range(3433)
    ]
    rows = [["연번", "성명", "생년월일", "연락처", "프로그램명"], *people]
    data = as_csv(rows, encoding="cp949") if kind == "csv" else make_xlsx({"명단": rows})
    table = read_table(f"명단.{kind}", data).table()
    assert len(table.rows) == 3434
    assert table.rows[-1].cells[1] == "김3432"
