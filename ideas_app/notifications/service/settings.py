"""Choosing channels: a row only where a choice differs from the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from ideas_app.core.db import insert_ignore, session
from ideas_app.notifications import queries
from ideas_app.notifications.models import ALL, Mailing, NoticeSetting
from ideas_app.notifications.rules import DEFAULTS, FIXED_INBOX, Choice, Group, stopped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ideas_app.core.actor import Actor


def choose(actor: Actor, choices: Mapping[Group, Choice], *, mail_off: bool) -> None:
    """Keeps what a person chose. The inbox of decisions and duties stays on whatever was sent."""
    assert actor.id is not None  # noqa: S101  # @signed_in
    for group, choice in choices.items():
        _keep(actor.id, group, choice)
    switch_mail(actor.id, off=mail_off)


def switch_mail(account_id: int, *, off: bool) -> None:
    """Switches every mail off but those about the account itself, or on again as chosen before."""
    _clear(account_id, ALL)
    if off:
        _add(account_id, ALL, Choice(inbox=True, mailing=Mailing.NONE))


def stop_mails(account_id: int, topic: str) -> bool:
    """What a link "stop these mails" does: `topic` is a group, `digest` or `all`; whether there is such
    a topic. Doing it twice changes nothing.
    """
    if topic == ALL:
        switch_mail(account_id, off=True)
        return True
    chosen = queries.settings_of(account_id).chosen
    for group, choice in stopped(topic, chosen).items():
        _keep(account_id, group, choice)
    return topic == "digest" or topic in set(Group)


def _keep(account_id: int, group: Group, choice: Choice) -> None:
    inbox = choice.inbox or group in FIXED_INBOX
    _clear(account_id, group.value)
    wanted = Choice(inbox, choice.mailing)
    if wanted != DEFAULTS[group]:
        _add(account_id, group.value, wanted)


def _clear(account_id: int, topic: str) -> None:
    session().execute(
        delete(NoticeSetting).where(
            NoticeSetting.account_id == account_id, NoticeSetting.topic == topic
        )
    )


def _add(account_id: int, topic: str, choice: Choice) -> None:
    row = {"account_id": account_id, "topic": topic}
    insert_ignore(NoticeSetting, {**row, "in_inbox": choice.inbox, "mailing": choice.mailing})
