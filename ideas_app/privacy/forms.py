"""The shape of what people type about their rights, and staff who answer. Must not know who may."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf

from ideas_app.accounts.forms import BirthField, PasswordForm
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.personal import Texts
from ideas_app.privacy.models import About
from ideas_app.privacy.rules import (
    ABOUT_WORDS,
    ANSWER_MAX,
    KIND_WORDS,
    NAME_MAX,
    PROOF_MAX,
    TEXT_MAX,
)
from ideas_app.privacy.service import Asking
from ideas_app.web.baseform import BaseForm, Characters, Filled, LineField, LinesField

_CHOOSE = _l("Please choose one.")
_KINDS = [SelectChoice(kind.value, word) for kind, word in KIND_WORDS.items()]
_ABOUT = [SelectChoice(about.value, word) for about, word in ABOUT_WORDS.items()]


class LeaveForm(PasswordForm):
    """Leaving for good, and what becomes of the texts."""

    texts = RadioField(
        _l("Your published ideas and comments"),
        [Filled(_CHOOSE), AnyOf(list(Texts), _CHOOSE)],
        choices=[
            SelectChoice(Texts.STAY.value, _l("They stay, without my name.")),
            SelectChoice(Texts.GO.value, _l("They go, as far as nobody has built on them.")),
        ],
        validate_choice=False,
    )
    sure = BooleanField(
        _l("I know that this cannot be undone."),
        [Filled(_l("Please tick the box if you want to delete your account."))],
    )


class RequestForm(BaseForm):
    """What somebody asks of the centre about their data."""

    kind = RadioField(
        _l("What do you ask for?"),
        [Filled(_CHOOSE), AnyOf(list(KIND_WORDS), _CHOOSE)],
        choices=_KINDS,
        validate_choice=False,
    )
    about = SelectField(_l("Which data is it about?"), choices=_ABOUT)
    text = LinesField(_l("In your words"), [Filled(), Characters(0, TEXT_MAX)])

    def asking(self, lang: str) -> Asking:
        """What was typed, for the service."""
        return Asking(
            kind=str(self.kind.data),
            about=str(self.about.data),
            text=str(self.text.data),
            lang=lang,
        )


class OutsideForm(RequestForm):
    """As `RequestForm`, for somebody without an account."""

    name = LineField(_l("Your name, as it stands on the list"), [Filled(), Characters(1, NAME_MAX)])
    contact = LineField(_l("E-mail address or telephone number"), [Filled(), Characters(0, 320)])

    def asking(self, lang: str) -> Asking:
        """What was typed, for the service."""
        return Asking(
            kind=str(self.kind.data),
            about=str(self.about.data or About.ROSTER),
            text=str(self.text.data),
            lang=lang,
            name=str(self.name.data),
            contact=str(self.contact.data),
        )


class SettleForm(BaseForm):
    """The answer of the centre; `outcome` is the button that was pressed."""

    outcome = HiddenField()
    answer = LinesField(_l("What the person reads"), [Filled(), Characters(0, ANSWER_MAX)])
    proof = LineField(_l("How you made sure that it is this person"), [Characters(0, PROOF_MAX)])
    born_on = BirthField(_l("Set the date of birth of the account to"))


class ExtendForm(BaseForm):
    """Ten more days, once."""

    reason = LinesField(_l("Why it takes longer"), [Filled(), Characters(0, ANSWER_MAX)])
