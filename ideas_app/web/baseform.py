"""The base of all forms: normalised text, lengths as readers count them, faults of services put at their field.

Must not know any feature; forms check shape only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from ideas_app.core import text
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_ngettext

if TYPE_CHECKING:
    from wtforms import Field, Form

    from ideas_app.core.errors import Invalid


class LineField(StringField):
    """One line of text, normalised, white space folded."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Takes what was typed."""
        super().process_formdata([text.one_line(str(value)) for value in valuelist])


class LinesField(TextAreaField):
    """Several lines of text, normalised."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Takes what was typed."""
        super().process_formdata([text.normalise(str(value)) for value in valuelist])


class Filled:
    """Something must stand here; says what to do."""

    field_flags = {"required": True}  # noqa: RUF012  # read by WTForms as a class attribute

    def __init__(self, message: Any = None) -> None:
        self.message = message or _l("Please fill this in.")

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises `StopValidation` for an empty field."""
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            raise StopValidation(self.message)


class Characters:
    """Between `least` and `most` characters, counted as a reader counts them."""

    def __init__(self, least: int = 0, most: int | None = None) -> None:
        self.least = least
        self.most = most

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises `ValidationError` for too few or too many."""
        count = text.length(field.data or "")
        if count < self.least:
            raise ValidationError(
                lazy_ngettext(
                    "Too short: please write at least %(num)s character.",
                    "Too short: please write at least %(num)s characters.",
                    self.least,
                )
            )
        if self.most is not None and count > self.most:
            raise ValidationError(
                _l(
                    "Too long by %(over)s: at most %(most)s characters fit here.",
                    over=count - self.most,
                    most=self.most,
                )
            )


class BaseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form of this service."""

    def take_faults(self, invalid: Invalid) -> None:
        """Puts each fault that a service found at its field, or at the form where there is no such field."""
        for fault in invalid.faults:
            field = self._fields.get(fault.field)
            if field is None:
                self.form_errors.append(fault.message)
            else:
                field.errors = [*field.errors, fault.message]
