"""The shape of what passes between officials: handing on, looking over, publishing together, templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import DateTimeLocalField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from ideas_app.answers.forms.writing import DECISIONS
from ideas_app.answers.models import Decision
from ideas_app.answers.rules import REASON_MAX
from ideas_app.answers.rules.desk import WORD_MAX
from ideas_app.core import clock
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.web.baseform import BaseForm, Characters, Filled, LineField, LinesField

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ideas_app.answers.queries import Colleague


class HandForm(BaseForm):
    """To whom answers go: a colleague, or a department with a word on why."""

    colleague = SelectField(_l("To a colleague"), choices=[], coerce=str, validate_choice=False)
    department = LineField(_l("Or to a department"), [Characters(most=60)])
    word = LinesField(_l("A word to them"), [Characters(most=WORD_MAX)])

    def offer(self, colleagues: Iterable[Colleague]) -> None:
        """Fills in who may be chosen."""
        self.colleague.choices = [
            SelectChoice("", _l("Nobody in particular")),
            *(
                SelectChoice(str(one.id), f"{one.name} {one.department}".strip())
                for one in colleagues
            ),
        ]

    @property
    def colleague_id(self) -> int | None:
        """Who was chosen; None for a department."""
        return int(self.colleague.data) if (self.colleague.data or "").isdecimal() else None


class ReviewForm(BaseForm):
    """What the second pair of eyes says of the version that was looked at."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    word = LinesField(_l("What should be mended"), [Characters(most=WORD_MAX)])


class TogetherForm(BaseForm):
    """When several answers are published, and why without a second pair of eyes."""

    when = RadioField(
        _l("When"),
        choices=[SelectChoice("now", _l("At once")), SelectChoice("at", _l("At a set time"))],
        default="now",
        validators=[InputRequired()],
    )
    at = DateTimeLocalField(_l("Set time"), format="%Y-%m-%dT%H:%M", validators=[Optional()])
    alone = LineField(_l("Why it cannot wait for a second pair of eyes"))

    @property
    def publish_at(self) -> datetime | None:
        """The time that was set, in Seoul; None for at once."""
        if self.when.data != "at" or self.at.data is None:
            return None
        return clock.day_start(self.at.data.date(), self.at.data.hour, self.at.data.minute)

    def validate(self, extra_validators: object = None) -> bool:
        """Beside the fields' own rules: a set time has a time."""
        good = bool(super().validate(extra_validators))
        if self.when.data == "at" and self.at.data is None and not self.at.errors:
            self.at.errors = [_l("Give the day and the time.")]
            return False
        return good


class TemplateForm(BaseForm):
    """Words to begin an answer from."""

    title = LineField(_l("Title"), [Filled(), Characters(most=60)])
    decision = SelectField(
        _l("Decision"),
        choices=[SelectChoice(*one) for one in (("", _l("No decision")), *DECISIONS)],
        coerce=str,
    )
    headline = LineField(_l("Answer in one line"), [Characters(most=120)])
    reason = LinesField(_l("Reason"), [Characters(most=REASON_MAX)])

    @property
    def chosen(self) -> Decision | None:
        """The decision; None where the template leaves it open."""
        return Decision(self.decision.data) if self.decision.data else None
