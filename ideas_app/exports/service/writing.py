"""Rows and documents into bytes, each format by its own adapter. Must not know what is written, nor for whom."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ideas_app.adapters.formats.blocks import describe_table
from ideas_app.adapters.formats.csv import write_csv, write_csv_cp949
from ideas_app.adapters.formats.hwpx import write_hwpx
from ideas_app.adapters.formats.json import write_json
from ideas_app.adapters.formats.pdf import write_pdf
from ideas_app.adapters.formats.xlsx import write_xlsx
from ideas_app.core import clock
from ideas_app.exports import queries
from ideas_app.exports.rules import MARK, Format
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ideas_app.adapters.formats import Column, Language
    from ideas_app.adapters.formats.blocks import Document
    from ideas_app.adapters.formats.csv import Replacement


@dataclass(frozen=True, slots=True)
class Content:
    """A file's bytes, and what CP949 could not hold."""

    data: bytes
    replaced: list[Replacement] = field(default_factory=list)


def write_document(document: Document, file_format: Format) -> bytes:
    """A document as PDF or, in the centre's own form if there is one, as HWPX."""
    if file_format is Format.PDF:
        return write_pdf(document)
    return write_hwpx(document, queries.template_content())


def write_rows(
    file_format: Format,
    columns: Sequence[Column],
    rows: Iterable[dict[str, Any]],
    *,
    lang: Language,
    title: str,
    kind: str,
    mark: str,
) -> Content:
    """Rows as a file of any format. `mark`: who took a working file; empty for an open one.

    A CSV says it in a column, a workbook on its first sheet, JSON at its head, a document in its foot.
    """
    as_of = clock.today()
    if file_format in {Format.CSV, Format.CP949}:
        if mark:
            columns = (*columns, MARK)
            unmarked = rows
            rows = ({**row, MARK.key: mark} for row in unmarked)
        if file_format is Format.CP949:
            return Content(*write_csv_cp949(columns, rows, lang=lang, as_of=as_of))
        return Content(b"".join(write_csv(columns, rows, lang=lang, as_of=as_of)))
    if file_format is Format.JSON:
        about = {"kind": kind, "title": title, **({"mark": mark} if mark else {})}
        return Content(b"".join(write_json(columns, rows, lang=lang, as_of=as_of, about=about)))
    if file_format is Format.XLSX:
        target = io.BytesIO()
        notes = [mark] if mark else []
        write_xlsx(target, columns, rows, lang=lang, title=title, as_of=as_of, notes=notes)
        return Content(target.getvalue())
    document = describe_table(
        columns,
        rows,
        lang=lang,
        title=title,
        author=house_name("SITE_NAME"),
        as_of=as_of,
        mark=mark,
    )
    return Content(write_document(document, file_format))
