"""Shape of what is typed at the desk and by those whom its decisions concern. Must not know who may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, NumberRange, Optional, ValidationError

from ideas_app.campaigns.rules import rules_of
from ideas_app.comments.rules import HIDE_CODES as COMMENT_CODES
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.ideas.models import RejectCode
from ideas_app.ideas.rules import SheetSource
from ideas_app.moderation.rules import (
    APPEAL_WORDS,
    FAMILY_TEXT_MAX,
    FLAG_NOTE_MAX,
    FLAG_WORDS,
    HIDE_CODES,
    NOTE_MAX,
    OBJECTION_WORDS,
    REASON_MAX,
    REJECT_WORDS,
    SHEET_NOTE_MAX,
    Decision,
    FlagOutcome,
)
from ideas_app.votes.rules import CAUSE_WORDS
from ideas_app.web.baseform import BaseForm, Characters, Filled, LineField, LinesField
from ideas_app.web.i18n import localised

if TYPE_CHECKING:
    from wtforms import Field

    from ideas_app.campaigns.models import Campaign

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


class NoteForm(BaseForm):
    """A note among moderators."""

    note = LinesField(_l("Note"), validators=[Filled(), Characters(most=NOTE_MAX)])


class FixForm(BaseForm):
    """The texts of an idea, for typing errors."""

    title = LineField(_l("Title"), validators=[Filled()])
    why = LinesField(_l("Why is it needed, and for whom?"), validators=[Filled()])
    how = LinesField(_l("How could it change?"))

    def texts(self) -> tuple[str, str, str]:
        """Title, why and how, as typed."""
        return self.title.data or "", self.why.data or "", self.how.data or ""


class BulkForm(BaseForm):
    """One decision for several ideas."""

    decision = HiddenField(validators=[AnyOf([each.value for each in Decision])])
    code = HiddenField()
    reason = LinesField(_l("Reason for the author"), validators=[Characters(most=REASON_MAX)])


class SheetForm(BaseForm):
    """An idea that came without an account."""

    source = RadioField(
        _l("How did it come?"),
        choices=[
            SelectChoice(SheetSource.PAPER.value, lazy_pgettext("sheet", "On paper")),
            SelectChoice(SheetSource.PHONE.value, _l("By phone")),
            SelectChoice(SheetSource.EVENT.value, _l("At an event")),
        ],
        validators=[Filled()],
    )
    title = LineField(_l("Title"), validators=[Filled()])
    why = LinesField(_l("Why is it needed, and for whom?"), validators=[Filled()])
    how = LinesField(_l("How could it change?"))
    field = SelectField(_l("Field"), validate_choice=False)
    neighbourhood = SelectField(_l("Neighbourhood"), validate_choice=False)
    nickname = LineField(_l("Under which name it appears"), validators=[Filled()])
    written_on = DateField(_l("Day on which it came"), validators=[Filled()])
    has_consented = BooleanField(
        _l("The person agreed that the idea is published under this name. Nothing else is kept.")
    )
    consent_note = LineField(
        _l("How the person agreed"), validators=[Characters(most=SHEET_NOTE_MAX)]
    )

    def offer(self, campaign: Campaign) -> None:
        """Fills the choices of a campaign."""
        self.field.choices = [(one.key, localised(one, "name")) for one in campaign.fields]
        places = rules_of(campaign).neighbourhoods
        self.neighbourhood.choices = [("", _l("Not chosen")), *((name, name) for name in places)]

    def take_faults(self, invalid: Invalid) -> None:
        """The day's fault is called `date` where sheets are read from a file."""
        renamed = [
            Fault("written_on", fault.code, fault.message) if fault.field == "date" else fault
            for fault in invalid.faults
        ]
        super().take_faults(Invalid(*renamed))


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
