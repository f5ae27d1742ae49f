"""The shape of what became of a promise."""

from __future__ import annotations

from wtforms import DateField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Optional

from ideas_app.answers.models import PromiseStatus
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.web.baseform import BaseForm, Characters, Filled, LinesField


class PromiseForm(BaseForm):
    """What became of a promise."""

    status = RadioField(
        _l("What became of it"),
        choices=[
            SelectChoice(PromiseStatus.DONE.value, lazy_pgettext("promise", "Kept")),
            SelectChoice(PromiseStatus.MOVED.value, lazy_pgettext("promise", "Moved")),
            SelectChoice(PromiseStatus.DROPPED.value, lazy_pgettext("promise", "Dropped")),
        ],
        validators=[InputRequired(_l("Choose what became of the promise."))],
    )
    moved_to = DateField(_l("New date, if moved"), [Optional()])
    what_happened = LinesField(_l("What happened"), [Filled(), Characters(most=300)])
