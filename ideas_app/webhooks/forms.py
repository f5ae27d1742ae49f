"""The form of a webhook. Checks shape only."""

from __future__ import annotations

from wtforms import SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.web.baseform import BaseForm, Characters, Filled, LineField
from ideas_app.webhooks.rules import EVENT_WORDS


class EndpointForm(BaseForm):
    """Where, and what of."""

    name = LineField(_l("Name"), [Filled(), Characters(most=80)])
    address = LineField(_l("Address of the receiver"), [Filled(), Characters(most=500)])
    events = SelectMultipleField(
        _l("Events"),
        [Filled(_l("Choose at least one event."))],
        choices=[SelectChoice(event.value, words) for event, words in EVENT_WORDS.items()],
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
    )
