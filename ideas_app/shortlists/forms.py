"""The shape of what moderators ask of a round and do to its list. Must not know who may, or when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.shortlists.models import ChangeKind
from ideas_app.shortlists.queries.words import COMPLETIONS, RULES, SOURCES
from ideas_app.web.baseform import BaseForm, Filled, LineField, LinesField

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["COMPLETIONS", "RULES", "SOURCES", "AuditorForm", "ChangeForm", "RoundForm"]


PAIRS = 3
"""So many pairs of ideas that exclude each other can be named at once."""


class RoundForm(BaseForm):
    """What a round is to compute; `offer` gives the ideas that a pair can name."""

    seats = IntegerField(
        _l("Seats"),
        [
            InputRequired(_l("Say how many seats the list has.")),
            NumberRange(1, 1000, _l("Choose between 1 and 1,000 seats.")),
        ],
    )
    rule = SelectField(_l("Rule"), choices=[SelectChoice(*one) for one in RULES])
    completion = SelectField(
        _l("Seats left over by equal shares"), choices=[SelectChoice(*one) for one in COMPLETIONS]
    )
    source = SelectField(_l("What counts"), choices=[SelectChoice(*one) for one in SOURCES])
    min_approval_percent = IntegerField(
        _l("Least approval in percent"),
        [
            InputRequired(_l("Give a number; 0 keeps every entry.")),
            NumberRange(0, 100, _l("The least approval lies between 0 and 100 percent.")),
        ],
    )

    one_1 = SelectField(_l("Pair 1: this idea"), choices=[], default="")
    other_1 = SelectField(_l("Pair 1: not beside this one"), choices=[], default="")
    one_2 = SelectField(_l("Pair 2: this idea"), choices=[], default="")
    other_2 = SelectField(_l("Pair 2: not beside this one"), choices=[], default="")
    one_3 = SelectField(_l("Pair 3: this idea"), choices=[], default="")
    other_3 = SelectField(_l("Pair 3: not beside this one"), choices=[], default="")
    incompatible_reason = LinesField(_l("Why they exclude each other"))

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """The ideas, as (project, title), that a pair can be made of."""
        offered = [SelectChoice("", "–"), *(SelectChoice(*one) for one in choices)]
        for pair in self.pair_fields:
            for field in pair:
                field.choices = offered

    @property
    def pair_fields(self) -> list[tuple[SelectField, SelectField]]:
        """The two fields of each pair."""
        return [(self[f"one_{n}"], self[f"other_{n}"]) for n in range(1, PAIRS + 1)]

    @property
    def incompatible(self) -> list[tuple[str, str]]:
        """The pairs that were filled in, half ones as a pair with itself: the service names the fault."""
        filled = [(one.data or "", other.data or "") for one, other in self.pair_fields]
        return [(one or other, other or one) for one, other in filled if one or other]


class ChangeForm(BaseForm):
    """One change of a list by hand."""

    project = SelectField(_l("Idea"), choices=[])
    reason = LinesField(_l("Reason, published with the list"), [Filled()])

    def offer(self, listed: Iterable[tuple[str, str]], off: Iterable[tuple[str, str]]) -> None:
        """What can be taken out and what can be put in, as (project, title)."""
        self.project.choices = {
            str(_l("Take out of the list")): [
                SelectChoice(f"{ChangeKind.TAKEN_OUT}:{project}", title)
                for project, title in listed
            ],
            str(_l("Put on the list")): [
                SelectChoice(f"{ChangeKind.PUT_IN}:{project}", title) for project, title in off
            ],
        }

    @property
    def asked(self) -> tuple[str, ChangeKind]:
        """The project, and what is to be done with it."""
        kind, _colon, project = str(self.project.data).partition(":")
        return project, ChangeKind(kind)


class AuditorForm(BaseForm):
    """Somebody who may check the ballots of a small round."""

    email = LineField(_l("E-mail address of the account"), [Filled()])
    reason = LineField(_l("Why this person"), [Filled()])
