"""What the views of this room share: the blueprint, the language of files, a file as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response, request

from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.web.i18n import LOCALES, locale_code

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as WerkzeugResponse

    from ideas_app.adapters.formats import Language

blueprint = Blueprint("opendata", __name__)


def language() -> Language:
    """The language that is being read."""
    return "en" if locale_code() == "en" else "ko"


def require_language(code: str) -> str:
    """The language that an address names. Raises `NotFound` for one that the site does not speak."""
    if code not in LOCALES:
        raise NotFound("no_language", _l("There is no such language here."))
    return code


def as_download(content: bytes, name: str, media_type: str, digest: str) -> WerkzeugResponse:
    """A file to keep; 304 for a reader that has it already. It is asked for anew each time, because
    it may be closed.
    """
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(digest)
    return response.make_conditional(request)
