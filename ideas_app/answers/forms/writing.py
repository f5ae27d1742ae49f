"""The shape of a draft of an official answer, and of the one extension of its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import (
    DateField,
    DateTimeLocalField,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.form import Form
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from ideas_app.answers.models import Decision
from ideas_app.answers.rules import PROMISE_MAX, REASON_MAX, AnswerContent, PromiseContent
from ideas_app.answers.rules.drafts import PROMISES_MAX
from ideas_app.core import clock
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.web.baseform import BaseForm, Characters, Filled, LineField, LinesField

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ideas_app.answers.models import AnswerTemplate
    from ideas_app.answers.queries import Colleague


DECISIONS = (
    (Decision.ADOPTED.value, lazy_pgettext("decision", "Adopted")),
    (Decision.PARTLY.value, lazy_pgettext("decision", "Partly adopted")),
    (Decision.LATER.value, lazy_pgettext("decision", "Considered later")),
    (Decision.HARD.value, lazy_pgettext("decision", "Not possible")),
    (Decision.ALREADY.value, lazy_pgettext("decision", "Done already")),
    (Decision.PASSED_ON.value, lazy_pgettext("decision", "Passed to another body")),
)

PROMISE_ROWS_MAX = PROMISES_MAX


class PromiseRow(Form):
    """One promise: what, and by when. A row without either is no promise."""

    text = LineField(_l("What"), [Characters(most=PROMISE_MAX)])
    due_on = DateField(_l("By when"), [Optional()])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed, not even a date that cannot be read."""
        return not self.text.data and not self.due_on.data and not any(self.due_on.raw_data or ())


class AnswerForm(BaseForm):
    """A draft of an official answer, and what is to become of it.

    A draft may have gaps: what is missing is said by the service where it matters.
    """

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    """The draft that the writer began from."""
    decision = RadioField(
        _l("Decision"), choices=[SelectChoice(*one) for one in DECISIONS], validators=[Optional()]
    )
    headline = LineField(_l("Answer in one line"), [Characters(most=120)])
    reason = LinesField(_l("Reason"), [Characters(most=REASON_MAX)])
    department = LineField(_l("Department"), [Characters(most=60)])
    post = LineField(_l("Responsible post"), [Characters(most=60)])
    next_on = DateField(_l("Day of the next word"), [Optional()])
    promises = FieldList(
        FormField(PromiseRow),
        _l("Promises and their days"),
        min_entries=1,
        max_entries=PROMISE_ROWS_MAX,
    )
    template = SelectField(_l("Template"), choices=[], coerce=str, validate_choice=False)
    reviewer = SelectField(_l("Who looks it over"), choices=[], coerce=str, validate_choice=False)
    when = RadioField(
        _l("When"),
        choices=[
            SelectChoice("now", _l("At once")),
            SelectChoice("at", _l("At a set time")),
        ],
        default="now",
        validators=[Optional()],
    )
    at = DateTimeLocalField(_l("Set time"), format="%Y-%m-%dT%H:%M", validators=[Optional()])
    alone = LineField(_l("Why it cannot wait for a second pair of eyes"))

    @classmethod
    def of(cls, content: AnswerContent, version: int) -> AnswerForm:
        """The form with a draft; promises that were made stay as they are, so its rows are for new ones."""
        return cls(
            formdata=None,
            version=version,
            decision=content.decision.value if content.decision else None,
            headline=content.headline,
            reason=content.reason,
            department=content.department,
            post=content.post,
            next_on=content.next_on,
            promises=[{"text": one.text, "due_on": one.due_on} for one in content.promises],
        )

    def offer(self, templates: Iterable[AnswerTemplate], colleagues: Iterable[Colleague]) -> None:
        """Fills in what the lists of choice hold."""
        self.template.choices = [
            SelectChoice("", _l("Choose a template")),
            *(SelectChoice(str(one.id), one.title) for one in templates),
        ]
        self.reviewer.choices = [
            SelectChoice("", _l("Any colleague")),
            *(SelectChoice(str(one.id), one.name) for one in colleagues),
        ]

    def add_row(self) -> None:
        """Offers one more empty row for a promise, up to the most that a form takes."""
        if len(self.promises) < PROMISE_ROWS_MAX:
            self.promises.append_entry()

    def drop_row(self, number: int) -> None:
        """Takes a row for a promise out; the others keep what was typed."""
        kept = [
            {"text": row.form.text.data, "due_on": row.form.due_on.data}
            for place, row in enumerate(self.promises)
            if place != number
        ]
        while len(self.promises):
            self.promises.pop_entry()
        for values in kept or [{}]:
            self.promises.append_entry(values)

    def put_in(self, decision: Decision | None, headline: str, reason: str) -> None:
        """Puts words from elsewhere in: empty places are filled, a reason that was begun goes on below."""
        if decision is not None and not self.decision.data:
            self.decision.data = decision.value
        self.headline.data = self.headline.data or headline
        own = self.reason.data or ""
        self.reason.data = f"{own}\n\n{reason}" if own and reason not in own else own or reason

    @property
    def publish_at(self) -> datetime | None:
        """The time that was set, in Seoul; None for at once."""
        if self.when.data != "at" or self.at.data is None:
            return None
        return clock.day_start(self.at.data.date(), self.at.data.hour, self.at.data.minute)

    @property
    def reviewer_id(self) -> int | None:
        """Whose eyes are asked for; None for any colleague's."""
        return int(self.reviewer.data) if (self.reviewer.data or "").isdecimal() else None

    def content(self) -> AnswerContent:
        """What was typed, as the service takes it: rows without anything are left out."""
        chosen = self.decision.data
        return AnswerContent(
            decision=Decision(chosen) if chosen in set(Decision) else None,
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
        """Beside the fields' own rules: a set time has a time, and a row's faults can be read."""
        good = bool(super().validate(extra_validators))
        # the list itself would hold its rows' errors as dictionaries, which nobody can read
        self.promises.errors = [
            message
            for row in self.promises
            for message in (*row.form.text.errors, *row.form.due_on.errors)
        ]
        if self.when.data == "at" and self.at.data is None and not self.at.errors:
            self.at.errors = [_l("Give the day and the time.")]
            good = False
        return good

    def mark_gaps(self) -> None:
        """Says at each promise what it lacks, where publishing was asked for."""
        for number, row in enumerate(self.promises, start=1):
            typed = row.form
            if typed.is_empty:
                continue
            if not typed.due_on.data and not typed.due_on.errors:
                message = _l(
                    "Promise %(number)s has no date. Give one, so that people can hold the city to it.",
                    number=number,
                )
                typed.due_on.errors = [message]
            if not typed.text.data and not typed.text.errors:
                message = _l(
                    "Promise %(number)s says only when. Say what is promised.", number=number
                )
                typed.text.errors = [message]


class ExtensionForm(BaseForm):
    """The one extension of an answer's time."""

    to = DateField(_l("New due date"), [InputRequired(_l("Choose the new due date."))])
    reason = LinesField(
        _l("Reason that everybody reads"), [Filled(), Characters(least=5, most=300)]
    )
