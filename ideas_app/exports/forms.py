"""The shape of a request for a file, and of the centre's own form. Must not know who may ask."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.exports.rules import OFFERED, Format, Kind
from ideas_app.web.baseform import BaseForm, Characters, LineField

HOLDS = {
    (Kind.IDEAS, False): _l("titles, states, answers; no names"),
    (Kind.IDEAS, True): _l("also nicknames and e-mail"),
    (Kind.SHORTLIST, False): _l("the list, its reasons, the fingerprint"),
    (Kind.SHORTLIST, True): _l("a table with nicknames and e-mail"),
    (Kind.SHEETS, False): _l("each shortlisted idea on one page"),
    (Kind.BALLOTS, False): _l("ballots for each entry; PB: the ballots themselves"),
    (Kind.EVALUATIONS, True): _l("scores and findings with names, as far as you may see them"),
    (Kind.PARTICIPATION, False): _l("sums of 5 or more"),
    (Kind.REPORT, False): _l("all figures with their definitions"),
}
"""What each file holds, in a few words: by kind, and whether it is a working file."""


def _year(value: str | int | None) -> int | None:
    """The year chosen, or None: a campaign's file needs none."""
    return int(value) if value and str(value).isdecimal() else None


def choice_of(kind: Kind, file_format: Format, *, working: bool) -> str:
    """The value of a cell in the table of files."""
    return f"{kind.value}.{'working' if working else 'open'}.{file_format.value}"


class ExportForm(BaseForm):
    """What for whom as which file, of which campaign or year."""

    choice = RadioField(
        _l("File"),
        choices=[
            SelectChoice(choice_of(kind, each, working=working), each.value)
            for (kind, working), formats in OFFERED.items()
            for each in formats
        ],
        default=choice_of(Kind.IDEAS, Format.XLSX, working=False),
    )
    campaign = SelectField(_l("Campaign"))
    year = SelectField(_l("Year"), coerce=_year, validate_choice=False)
    lang = SelectField(
        _l("Language"),
        choices=[
            SelectChoice("ko", lazy_pgettext("language", "Korean")),
            SelectChoice("en", lazy_pgettext("language", "English")),
        ],
        default="ko",
    )
    purpose = LineField(_l("Purpose, for the log (working files)"), [Characters(most=200)])

    def chosen(self) -> tuple[Kind, bool, Format]:
        """The kind, whether it is a working file, the format."""
        kind, audience, file_format = str(self.choice.data).split(".")
        return Kind(kind), audience == "working", Format(file_format)


class TemplateForm(BaseForm):
    """The centre's own form."""

    file = FileField(_l("Form (.hwpx)"), [FileRequired(_l("Choose a .hwpx file."))])
