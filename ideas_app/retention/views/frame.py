"""The blueprint that the pages of this room hang on, and a table as a file to keep. Must not hold a view."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Blueprint, Response

from ideas_app.adapters.formats.blocks import describe_table
from ideas_app.adapters.formats.csv import write_csv
from ideas_app.adapters.formats.hwpx import write_hwpx
from ideas_app.adapters.formats.xlsx import write_xlsx
from ideas_app.core import clock
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.web.i18n import locale_code
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.adapters.formats import Column, Language

blueprint = Blueprint("retention", __name__)

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "hwpx": "application/hwp+zip",
}


def as_file(
    ending: str, columns: Sequence[Column], rows: Sequence[dict[str, Any]], *, title: str, name: str
) -> Response:
    """A table as XLSX, CSV or HWPX in the language that is spoken. Raises `NotFound` for any other ending."""
    if ending not in _TYPES:
        raise NotFound("no_format", _l("There is no such kind of file here."))
    lang: Language = "en" if locale_code() == "en" else "ko"
    as_of = clock.today()
    if ending == "csv":
        content = b"".join(write_csv(columns, rows, lang=lang, as_of=as_of))
    elif ending == "xlsx":
        target = io.BytesIO()
        write_xlsx(target, columns, rows, lang=lang, title=title, as_of=as_of)
        content = target.getvalue()
    else:
        author = house_name("SITE_NAME")
        document = describe_table(
            columns, rows, lang=lang, title=title, author=author, as_of=as_of, mark=""
        )
        content = write_hwpx(document, None)
    answer = Response(content, content_type=_TYPES[ending])
    file_name = quote(f"{name}_{as_of:%Y%m%d}.{ending}")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{file_name}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
