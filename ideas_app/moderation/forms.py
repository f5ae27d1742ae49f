"""Shape of what is typed at the desk and by those whom its decisions concern. Must not know who may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import NumberRange, Optional, ValidationError

from ideas_app.comments.rules import HIDE_CODES as COMMENT_CODES
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import RejectCode
from ideas_app.moderation.rules import (
    APPEAL_WORDS,
    FAMILY_TEXT_MAX,
    FLAG_NOTE_MAX,
    FLAG_WORDS,
    HIDE_CODES,
    OBJECTION_WORDS,
    REASON_MAX,
    REJECT_WORDS,
    FlagOutcome,
)
from ideas_app.votes.rules import CAUSE_WORDS
from ideas_app.web.baseform import BaseForm, Characters, Filled, LineField, LinesField

if TYPE_CHECKING:
    from wtforms import Field

_NUMBER = re.compile(r"(?:(\d{4})-)?0*(\d{1,6})")


class FlagForm(BaseForm):
    """Anybody's flag."""

    code = RadioField(
        _l("What is wrong with it?"),
        choices=[SelectChoice(code.value, words) for code, words in FLAG_WORDS.items()],
        validators=[Filled()],
    )
    note = LineField(_l("Anything we should know"), validators=[Characters(most=FLAG_NOTE_MAX)])


class ReasonForm(BaseForm):
    """A reason, and nothing else: returning and restoring."""

    reason = LinesField(
        _l("Reason for the author"), validators=[Filled(), Characters(most=REASON_MAX)]
    )


class RejectForm(ReasonForm):
    """A rejection; the text stands prefilled for the chosen code."""

    code = HiddenField()
    duplicate_of = LineField(_l("Number of the idea that came first"))
    forwarded_to = LineField(_l("Passed on to"), validators=[Characters(most=100)])

    def validate_code(self, field: Field) -> None:
        """One of the known codes."""
        if field.data not in set(RejectCode):
            raise ValidationError(_l("Choose one of the reasons listed."))


def hide_choices(thing: object = None) -> list[SelectChoice]:
    """The reasons for which an idea is hidden; for a comment, being off the topic is one too."""
    words = {code.value: REJECT_WORDS[code].name for code in HIDE_CODES}
    if thing is None:
        return [SelectChoice(code, name) for code, name in words.items()]
    return [SelectChoice(code, words.get(code, _l("Off topic"))) for code in COMMENT_CODES]


class HideForm(ReasonForm):
    """Hiding an idea."""

    code = RadioField(_l("Why is it hidden?"), choices=hide_choices(), validators=[Filled()])


class HideCommentForm(ReasonForm):
    """Hiding a comment."""

    code = RadioField(
        _l("Why is it hidden?"), choices=hide_choices(COMMENT_CODES), validators=[Filled()]
    )


class SettleFlagForm(BaseForm):
    """What becomes of a flag."""

    outcome = RadioField(
        _l("What is to be done?"),
        choices=[
            SelectChoice(FlagOutcome.HIDDEN.value, _l("Hide it: the flag is right")),
            SelectChoice(FlagOutcome.DISMISSED.value, _l("Leave it: the flag is dismissed")),
        ],
        validators=[Filled()],
    )
    code = SelectField(_l("Hidden because of"), choices=hide_choices(), validate_choice=False)
    reason = LinesField(_l("Reason"), validators=[Filled(), Characters(most=REASON_MAX)])


class AppealForm(BaseForm):
    """The author's side."""

    text = LinesField(
        _l("What did we get wrong?"), validators=[Filled(), Characters(most=REASON_MAX)]
    )


class SettleAppealForm(BaseForm):
    """The second look."""

    outcome = RadioField(
        _l("What is to be done?"),
        choices=[SelectChoice(outcome.value, words) for outcome, words in APPEAL_WORDS.items()],
        validators=[Filled()],
    )
    reason = LinesField(
        _l("Reason for the author"), validators=[Filled(), Characters(most=REASON_MAX)]
    )


