"""The shape of what people send from their inbox and from their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import NumberRange

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.notifications.models import Mailing
from ideas_app.notifications.rules import FIXED_INBOX, Choice, Group
from ideas_app.web.baseform import BaseForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.notifications.queries import Settings


class ReadForm(BaseForm):
    """The newest notice that the person has seen."""

    until = IntegerField(validators=[NumberRange(min=1, max=2**31 - 1)])


_MAILINGS = [
    SelectChoice(Mailing.NOW.value, lazy_pgettext("mailing", "At once")),
    SelectChoice(Mailing.DIGEST.value, lazy_pgettext("mailing", "Once a day, at 8 in the morning")),
    SelectChoice(Mailing.NONE.value, lazy_pgettext("mailing", "No mail")),
]
_DAILY = [
    SelectChoice(
        Mailing.DIGEST.value, lazy_pgettext("mailing", "On working days, at 8 in the morning")
    ),
    SelectChoice(Mailing.NONE.value, lazy_pgettext("mailing", "No mail")),
]


class ChannelsForm(BaseForm):
    """The switch for all mails; `channels_form` adds two fields for each group."""

    mail_off = BooleanField(_l("No mails at all"))

    def choices(self, groups: Iterable[Group]) -> dict[Group, Choice]:
        """What was chosen for each group."""
        return {
            group: Choice(
                inbox=group in FIXED_INBOX or bool(self._of("inbox", group)),
                mailing=Mailing(self._of("mail", group)),
            )
            for group in groups
        }

    def _of(self, channel: str, group: Group) -> Any:
        name = f"{channel}_{group.value}"
        return self._fields[name].data if name in self._fields else False


def channels_form(groups: Iterable[Group], settings: Settings) -> ChannelsForm:
    """The form of the settings, filled with what holds now: two fields a group, `inbox_x` and `mail_x`."""
    fields: dict[str, Any] = {}
    now: dict[str, Any] = {"mail_off": settings.mail_off}
    for group in groups:
        choice = settings.chosen_or_default(group)
        mailings = _DAILY if group is Group.WORK else _MAILINGS
        fields[f"mail_{group.value}"] = SelectField(_l("By mail"), choices=mailings)
        now[f"mail_{group.value}"] = choice.mailing.value
        if group not in FIXED_INBOX and group is not Group.WORK:
            fields[f"inbox_{group.value}"] = BooleanField(_l("In the inbox here"))
            now[f"inbox_{group.value}"] = choice.inbox
    form: ChannelsForm = type("Channels", (ChannelsForm,), fields)(data=now)
    return form
