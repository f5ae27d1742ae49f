"""Forms of whoever writes the house's texts. They check shape only."""

from __future__ import annotations

from wtforms import DateField
from wtforms.validators import Optional

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.terms.rules import LONGEST
from ideas_app.terms.service import Writing
from ideas_app.web.baseform import BaseForm, Characters, LineField, LinesField


class TextForm(BaseForm):
    """One version in both languages."""

    body_ko = LinesField(_l("Text in Korean"), [Characters(0, LONGEST)])
    body_en = LinesField(_l("Text in English"), [Characters(0, LONGEST)])
    note_ko = LineField(_l("What changed, in Korean"), [Characters(0, 300)])
    note_en = LineField(_l("What changed, in English"), [Characters(0, 300)])
    in_force_on = DateField(_l("In force from"), [Optional()])

    def writing(self) -> Writing:
        """What was typed."""
        return Writing(
            body_ko=self.body_ko.data or "",
            body_en=self.body_en.data or "",
            note_ko=self.note_ko.data or "",
            note_en=self.note_en.data or "",
            in_force_on=self.in_force_on.data,
        )


class ContactForm(BaseForm):
    """Who answers for personal data."""

    officer = LineField(_l("Protection officer: name and position"), [Characters(0, 80)])
    department = LineField(_l("Department in charge"), [Characters(0, 80)])
    phone = LineField(_l("Telephone"), [Characters(0, 40)])
    email = LineField(_l("E-mail address"), [Characters(0, 200)])
