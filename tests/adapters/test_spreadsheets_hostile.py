"""Files that mean harm or are broken: each is refused with its reason, before it costs much."""

from __future__ import annotations

import io
import zipfile

import pytest

from ideas_app.adapters.spreadsheets import SpreadsheetError, read_table
from tests.adapters.workbooks import MAIN, make_xlsx, raw_xlsx, sheet_xml

GOOD = make_xlsx({"명단": [["성명", "연락처"], ["김", "010-1234-5678"]]})
CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
BILLION = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def with_doctype(doctype, body="&a;"):
    return (
        f'<?xml version="1.0"?>{doctype}<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="str"><v>{body}</v>'
        "</c></row></sheetData></worksheet>"
    )


def shared(*texts):
    return f"<sst {MAIN}>" + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>"


def number_cell(reference):
    return f'<row><c r="{reference}"><v>1</v></c></row>'


def encrypted_entry():
    data = bytearray(GOOD)
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def zip_of(*names):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return target.getvalue()


def lying_size():
    """The entry says that it is small."""
    data = bytearray(raw_xlsx(sheet_xml(CELL + " " * 3_000_000)))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.rindex(mark)
        data[place + offset : place + offset + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


# the large ones are made where they are looked at: importing this file must cost nothing
HOSTILE = {
    "nothing at all": ("a.csv", b"", "empty_file"),
    "only blanks": ("a.csv", b"\r\n \t\r\n", "empty_file"),
    "only delimiters": ("a.csv", b",,,\r\n,,,\r\n", "empty_file"),
    "an empty workbook": ("a.xlsx", make_xlsx({"S": []}), "empty_file"),
    "eleven megabytes": ("a.csv", b"a," * 5_500_000, "file_too_large"),
    "an old workbook": ("a.xls", OLE, "old_excel"),
    "an old workbook named new": ("a.xlsx", OLE, "old_excel"),
    "an old workbook named csv": ("a.csv", OLE, "old_excel"),
    "a locked workbook": ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "a locked entry": ("a.xlsx", encrypted_entry(), "encrypted"),
    "a program": ("a.exe", b"MZ\x90", "unknown_kind"),
    "no ending": ("roster", b"a,b\n", "unknown_kind"),
    "a document": ("a.hwpx", zip_of("mimetype"), "unknown_kind"),
    "text named as workbook": ("a.xlsx", b"a,b\n1,2\n", "not_a_workbook"),
    "another archive": ("a.xlsx", zip_of("word/document.xml"), "not_a_workbook"),
    "a binary workbook": ("a.xlsx", zip_of("xl/workbook.bin"), "not_a_workbook"),
    "cut in the middle": ("a.xlsx", GOOD[: len(GOOD) // 2], "broken_file"),
    "cut at the end": ("a.xlsx", GOOD[:-10], "broken_file"),
    "zeros in the middle": ("a.xlsx", GOOD[:300] + b"\0" * 2000 + GOOD[2300:], "broken_file"),
    "only two letters": ("a.xlsx", b"PK", "broken_file"),
    "fifty megabytes in one hundred kilobytes": (
        "a.xlsx",
        lambda: raw_xlsx(sheet_xml(CELL + " " * 50_000_000)),
        "unpacks_too_large",
    ),
    "a bomb beside the sheets": (
        "a.xlsx",
        lambda: raw_xlsx(sheet_xml(CELL), more=[("xl/media/a.bin", b"\0" * 101_000_000)]),
        "unpacks_too_large",
    ),
    "an entry that lies about its size": ("a.xlsx", lying_size, "broken_file"),
    "twenty thousand entries": (
        "a.xlsx",
        lambda: raw_xlsx(
            sheet_xml(CELL),
            more=[(f"a{n}.xml", "") for n in range(20_000)],
            compression=zipfile.ZIP_STORED,
        ),
        "too_many_parts",
    ),
    "one part under two names": (
        "a.xlsx",
        raw_xlsx(sheet_xml(CELL), more=[("XL/workbook.xml", "")]),
        "broken_file",
    ),
    "a way out of the archive": (
        "a.xlsx",
        raw_xlsx(sheet_xml(CELL), more=[("../a.xml", "<a/>")]),
        "broken_file",
    ),
    "a foreign file asked for": ("a.xlsx", raw_xlsx(with_doctype(XXE)), "doctype"),
    "a billion laughs": ("a.xlsx", raw_xlsx(with_doctype(BILLION, "&b;")), "doctype"),
    "laughs in the strings": (
        "a.xlsx",
        raw_xlsx(sheet_xml(CELL), strings=BILLION + shared("&b;")),
        "doctype",
    ),
    "deep elements": (
        "a.xlsx",
        lambda: raw_xlsx(sheet_xml("<a>" * 100_000 + "</a>" * 100_000)),
        "unpacks_too_large",
    ),
    "elements without end": ("a.xlsx", raw_xlsx("<worksheet><a>"), "broken_file"),
    "a sheet that is no XML": ("a.xlsx", raw_xlsx("nothing"), "broken_file"),
    "a cell far below": ("a.xlsx", raw_xlsx(sheet_xml(number_cell("A1048576"))), "too_many_rows"),
    "a cell far to the right": (
        "a.xlsx",
        raw_xlsx(sheet_xml(number_cell("XFD1"))),
        "too_many_columns",
    ),
    "two cells far apart": (
        "a.xlsx",
        raw_xlsx(sheet_xml(number_cell("A50000") + number_cell("GR1"))),
        "too_many_cells",
    ),
    "a reference that is none": (
        "a.xlsx",
        raw_xlsx(sheet_xml(number_cell("A99999999999"))),
        "broken_file",
    ),
    "a string that is not there": (
        "a.xlsx",
        raw_xlsx(sheet_xml('<row><c r="A1" t="s"><v>7</v></c></row>'), strings=shared("a")),
        "broken_file",
    ),
    "one long string in many cells": (
        "a.xlsx",
        raw_xlsx(
            sheet_xml("<row>" + "<c t='s'><v>0</v></c>" * 100 + "</row>"),
            strings=shared("x" * 10_001),
        ),
        "cell_too_long",
    ),
    "more text than fits": (
        "a.xlsx",
        raw_xlsx(
            sheet_xml(("<row>" + "<c t='s'><v>0</v></c>" * 200 + "</row>") * 60),
            strings=shared("x" * 9_999),
        ),
        "unpacks_too_large",
    ),
    "strings in a strange place": (
        "a.xlsx",
        raw_xlsx(sheet_xml(CELL), more=[("xl/other.xml", shared("a"))]),
        "broken_file",
    ),
    "a huge cell in a workbook": (
        "a.xlsx",
        raw_xlsx(
            sheet_xml(f'<row><c r="A1" t="inlineStr"><is><t>{"x" * 20_000}</t></is></c></row>')
        ),
        "cell_too_long",
    ),
    "an encoding that does not exist": (
        "a.xlsx",
        raw_xlsx(sheet_xml(CELL).replace("UTF-8", "zip")),
        "broken_file",
    ),
    "a count that would take all memory": (
        "a.xlsx",
        raw_xlsx(
            sheet_xml(CELL), strings=f'<sst {MAIN} uniqueCount="4000000000"><si><t>a</t></si></sst>'
        ),
        "broken_file",
    ),
    "a huge cell in text": ("a.csv", b"a,b\n1," + b"x" * 20_000, "cell_too_long"),
    "a quotation mark never closed": ("a.csv", b'a,b\n1,"' + b"x,y\n" * 50_000, "cell_too_long"),
    "three hundred thousand rows": ("a.csv", b"a,b\n" * 300_000, "too_many_rows"),
    "three hundred columns": ("a.csv", b"a," * 300 + b"b\n", "too_many_columns"),
    "a zero character": ("a.csv", b"a,b\n1,2\n3,\x004\n", "control_character"),
    "an unknown encoding": ("a.csv", b"a,b\n\x81\xff\xfe,2\n", "encoding_unknown"),
    "half a character in UTF-16": ("a.txt", b"\xff\xfea\0b", "encoding_unknown"),
    "wrong bytes after a mark": ("a.csv", b"\xef\xbb\xbfa,\xff\n", "encoding_unknown"),
    "a web page named csv": ("a.csv", b"<html><table><tr><td>1</table>", "html_file"),
    "XML named csv": ("a.csv", b'<?xml version="1.0"?><a/>', "html_file"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(what):
    name, data, code = HOSTILE[what]
    with pytest.raises(SpreadsheetError) as caught:
        read_table(name, data() if callable(data) else data)
    assert caught.value.code == code


def test_the_reason_names_the_row():
    for what, row in (
        ("a zero character", 3),
        ("an unknown encoding", 2),
        ("a huge cell in text", 2),
    ):
        name, data, _ = HOSTILE[what]
        with pytest.raises(SpreadsheetError) as caught:
            read_table(name, data)
        assert caught.value.values["row"] == row


def test_formatted_but_empty_cells_far_away_do_no_harm():
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert len(read_table("a.xlsx", raw_xlsx(sheet_xml(CELL + far))).table().rows) == 1


def test_a_sheet_that_claims_to_be_huge_is_read_as_it_is():
    sheet = sheet_xml(CELL).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    assert len(read_table("a.xlsx", raw_xlsx(sheet)).table().rows) == 1


def test_a_workbook_with_pictures_and_remarks_is_read_without_them():
    more = [
        ("xl/media/image1.png", b"x"),
        ("docProps/app.xml", "<!DOCTYPE a><a/>"),
        ("xl/theme/theme1.xml", "no"),
    ]
    assert len(read_table("a.xlsx", raw_xlsx(sheet_xml(CELL), more=more)).table().rows) == 1


def test_merged_ranges_over_everything_end_soon():
    merges = '<mergeCells count="400">' + '<mergeCell ref="A1:XFD1048576"/>' * 400 + "</mergeCells>"
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 20_001))
    sheet = f"<worksheet {MAIN}><sheetData>{rows}</sheetData>{merges}</worksheet>"
    with pytest.raises(SpreadsheetError) as caught:
        read_table("a.xlsx", raw_xlsx(sheet))
    assert caught.value.code == "too_many_cells"


@pytest.mark.parametrize("place", range(0, len(GOOD), max(1, len(GOOD) // 60)))
def test_a_changed_byte_never_breaks_the_reader(place):
    data = bytearray(GOOD)
    data[place] ^= 0x5A
    try:
        read_table("a.xlsx", bytes(data))
    except SpreadsheetError as error:
        assert error.code  # noqa: PT017  # either is right: still readable, or refused with a reason
