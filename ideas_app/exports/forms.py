"""The shape of a request for a file. Must not know who may ask."""

from __future__ import annotations

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.exports.rules import WORDS
from ideas_app.web.baseform import BaseForm, Characters, LineField


def _year(value: str | int | None) -> int | None:
    """The year chosen, or None: a campaign's file needs none."""
    return int(value) if value and str(value).isdecimal() else None


class ExportForm(BaseForm):
    """What, of which campaign or year, as which file, for whom."""

    kind = SelectField(_l("What"), choices=[SelectChoice(*one) for one in WORDS["export"].items()])
    campaign = SelectField(_l("Campaign"))
    year = SelectField(_l("Year"), coerce=_year, validate_choice=False)
    format = RadioField(
        _l("File"),
        choices=[
            SelectChoice("xlsx", _l("XLSX: for spreadsheet programs")),
            SelectChoice("csv", _l("CSV: for open data")),
            SelectChoice("json", _l("JSON: for programs")),
            SelectChoice("pdf", _l("PDF: to print and to hand on")),
        ],
        default="xlsx",
    )
    lang = RadioField(
        _l("Language of the headers"),
        choices=[
            SelectChoice("ko", lazy_pgettext("language", "Korean")),
            SelectChoice("en", lazy_pgettext("language", "English")),
        ],
        default="ko",
    )
    audience = RadioField(
        _l("For whom"),
        choices=[
            SelectChoice("open", _l("Open: no personal data, may be handed on")),
            SelectChoice("working", _l("Working: with nicknames and e-mail, for the desk only")),
        ],
        default="open",
    )
    purpose = LineField(_l("Purpose, for the log (working files)"), [Characters(most=200)])
