"""The shape of what is said of promises: a step, what became of one or of many, who keeps it, a mistake taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_wtf.file import FileField
from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.form import Form
from wtforms.validators import InputRequired, Optional

from ideas_app.answers.models import PromiseStatus
from ideas_app.answers.queries import DESK_MOST
from ideas_app.answers.rules.promises import ALT_MAX, PICTURES_MAX, WORD_MAX, Word
from ideas_app.answers.service import Change, Upload
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.web.baseform import BaseForm, Characters, Filled, LineField, LinesField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wtforms import Field

    from ideas_app.answers.queries import PromiseRow
    from ideas_app.core.errors import Invalid

OUTCOMES = (
    (PromiseStatus.DONE.value, lazy_pgettext("promise", "Kept")),
    (PromiseStatus.MOVED.value, lazy_pgettext("promise", "Moved")),
    (PromiseStatus.DROPPED.value, lazy_pgettext("promise", "Dropped")),
)


class PictureRow(Form):
    """One picture and what can be seen on it. A row without a file is no picture."""

    file = FileField(_l("Picture"))
    alt = LineField(_l("What can be seen on it"), [Characters(most=ALT_MAX)])


class PicturedForm(BaseForm):
    """A form that takes pictures."""

    pictures = FieldList(FormField(PictureRow), min_entries=1, max_entries=PICTURES_MAX)

    def uploads(self) -> list[Upload]:
        """The files that were chosen, read; words without a file are left out."""
        return [
            Upload(row.form.file.data.read(), row.form.alt.data or "", number)
            for number, row in enumerate(self.pictures)
            if row.form.file.data
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Beside the fields' own rules: the rows' faults as texts, where a list would hold dictionaries."""
        good = bool(super().validate(extra_validators))
        self._gather()
        return good

    def take_faults(self, invalid: Invalid) -> None:
        """Puts each fault at its field; those of pictures are named `<row>-<field>`."""
        for fault in invalid.faults:
            number, _, name = fault.field.partition("-")
            if number.isdigit() and int(number) < len(self.pictures):
                field = self.pictures[int(number)].form[name]
                field.errors = [*field.errors, fault.message]
        rest = [fault for fault in invalid.faults if not fault.field[:1].isdigit()]
        if rest:
            super().take_faults(type(invalid)(*rest))
        self._gather()

    def _gather(self) -> None:
        self.pictures.errors = [
            message for row in self.pictures for field in row.form for message in field.errors
        ]


class PromiseForm(PicturedForm):
    """What became of a promise, with a picture if there is one."""

    status = RadioField(
        _l("What became of it"),
        choices=[SelectChoice(*one) for one in OUTCOMES],
        validators=[InputRequired(_l("Choose what became of the promise."))],
    )
    moved_to = DateField(_l("New date, if moved"), [Optional()])
    what_happened = LinesField(_l("What happened"), [Filled(), Characters(most=WORD_MAX)])


class StepForm(PicturedForm):
    """A step on the way."""

    text = LinesField(_l("What was achieved"), [Filled(), Characters(most=WORD_MAX)])
    percent = IntegerField(
        _l("How much is done, in per cent"),
        [InputRequired(_l("Say how much is done, as a number from 0 to 100."))],
    )
    pictures = FieldList(FormField(PictureRow), min_entries=PICTURES_MAX, max_entries=PICTURES_MAX)


class KeeperForm(BaseForm):
    """Who keeps a promise."""

    department = LineField(_l("Department"), [Characters(most=60)])
    post = LineField(_l("Responsible post"), [Characters(most=60)])


class ReopenForm(BaseForm):
    """Taking a wrong "kept" back."""

    reason = LinesField(_l("Reason that everybody reads"), [Filled(), Characters(most=WORD_MAX)])


class PromiseLine(Form):
    """One promise among many: nothing is said of it unless an outcome is chosen or something typed."""

    promise_id = HiddenField()
    seen = HiddenField()
    status = SelectField(
        _l("What became of it"),
        choices=[SelectChoice("", _l("nothing yet")), *(SelectChoice(*one) for one in OUTCOMES)],
        validate_choice=False,
    )
    moved_to = DateField(_l("New date, if moved"), [Optional()])
    what_happened = LineField(_l("What happened"), [Characters(most=WORD_MAX)])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen or typed, not even a date that cannot be read."""
        raw = any(self.moved_to.raw_data or ())
        return not (self.status.data or self.what_happened.data or raw)

    @property
    def number(self) -> int:
        """The promise's id; 0 for anything else."""
        return _number(self.promise_id.data)

    def change(self) -> Change:
        """What was said, as the service takes it."""
        known = {one[0] for one in OUTCOMES}
        status = self.status.data if self.status.data in known else PromiseStatus.OPEN.value
        word = Word(PromiseStatus(status), self.what_happened.data or "", self.moved_to.data)
        return Change(self.number, word, _number(self.seen.data))


class PromisesForm(BaseForm):
    """What became of many promises, saved together."""

    lines = FieldList(FormField(PromiseLine), max_entries=DESK_MOST)

    @classmethod
    def of(cls, rows: Iterable[PromiseRow]) -> PromisesForm:
        """An empty line for each promise."""
        form = cls(formdata=None)
        for row in rows:
            form.lines.append_entry({"promise_id": str(row.promise.id), "seen": str(row.last_step)})
        return form

    def line_of(self, promise_id: int) -> PromiseLine | None:
        """The line of a promise."""
        return next((row.form for row in self.lines if row.form.number == promise_id), None)

    def promise_ids(self) -> list[int]:
        """The promises of which there are lines."""
        return [row.form.number for row in self.lines if row.form.number]

    def changes(self) -> list[Change]:
        """What was said; lines on which nothing was are left out, and so is a second line of one promise."""
        said = {row.form.number: row.form for row in self.lines if not row.form.is_empty}
        return [line.change() for line in said.values()]

    def faults(self) -> list[tuple[int, Field]]:
        """Every field that has to be mended, with the promise of its line."""
        return [
            (row.form.number, field) for row in self.lines for field in row.form if field.errors
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """The lines' own rules; lines on which nothing was said are good."""
        good = bool(super().validate(extra_validators))
        self.lines.errors = []
        return good

    def take_faults(self, invalid: Invalid) -> None:
        """Puts each fault, named `<promise id>-<field>`, at its line."""
        for fault in invalid.faults:
            number, _, name = fault.field.partition("-")
            line = self.line_of(_number(number))
            if line is None or name not in line:
                self.form_errors.append(fault.message)
            else:
                line[name].errors = [*line[name].errors, fault.message]


def _number(text: str | None) -> int:
    """A number that was sent; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
