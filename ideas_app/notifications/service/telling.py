"""Telling people what happened, each thing once, by the channels that they chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.outbox import delayed, publish
from ideas_app.notifications import queries
from ideas_app.notifications.events import NoticeMade
from ideas_app.notifications.models import DailyMail, Mailing, Notice, NoticeSetting
from ideas_app.notifications.rules import group_of, mailing_of, send_at, told_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ideas_app.ideas.models import Idea
    from ideas_app.notifications.rules import Told, Why


def tell(
    happening: str,
    once: object,
    ties: Mapping[Why, Mapping[int, Idea]],
    *,
    doers: Collection[int | None] = (),
    **values: Any,
) -> int:
    """Tells everybody whom the table of `rules.recipients` names for a happening; how many it was new to.

    `once` names the happening: nobody is told it again, however often the handler runs. `ties` maps
    reasons to accounts to the idea by which they hold; `doers` are left out. `values` are plain JSON.
    Nobody is told under a deleted account. Mails that go at once wait for the morning at night. Raises
    `KeyError` for a happening that the table does not know.
    """
    told = told_of(happening, ties, doers=doers)
    people = queries.list_open(told)
    settings = queries.settings_of_all(people)
    at_once = []
    count = 0
    for account_id in people:
        each = told[account_id]
        choice = settings[account_id].of(group_of(each.kind))
        mailing = mailing_of(each.kind, choice.mailing)
        if not choice.inbox and mailing is Mailing.NONE:
            continue
        row = _row(account_id, f"{happening}:{once}", each, values)
        if insert_ignore(Notice, {**row, "in_inbox": choice.inbox, "mailing": mailing}):
            count += 1
            if mailing is Mailing.NOW:
                at_once.append(account_id)
    if at_once:
        _ask_for_mail(at_once, f"{happening}:{once}")
    return count


def _row(
    account_id: int, once_key: str, each: Told[Idea], values: dict[str, Any]
) -> dict[str, Any]:
    told = {"title": each.about.title, "why": each.why.value, **values}
    return {
        "account_id": account_id,
        "kind": each.kind,
        "once_key": once_key,
        "idea_id": each.about.id,
        "values": told,
        "made_at": clock.now(),
    }


def _ask_for_mail(account_ids: list[int], once_key: str) -> None:
    made = session().scalars(
        select(Notice.id)
        .where(Notice.account_id.in_(account_ids), Notice.once_key == once_key)
        .order_by(Notice.id)
    )
    now = clock.now()
    with delayed(send_at(now) - now):
        for notice_id in made.all():
            publish(NoticeMade(notice_id))


def postpone(notice_id: int) -> None:
    """Puts the mail of a notice off until the morning: the worker was late, and it is night by now."""
    now = clock.now()
    with delayed(send_at(now) - now):
        publish(NoticeMade(notice_id))


def note_mailed(notice_id: int) -> None:
    """Keeps that the mail went out."""
    session().execute(update(Notice).where(Notice.id == notice_id).values(mailed_at=clock.now()))


def forget(account_id: int) -> None:
    """Deletes every notice, choice and daily mail of a person who left, and their name from what others
    were told.
    """
    for table in (Notice, NoticeSetting, DailyMail):
        session().execute(delete(table).where(table.account_id == account_id))
    for notice in queries.list_naming(account_id):
        notice.values = {**notice.values, "name": ""}
