"""Files for the tests of tables: honest workbooks, and hostile ones made by hand."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import xlsxwriter

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    'Target="%s"/>%s</Relationships>'
)
_STRINGS = (
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'sharedStrings" Target="sharedStrings.xml"/>'
)
_BOOK = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def make_xlsx(sheets, *, merges=None, hidden=()):
    """A workbook of `{sheet name: rows}`; merges are `{sheet name: [(first row, col, last row,
    col, value)]}`.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for line, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    when = (
                        value
                        if isinstance(value, datetime)
                        else datetime.combine(value, datetime.min.time())
                    )
                    sheet.write_datetime(line, place, when, day)
                elif value is not None:
                    sheet.write(line, place, value)
        for merge in (merges or {}).get(name, ()):
            sheet.merge_range(*merge)
    book.close()
    return target.getvalue()


def raw_xlsx(sheet, *, strings=None, more=(), compression=zipfile.ZIP_DEFLATED):
    """A workbook whose one sheet is this XML, written by hand; `more` are further (name,
    content) entries.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELS % ("officeDocument", "xl/workbook.xml", ""))
        archive.writestr("xl/workbook.xml", _BOOK)
        link = _STRINGS if strings is not None else ""
        archive.writestr(
            "xl/_rels/workbook.xml.rels", _RELS % ("worksheet", "worksheets/sheet1.xml", link)
        )
        if strings is not None:
            archive.writestr("xl/sharedStrings.xml", strings)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in more:
            archive.writestr(name, content)
    return target.getvalue()


def sheet_xml(cells):
    """The XML of a sheet with this inside its data."""
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>'


def as_csv(rows, *, encoding="utf-8", delimiter=","):
    """Rows as the bytes of a delimited file; dates in ISO, None empty."""
    lines = (delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows)
    return "\r\n".join(lines).encode(encoding)
