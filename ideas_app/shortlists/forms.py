"""The shape of what moderators ask of a round. Must not know who may ask, or when."""

from __future__ import annotations

from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.shortlists.queries.words import COMPLETIONS, RULES, SOURCES
from ideas_app.web.baseform import BaseForm

__all__ = ["COMPLETIONS", "RULES", "SOURCES", "RoundForm"]


class RoundForm(BaseForm):
    """What a round is to compute."""

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