class FamilyForm(BaseForm):
    """A family to be: ideas by number, the common text, why."""

    draft = HiddenField()
    campaign = SelectField(_l("Campaign"), validate_choice=False)
    numbers = LineField(_l("Numbers of the ideas"), validators=[Filled()])
    title = LineField(_l("Common title"), validators=[Filled(), Characters(most=80)])
    text = LinesField(_l("Common text"), validators=[Filled(), Characters(most=FAMILY_TEXT_MAX)])
    reason = LinesField(
        _l("Why are they joined? (public)"), validators=[Filled(), Characters(most=REASON_MAX)]
    )


class AddForm(BaseForm):
    """Further ideas for a family. Its fields have ids of their own: it stands beside two other forms."""

    numbers = LineField(_l("Numbers of the ideas"), id="add-numbers", validators=[Filled()])
    reason = LinesField(
        _l("Why are they added? (public)"),
        id="add-reason",
        validators=[Filled(), Characters(most=REASON_MAX)],
    )


class TakeOutForm(BaseForm):
    """One idea that leaves a family."""

    idea = SelectField(_l("Idea"), id="out-idea", coerce=int, validate_choice=False)
    reason = LinesField(
        _l("Why is it taken out? (public)"),
        id="out-reason",
        validators=[Filled(), Characters(most=REASON_MAX)],
    )


class SplitForm(BaseForm):
    """Taking a family apart."""

    reason = LinesField(
        _l("Why is it split? (public)"), validators=[Filled(), Characters(most=REASON_MAX)]
    )


class ObjectForm(BaseForm):
    """An author's objection."""

    text = LinesField(
        _l("Why should your idea not be joined?"),
        validators=[Filled(), Characters(most=REASON_MAX)],
    )


class SettleObjectionForm(BaseForm):
    """What becomes of an objection."""

    outcome = RadioField(
        _l("What is to be done?"),
        choices=[SelectChoice(outcome.value, words) for outcome, words in OBJECTION_WORDS.items()],
        validators=[Filled()],
    )
    resolution = LinesField(
        _l("Reason for the author"), validators=[Filled(), Characters(most=REASON_MAX)]
    )


class SetAsideForm(BaseForm):
    """By which marks supports are suspicious, and why they are set aside."""

    age_hours = IntegerField(
        _l("Young account"),
        validators=[
            Optional(),
            NumberRange(min=0, max=24 * 365, message=_l("Between 0 and 8760 hours.")),
        ],
    )
    domain = LineField(_l("Domain of the e-mail address"), validators=[Characters(most=200)])
    since = DateTimeLocalField(_l("Given from"), validators=[Optional()])
    until = DateTimeLocalField(_l("Given before"), validators=[Optional()])
    never_read = BooleanField(_l("The account has read no idea at all"))
    idea = LineField(_l("Number of an idea"), validators=[Characters(most=20)])
    cause = SelectField(
        _l("Cause"),
        choices=[SelectChoice(cause.value, words) for cause, words in CAUSE_WORDS.items()],
        validators=[Filled()],
    )
    reason = LinesField(
        _l("Reason for everybody"), validators=[Filled(), Characters(most=REASON_MAX)]
    )
    expected = IntegerField(validators=[Optional()])
    """What the preview counted."""


class RestoreSupportsForm(BaseForm):
    """Why supports count again."""

    reason = LinesField(
        _l("Reason for everybody"), validators=[Filled(), Characters(most=REASON_MAX)]
    )


def numbers_in(text: str, *, year: int) -> list[int] | None:
    """Numbers of ideas as people type them (`2026-012, 15`), in order; None where one is none of
    this year's.
    """
    found = []
    for word in re.split(r"[\s,;]+", text.strip()):
        match = _NUMBER.fullmatch(word.lstrip("#"))
        if match is None or (match[1] and int(match[1]) != year):
            return None
        found.append(int(match[2]))
    return list(dict.fromkeys(found))
