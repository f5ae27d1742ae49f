"""What people chose about their notices. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.accounts import queries as accounts
from ideas_app.core.db import session
from ideas_app.notifications.models import ALL, Mailing, NoticeSetting
from ideas_app.notifications.rules import Choice, Group, choice_of, stopped

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(slots=True)
class Settings:
    """One person's choices; what is not among them stands at its default."""

    chosen: dict[Group, Choice] = field(default_factory=dict)
    mail_off: bool = False
    agreed: bool = False
    """Whether the person has agreed to news by mail."""

    def of(self, group: Group) -> Choice:
        """The channels of a group."""
        return choice_of(group, self.chosen, mail_off=self.mail_off, agreed=self.agreed)

    def chosen_or_default(self, group: Group) -> Choice:
        """The channels that come back once mails are switched on again."""
        return choice_of(group, self.chosen)

    def is_stopped(self, topic: str) -> bool:
        """Whether no mail of a topic (a group, `digest`, `all`) goes out."""
        if self.mail_off or topic == ALL:
            return self.mail_off
        if topic in set(Group):
            return self.chosen_or_default(Group(topic)).mailing is Mailing.NONE
        return not stopped(topic, self.chosen)


def settings_of(account_id: int) -> Settings:
    """One person's settings."""
    return settings_of_all([account_id])[account_id]


def settings_of_all(account_ids: Collection[int]) -> dict[int, Settings]:
    """The settings of several people. Two statements."""
    agreed = accounts.list_agreed("news", account_ids)
    found = {one: Settings(agreed=one in agreed) for one in account_ids}
    rows = session().scalars(
        select(NoticeSetting)
        .where(NoticeSetting.account_id.in_(found))
        .execution_options(populate_existing=True)
    )
    for row in rows:
        if row.topic == ALL:
            found[row.account_id].mail_off = True
        elif row.topic in set(Group):
            choice = Choice(row.in_inbox, row.mailing)
            found[row.account_id].chosen[Group(row.topic)] = choice
    return found
