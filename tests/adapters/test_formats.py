"""Files that leave the service: after the contract, and harmless to whoever opens them."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas_app.adapters.formats import Column
from ideas_app.adapters.formats.csv import write_csv, write_csv_cp949
from ideas_app.adapters.formats.json import write_json
from ideas_app.adapters.formats.neutral import is_formula_like, neutralise, to_cp949
from ideas_app.adapters.formats.xlsx import write_xlsx
from ideas_app.adapters.spreadsheets import read_table

AS_OF = date(2026, 3, 31)
COLUMNS = [
    Column("no", "글번호", "No.", "int", "제안의 번호", "The idea's number", 8),
    Column("title", "제목", "Title", "text", "제안의 제목", "The idea's title", 40),
    Column("on", "접수일", "Received", "date"),
    Column("at", "고친 때", "Changed", "datetime"),
    Column("score", "점수", "Score", "decimal"),
    Column("open", "공개", "Open", "bool"),
    Column("phone", "연락처", "Phone", "phone"),
]
ROW = {
    "no": -5,
    "title": "청년 월세, “지원”",
    "on": date(2026, 3, 2),
    "at": datetime(2026, 3, 2, 20, 30, tzinfo=UTC),
    "score": Decimal("1.50"),
    "open": True,
    "phone": "01012345678",
}
FORMULAS = [
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://example.org")'),
    *(
        " =1+1",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\u00a0=1",
        "\u3000=1",
        "\u200b=1",
        "\ufeff=1",
        "\u2060=1",
    ),
    *(
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(1)",
        " ＝1",
        "\t＋1",
        "\u3000－1",
        "﹣1",
        "﹢1",
        "﹦1",
        "﹫A",
        "⁺1",
        "⁻1",
    ),
    *(
        "−1",
        "=",
        "-",
        "--1",
        "=+1",
        "\tx",
        "\rx",
        "-2+3+cmd|' /C calc'!D2",
        "@",
        "+82 10-1234-5678",
    ),
]
HARMLESS = ["가=나", "a-b", "1+1", "'=1", "(=1)", "“=1", "", "·-", "#1", "1-2-3"]


def record(**values):
    return {column.key: None for column in COLUMNS} | values


def read_csv(pieces, encoding="utf-8-sig"):
    data = b"".join(pieces)
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


def make_workbook(rows, **more):
    target = io.BytesIO()
    given_values = {"lang": "ko", "title": "청년정책 제안", "as_of": AS_OF, **more}
    count = write_xlsx(target, COLUMNS, rows, **given_values)
    return openpyxl.load_workbook(io.BytesIO(target.getvalue())), count


def test_a_csv_file_follows_the_contract():
    data = b"".join(write_csv(COLUMNS, [ROW], lang="ko", as_of=AS_OF))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig") == (
        "글번호,제목,접수일,고친 때,점수,공개,연락처,데이터기준일자\r\n"
        '-5,"청년 월세, “지원”",2026-03-02,2026-03-03 05:30:00,1.50,Y,010-1234-5678,2026-03-31\r\n'
    )


def test_a_csv_file_in_english_has_english_titles():
    titles = read_csv(write_csv(COLUMNS, [], lang="en", as_of=AS_OF))[0]
    assert titles == ["No.", "Title", "Received", "Changed", "Score", "Open", "Phone", "Data as of"]


def test_many_rows_come_in_pieces_and_none_is_lost():
    rows = (record(no=n, title=f"제안 {n}") for n in range(1234))
    lines = read_csv(write_csv(COLUMNS, rows, lang="ko", as_of=AS_OF))
    assert [line[0] for line in lines[1:]] == [str(n) for n in range(1234)]


def test_line_breaks_and_quotation_marks_stay_in_their_cell():
    text = 'a "b"\r\nc;d\te|f'
    cell = read_csv(write_csv(COLUMNS, [record(title=text)], lang="ko", as_of=AS_OF))[1][1]
    assert cell == 'a "b"\nc;d\te|f'


def test_texts_leave_composed_and_without_control_characters():
    text = unicodedata.normalize("NFD", "김군산") + "\x00\x07"
    assert (
        read_csv(write_csv(COLUMNS, [record(title=text)], lang="ko", as_of=AS_OF))[1][1] == "김군산"
    )


@pytest.mark.parametrize("text", FORMULAS)
def test_no_formula_reaches_a_spreadsheet(text):
    assert is_formula_like(text)
    for kind in ("text", "phone"):
        column = Column("x", "값", "Value", kind)
        for write in (write_csv([column], [{"x": text}], lang="ko", as_of=AS_OF),):
            assert read_csv(write)[1][0].startswith("'")
        replaced, _ = write_csv_cp949([column], [{"x": text}], lang="ko", as_of=AS_OF)
        cell = read_csv([replaced], "cp949")[1][0]
        assert not is_formula_like(cell)
    book, _ = make_workbook([record(title=text)])
    cell = book["자료"]["B2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_stay_as_they_are(text):
    assert neutralise(text) == text


@given(st.text(max_size=20))
def test_a_neutralised_text_is_never_a_formula(text):
    assert not is_formula_like(neutralise(text))
    assert not is_formula_like(neutralise(to_cp949(text)[0]))


def test_numbers_stay_numbers_in_both():
    rows = [record(no=-12, score=-0.5), record(no=3433, score=Decimal("0.000001"))]
    lines = read_csv(write_csv(COLUMNS, rows, lang="ko", as_of=AS_OF))
    assert [line[0] for line in lines[1:]] == ["-12", "3433"]
    assert [line[4] for line in lines[1:]] == ["-0.5", "0.000001"]
    book, _ = make_workbook(rows)
    assert [book["자료"].cell(line, 1).value for line in (2, 3)] == [-12, 3433]


def test_cp949_lists_what_it_had_to_replace():
    rows = [record(title="가\u00a0나 – 다"), record(title="봄😀₩뷁")]
    data, replaced = write_csv_cp949(COLUMNS, rows, lang="ko", as_of=AS_OF)
    assert [line[1] for line in read_csv([data], "cp949")] == ["제목", "가 나 - 다", "봄?￦뷁"]
    assert [(each.row, each.column, each.was, each.became) for each in replaced] == [
        (2, "제목", "\u00a0", " "),
        (2, "제목", "–", "-"),
        (3, "제목", "😀", "?"),
        (3, "제목", "₩", "￦"),
    ]


def test_cp949_holds_every_modern_syllable():
    syllables = "".join(chr(code) for code in range(0xAC00, 0xD7A4))
    assert to_cp949(unicodedata.normalize("NFD", syllables)) == (syllables, [])


def test_a_dash_that_becomes_a_hyphen_is_still_neutralised():
    data, _ = write_csv_cp949(COLUMNS, [record(title="—SUM(1)")], lang="ko", as_of=AS_OF)
    assert read_csv([data], "cp949")[1][1] == "'-SUM(1)"


def test_the_first_sheet_explains_and_the_second_holds_the_data():
    book, count = make_workbook([ROW, ROW], notes=["개인정보 없음"])
    assert book.sheetnames == ["설명", "자료"]
    about = [[cell.value for cell in row] for row in book["설명"].iter_rows()]
    assert about[0][0] == "청년정책 제안"
    assert about[1][1] == datetime(2026, 3, 31)  # noqa: DTZ001  # cells know no zone
    assert about[2][0] == "개인정보 없음"
    assert about[4] == ["열 이름", "뜻", "값의 종류"]
    assert about[5] == ["글번호", "제안의 번호", "정수"]
    assert len(about) == 5 + len(COLUMNS)
    data = book["자료"]
    assert count == 2
    assert [cell.value for cell in data[1]] == [column.title_ko for column in COLUMNS]
    assert [cell.value for cell in data[2]] == [
        -5,
        "청년 월세, “지원”",
        datetime(2026, 3, 2),  # noqa: DTZ001  # as above
        datetime(2026, 3, 3, 5, 30),  # noqa: DTZ001  # as above
        1.5,
        "Y",
        "010-1234-5678",
    ]
    assert data["C2"].is_date
    assert data.freeze_panes == "A2"
    assert data.auto_filter.ref == "A1:G3"
    assert data.column_dimensions["B"].width > 40


def test_a_workbook_in_english_without_rows_is_whole():
    book, count = make_workbook([], lang="en")
    assert (book.sheetnames, count) == (["About", "Data"], 0)


def test_the_same_rows_give_the_same_workbook():
    files = [io.BytesIO(), io.BytesIO()]
    for target in files:
        write_xlsx(target, COLUMNS, [ROW], lang="ko", title="t", as_of=AS_OF)
    assert files[0].getvalue() == files[1].getvalue()


def test_a_workbook_can_be_a_file_on_disk(tmp_path):
    write_xlsx(tmp_path / "제안.xlsx", COLUMNS, [ROW], lang="ko", title="t", as_of=AS_OF)
    table = read_table("제안.xlsx", (tmp_path / "제안.xlsx").read_bytes()).table("자료")
    assert table.rows[1].cells[0] == -5


def test_json_keeps_keys_dates_and_utc():
    pieces = write_json(COLUMNS, [ROW, record()], lang="en", as_of=AS_OF, about={"title": "제안"})
    data = json.loads(b"".join(pieces))
    assert (data["as_of"], data["title"]) == ("2026-03-31", "제안")
    assert data["columns"][0] == {
        "key": "no",
        "title": "No.",
        "definition": "The idea's number",
        "kind": "int",
    }
    assert data["items"][0] == {
        "no": -5,
        "title": "청년 월세, “지원”",
        "on": "2026-03-02",
        "at": "2026-03-02T20:30:00Z",
        "score": 1.5,
        "open": True,
        "phone": "01012345678",
    }
    assert set(data["items"][1].values()) == {None}


def test_json_without_rows_is_still_json():
    assert json.loads(b"".join(write_json(COLUMNS, [], lang="ko", as_of=AS_OF)))["items"] == []


def test_a_naive_instant_is_refused_everywhere():
    row = record(at=datetime(2026, 3, 2, 20, 30))  # noqa: DTZ001  # the point of the test
    for write in (write_csv, write_json):
        with pytest.raises(ValueError, match="naive"):
            list(write(COLUMNS, [row], lang="ko", as_of=AS_OF))
    with pytest.raises(ValueError, match="naive"):
        make_workbook([row])


def test_a_workbook_that_fails_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(KeyError):
        make_workbook([ROW, {"no": 1}])
    assert list(tmp_path.iterdir()) == []


def test_a_row_without_a_column_is_a_fault_of_the_caller():
    for write in (write_csv, write_json):
        with pytest.raises(KeyError):
            list(write(COLUMNS, [{"no": 1}], lang="ko", as_of=AS_OF))
