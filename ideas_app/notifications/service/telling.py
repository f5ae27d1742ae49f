"""Telling people what happened, each thing once, by the channels that they chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, update

from ideas_app.core import clock
from ideas_app.core.db import insert_ignore_all, session
from ideas_app.core.outbox import delayed, publish
from ideas_app.notifications import queries
from ideas_app.notifications.events import NoticeMade
from ideas_app.notifications.models import DailyMail, Mailing, Notice, NoticeSetting
from ideas_app.notifications.rules import group_of, mailing_of, send_at, told_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ideas_app.ideas.models import Idea
    from ideas_app.notifications.rules import Told, Why


def tell(
    happening: str,
    once: object,
    ties: Mapping[Why, Mapping[int, Idea | None]],
    *,
    doers: Collection[int | None] = (),
    **values: Any,
) -> int:
    """Tells everybody whom the table of `rules.recipients` names for a happening; how many it was new to.

    `once` names the happening: nobody is told it again, however often the handler runs. `ties` maps
    reasons to accounts to the idea by which they hold, or None where it is about no idea and `values` hold the
    `title`; `doers` are left out. `values` are plain JSON.
    Nobody is told under a deleted account. Mails that go at once wait for the morning at night. Raises
    `KeyError` for a happening that the table does not know.
    """
    told = told_of(happening, ties, doers=doers)
    people = queries.list_open(told)
    settings = queries.settings_of_all(people)
    rows: dict[Mailing, list[dict[str, Any]]] = {mailing: [] for mailing in Mailing}
    for account_id in people:
        each = told[account_id]
        choice = settings[account_id].of(group_of(each.kind))
        mailing = mailing_of(each.kind, choice.mailing)
        if choice.inbox or mailing is not Mailing.NONE:
            row = _row(account_id, f"{happening}:{once}", each, values)
            rows[mailing].append({**row, "in_inbox": choice.inbox, "mailing": mailing})
    made = {mailing: insert_ignore_all(Notice, rows[mailing]) for mailing in Mailing}
    _ask_for_mail(made[Mailing.NOW])
    return sum(len(ids) for ids in made.values())


def _row(
    account_id: int, once_key: str, each: Told[Idea | None], values: dict[str, Any]
) -> dict[str, Any]:
    told = {"why": each.why.value, **values}
    if each.about is not None:
        told = {"title": each.about.title, **told}
    return {
        "account_id": account_id,
        "kind": each.kind,
        "once_key": once_key,
        "idea_id": each.about.id if each.about is not None else None,
        "values": told,
        "made_at": clock.now(),
    }


def _ask_for_mail(notice_ids: Sequence[int]) -> None:
    now = clock.now()
    with delayed(send_at(now) - now):
        for notice_id in notice_ids:
            publish(NoticeMade(notice_id))


def postpone(notice_id: int) -> None:
    """Puts the mail of a notice off until the morning: the worker was late, and it is night by now."""
    now = clock.now()
    with delayed(send_at(now) - now):
        publish(NoticeMade(notice_id))


def note_mailed(notice_id: int) -> None:
    """Keeps that the mail went out."""
    session().execute(update(Notice).where(Notice.id == notice_id).values(mailed_at=clock.now()))


def forget(account_id: int, *, gone: Collection[int] = ()) -> None:
    """Deletes every notice, choice and daily mail of a person who left, and their name from what others
    were told. What others were told of ideas that are `gone` with the person goes too: it repeats their titles.
    """
    for table in (Notice, NoticeSetting, DailyMail):
        session().execute(delete(table).where(table.account_id == account_id))
    session().execute(delete(Notice).where(Notice.idea_id.in_(sorted(gone))))
    for notice in queries.list_naming(account_id):
        notice.values = {**notice.values, "name": ""}
