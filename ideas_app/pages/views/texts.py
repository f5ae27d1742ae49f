"""The texts of the house: privacy notice, terms, rules, accessibility. Shipped with the code, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import gettext as _

from ideas_app.core.markup import render_page
from ideas_app.pages.views.frame import blueprint
from ideas_app.web.access import public
from ideas_app.web.i18n import locale_code
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_TEXTS = Path(__file__).parent.parent / "texts"


def _text_page(name: str, title: str) -> str:
    source = (_TEXTS / f"{name}.{locale_code()}.md").read_text(encoding="utf-8")
    filled = source.replace("{site}", house_name("SITE_NAME")).replace(
        "{city}", house_name("CITY_NAME")
    )
    return render_template("pages/text.html", heading=title, html=render_page(filled))


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """How personal data is handled."""
    return _text_page("privacy", _("Privacy notice"))


@blueprint.get("/terms")
@public
def terms() -> ResponseReturnValue:
    """The terms of use."""
    return _text_page("terms", _("Terms of use"))


@blueprint.get("/rules")
@public
def rules() -> ResponseReturnValue:
    """How the centre decides."""
    return _text_page("rules", _("House rules"))


@blueprint.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """How the site can be used by everybody."""
    return _text_page("accessibility", _("Accessibility"))
