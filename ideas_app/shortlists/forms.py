"""The shape of what moderators ask of a round. Must not know who may ask, or when."""

from __future__ import annotations

from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.shortlists.models import Source
from ideas_app.shortlists.rules import Completion, Rule
from ideas_app.web.baseform import BaseForm

RULES = (
    (Rule.MES.value, lazy_pgettext("rule", "Method of Equal Shares")),
    (Rule.PHRAGMEN.value, lazy_pgettext("rule", "Sequential Phragmén")),
    (Rule.SEQPAV.value, lazy_pgettext("rule", "Sequential proportional approval")),
    (Rule.SATISFACTION.value, lazy_pgettext("rule", "Satisfaction approval")),
    (Rule.APPROVAL.value, lazy_pgettext("rule", "Most votes")),
)
COMPLETIONS = (
    (Completion.PHRAGMEN.value, lazy_pgettext("rule", "Sequential Phragmén")),
    (Completion.APPROVAL.value, lazy_pgettext("rule", "Most votes")),
    (Completion.NONE.value, lazy_pgettext("rule", "Leave seats empty")),
)
SOURCES = (
    (Source.BALLOT.value, lazy_pgettext("source", "Final ballot")),
    (Source.SUPPORTS.value, lazy_pgettext("source", "Supports of the gathering")),
)


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
