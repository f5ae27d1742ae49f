"""What the views of this room share: the blueprint, and a file as an answer."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response

from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.text import slugify
from ideas_app.exports.rules import CONTENT_TYPES, Format, ending_of
from ideas_app.exports.service import write_document
from ideas_app.web.i18n import locale_code

if TYPE_CHECKING:
    from ideas_app.adapters.formats import Language
    from ideas_app.adapters.formats.blocks import Document

blueprint = Blueprint("exports", __name__)


def language() -> Language:
    """The language that is being read."""
    return "en" if locale_code() == "en" else "ko"


def as_file(content: bytes, name: str, file_format: Format) -> Response:
    """A file to keep."""
    response = Response(content, content_type=CONTENT_TYPES[file_format])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.set_etag(sha256(content).hexdigest())
    return response


def as_paper(document: Document, wanted: str) -> Response:
    """A document as the format that an address names. Raises `NotFound` for any but PDF and HWPX."""
    file_format = format_in(wanted, Format.PDF, Format.HWPX)
    name = f"{slugify(document.title)}.{ending_of(file_format)}"
    return as_file(write_document(document, file_format), name, file_format)


def format_in(wanted: str, *offered: Format) -> Format:
    """The format that an address names. Raises `NotFound` for one that is not offered there."""
    for each in offered:
        if each.value == wanted:
            return each
    raise NotFound("no_format", _l("There is no such kind of file here."))
