"""The shape of what colleagues send: whom they ask, their scores, what they found, a reason.

Must not know who may send it, nor what a finished evaluation needs: the service says that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import DateField, RadioField, SelectField, SelectMultipleField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.evaluations.models import Cost, Duration, Feasibility, Law
from ideas_app.evaluations.rules import (
    DEPARTMENT_MOST,
    NOTE_MOST,
    REASON_MOST,
    SCORES,
    WORDS,
    Findings,
)
from ideas_app.web.baseform import BaseForm, Characters, LineField, LinesField

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ideas_app.core.errors import Invalid
    from ideas_app.evaluations.queries import Colleague
    from ideas_app.evaluations.rules import Criterion


def _choices(part: str, *, none: Any = None) -> list[Any]:
    given = [SelectChoice(value.value, word) for value, word in WORDS[part].items()]
    return [SelectChoice("", none), *given] if none is not None else given


class AskForm(BaseForm):
    """Whom, by when, what else."""

    people = SelectMultipleField(
        _l("Colleagues"),
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )
    due_on = DateField(_l("By when"), [InputRequired(_l("Choose the day by which you need it."))])
    question = LinesField(_l("What you want to know besides"), [Characters(most=300)])

    def offer(self, colleagues: Iterable[Colleague]) -> None:
        """Puts the colleagues up for choice."""
        self.people.choices = [SelectChoice(one.id, one.name) for one in colleagues]

    def chosen(self) -> list[int]:
        """Who was chosen."""
        return list(self.people.data or ())


class ScoreForm(BaseForm):
    """One row of five for each criterion; `of` makes the class for a campaign's criteria."""

    criteria: tuple[Criterion, ...] = ()

    @classmethod
    def of(cls, criteria: Sequence[Criterion]) -> type[ScoreForm]:
        """The form of these criteria: fields `score0`, `score1` and so on, in their order."""
        rows = {
            f"score{number}": RadioField(
                criterion.name,
                choices=[SelectChoice(str(score), str(score)) for score in SCORES],
                validate_choice=False,
            )
            for number, criterion in enumerate(criteria)
        }
        return type("CampaignScoreForm", (cls,), {"criteria": tuple(criteria), **rows})

    def rows(self) -> list[tuple[Criterion, Any]]:
        """Each criterion with its field."""
        return [
            (criterion, self[f"score{number}"]) for number, criterion in enumerate(self.criteria)
        ]

    def scores(self) -> dict[str, int]:
        """What was given, by criterion; whatever is no score of 1 to 5 is left out."""
        allowed = {str(score): score for score in SCORES}
        return {
            criterion.key: allowed[field.data]
            for criterion, field in self.rows()
            if field.data in allowed
        }

    def take_faults(self, invalid: Invalid) -> None:
        """Puts each fault at the row of its criterion."""
        by_key = {criterion.key: field for criterion, field in self.rows()}
        for fault in invalid.faults:
            field = by_key.get(fault.field)
            if field is None:
                self.form_errors.append(fault.message)
            else:
                field.errors = [*field.errors, fault.message]


_CHOOSE = lazy_pgettext("select", "Choose")


class FindingsForm(BaseForm):
    """What is feasible: everything may be left open while it is only kept."""

    feasibility = RadioField(
        _l("Feasibility"), choices=_choices("feasibility"), validators=[Optional()]
    )
    cost = SelectField(
        lazy_pgettext("evaluation", "Cost"),
        choices=_choices("cost", none=_CHOOSE),
        validators=[Optional()],
    )
    cost_note = LineField(_l("Cost in words"), [Characters(most=NOTE_MOST)])
    duration = SelectField(
        lazy_pgettext("evaluation", "Time"),
        choices=_choices("duration", none=_CHOOSE),
        validators=[Optional()],
    )
    law = SelectField(
        _l("What has to change in law"),
        choices=_choices("law", none=_CHOOSE),
        validators=[Optional()],
    )
    law_note = LineField(_l("Which law, or what is not clear"), [Characters(most=NOTE_MOST)])
    department = LineField(
        lazy_pgettext("evaluation", "Department in charge"), [Characters(most=DEPARTMENT_MOST)]
    )
    obstacles = LineField(lazy_pgettext("evaluation", "Obstacles"), [Characters(most=NOTE_MOST)])
    reason = LinesField(lazy_pgettext("evaluation", "Reason"), [Characters(most=REASON_MOST)])
    keep = SubmitField(_l("Keep, close later"))

    @classmethod
    def of(cls, findings: Findings) -> FindingsForm:
        """The form with what is written so far."""
        chosen = ("feasibility", "cost", "duration", "law")
        named = {name: getattr(findings, name) for name in Findings.__slots__}
        for name in chosen:
            named[name] = named[name].value if named[name] else None
        return cls(formdata=None, **named)

    def findings(self) -> Findings:
        """What was typed, as the service takes it."""
        return Findings(
            feasibility=Feasibility(self.feasibility.data) if self.feasibility.data else None,
            cost=Cost(self.cost.data) if self.cost.data else None,
            cost_note=self.cost_note.data or "",
            duration=Duration(self.duration.data) if self.duration.data else None,
            law=Law(self.law.data) if self.law.data else None,
            law_note=self.law_note.data or "",
            department=self.department.data or "",
            obstacles=self.obstacles.data or "",
            reason=self.reason.data or "",
        )


class WhyForm(BaseForm):
    """Why somebody declines, or opens again what was closed."""

    reason = LinesField(lazy_pgettext("evaluation", "Reason"), [Characters(most=300)])
