"""What the head of a public page says to search engines and social networks: its one address, its languages.

Must not know what a page shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import current_app
from flask.globals import request_ctx

from ideas_app.opendata.views.frame import blueprint
from ideas_app.web.access import current_actor
from ideas_app.web.addresses import quoted_path
from ideas_app.web.i18n import LOCALES, locale_code
from ideas_app.web.steady import steady
from ideas_app.web.templating import base_url

_KEPT = ("by", "year", "campaign", "field")
"""Values in an address that lead to another page; all others only order or narrow the same one."""
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,80}")


@dataclass(frozen=True, slots=True)
class PageLinks:
    """The canonical address of a page, and the same page in each language."""

    canonical: str
    languages: tuple[tuple[str, str], ...]
    plain: str
    """The address that lets the reader's own language decide."""


@blueprint.app_template_global("page_links")
def page_links() -> PageLinks | None:
    """The addresses of the present page; None where it is nobody else's business.

    A page that is read with `?lang=` is its own canonical address, as the languages name one another.
    """
    asked = request_ctx.request
    view = current_app.view_functions.get(asked.endpoint or "")
    is_open = getattr(view, "access", "") == "public" and asked.method == "GET"
    if not is_open or current_actor().is_signed_in:
        return None
    given = asked.args
    pairs = [
        f"{name}={given[name]}" for name in _KEPT if name in given and _PLAIN.fullmatch(given[name])
    ]
    plain = base_url() + quoted_path(asked.path) + ("?" + "&".join(pairs) if pairs else "")
    mark = "&" if pairs else "?"
    languages = tuple((code, f"{plain}{mark}lang={code}") for code in LOCALES)
    chosen = given.get("lang")
    canonical = dict(languages)[chosen] if chosen in LOCALES else plain
    return PageLinks(canonical, languages, plain)


@blueprint.app_template_global("network_locale")
@steady
def network_locale() -> str:
    """The language as social networks write it."""
    return "en_US" if locale_code() == "en" else "ko_KR"
