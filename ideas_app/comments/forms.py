"""The form of a comment. Must not know who may write, or when."""

from __future__ import annotations

from wtforms import IntegerField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional

from ideas_app.comments.models import Stance
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.web.baseform import BaseForm, Filled, LinesField

_EMPTY = _l("There is no text yet. Write what you think.")


class CommentForm(BaseForm):
    """A new comment or reply."""

    stance = RadioField(
        _l("How do you see it?"),
        choices=[
            SelectChoice(Stance.FOR.value, lazy_pgettext("stance", "I am for it")),
            SelectChoice(Stance.AGAINST.value, lazy_pgettext("stance", "I have concerns")),
            SelectChoice(Stance.NEUTRAL.value, lazy_pgettext("stance", "Something else")),
        ],
        default=Stance.NEUTRAL.value,
    )
    text = LinesField(_l("Your words"), validators=[Filled(_EMPTY)])
    parent = IntegerField(validators=[Optional()])


class EditForm(BaseForm):
    """Another text for a comment."""

    text = LinesField(_l("Your words"), validators=[Filled(_EMPTY)])
