"""The shape of an official answer, and of the one extension of its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import DateField, FieldList, FormField, RadioField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.form import Form
from wtforms.validators import InputRequired, Optional

from ideas_app.answers.models import Decision
from ideas_app.answers.rules import PROMISE_MAX, REASON_MAX, AnswerContent, PromiseContent
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.web.baseform import BaseForm, Characters, Filled, LineField, LinesField

if TYPE_CHECKING:
    from ideas_app.answers.models import Answer


DECISIONS = (
    (Decision.ADOPTED.value, lazy_pgettext("decision", "Adopted")),
    (Decision.PARTLY.value, lazy_pgettext("decision", "Partly adopted")),
    (Decision.LATER.value, lazy_pgettext("decision", "Considered later")),
    (Decision.HARD.value, lazy_pgettext("decision", "Not possible")),
    (Decision.ALREADY.value, lazy_pgettext("decision", "Done already")),
    (Decision.PASSED_ON.value, lazy_pgettext("decision", "Passed to another body")),
)

PROMISE_ROWS = 3
"""Empty rows offered for new promises; "more rows" offers as many again."""

PROMISE_ROWS_MAX = 12


class PromiseRow(Form):
    """One promise: what, and by when. A row without either is no promise."""

    text = LineField(_l("What"), [Characters(most=PROMISE_MAX)])
    due_on = DateField(_l("By when"), [Optional()])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed, not even a date that cannot be read."""
        return not self.text.data and not self.due_on.data and not any(self.due_on.raw_data or ())


class AnswerForm(BaseForm):
    """An official answer."""

    decision = RadioField(
        _l("Decision"),
        choices=[SelectChoice(*one) for one in DECISIONS],
        validators=[InputRequired(_l("Choose a decision."))],
    )
    headline = LineField(_l("Answer in one line"), [Characters(most=120)])
    reason = LinesField(
        _l("Reason"), [Filled(_l("The reason is missing.")), Characters(most=REASON_MAX)]
    )
    department = LineField(
        _l("Department"), [Filled(_l("Name the department.")), Characters(most=60)]
    )
    post = LineField(_l("Responsible post"), [Filled(_l("Name the post.")), Characters(most=60)])
    next_on = DateField(_l("Day of the next word"), [Optional()])
    promises = FieldList(
        FormField(PromiseRow), min_entries=PROMISE_ROWS, max_entries=PROMISE_ROWS_MAX
    )
    more = SubmitField(_l("More rows"))

    @classmethod
    def of(cls, answer: Answer) -> AnswerForm:
        """The form with what a published answer says; promises that were made stay as they are, so
        its rows are for new ones.
        """
        if answer.answered_at is None:
            return cls(formdata=None)
        return cls(
            formdata=None,
            decision=answer.decision.value if answer.decision else None,
            headline=answer.headline,
            reason=answer.reason,
            department=answer.department,
            post=answer.post,
            next_on=answer.next_on,
        )

    def add_rows(self) -> None:
        """Offers more empty rows for promises, up to the most that a form takes."""
        for _row in range(min(PROMISE_ROWS, PROMISE_ROWS_MAX - len(self.promises))):
            self.promises.append_entry()

    def content(self) -> AnswerContent:
        """What was typed, as the service takes it: rows without anything are left out."""
        return AnswerContent(
            decision=Decision(self.decision.data),
            headline=self.headline.data or "",
            reason=self.reason.data or "",
            department=self.department.data or "",
            post=self.post.data or "",
            next_on=self.next_on.data,
            promises=tuple(
                PromiseContent(row.form.text.data or "", row.form.due_on.data)
                for row in self.promises
                if not row.form.is_empty
            ),
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Beside the fields' own rules: every promise has its words and its day."""
        good = bool(super().validate(extra_validators))
        # The list itself would hold its rows' errors as dictionaries, which nobody can read.
        self.promises.errors = []
        for number, row in enumerate(self.promises, start=1):
            if row.form.is_empty:
                continue
            good = self._check_row(number, row.form) and good
        return good

    def _check_row(self, number: int, row: PromiseRow) -> bool:
        if not row.due_on.data and not row.due_on.errors:
            message = _l(
                "Promise %(number)s has no date. Give one, so that people can hold the city to it.",
                number=number,
            )
            row.due_on.errors = [message]
        if not row.text.data and not row.text.errors:
            message = _l("Promise %(number)s says only when. Say what is promised.", number=number)
            row.text.errors = [message]
        found = [*row.text.errors, *row.due_on.errors]
        self.promises.errors = [*self.promises.errors, *found]
        return not found


class ExtensionForm(BaseForm):
    """The one extension of an answer's time."""

    to = DateField(_l("New due date"), [InputRequired(_l("Choose the new due date."))])
    reason = LinesField(
        _l("Reason that everybody reads"), [Filled(), Characters(least=5, most=300)]
    )
