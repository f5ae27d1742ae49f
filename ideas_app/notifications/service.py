"""Telling people, each thing once, and marking what was read.

Must not know why: the handlers in `jobs` do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.outbox import publish
from ideas_app.notifications import queries
from ideas_app.notifications.events import NoticeMade
from ideas_app.notifications.models import Notice
from ideas_app.notifications.rules import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.core.actor import Actor


def tell(
    account_id: int | None,
    kind: str,
    once_key: str,
    *,
    idea_id: int | None = None,
    values: dict[str, Any] | None = None,
    mail: bool = False,
) -> bool:
    """Tells one person one thing, in the inbox and, with `mail`, by mail; whether it was new.

    `once_key` names the thing: the same person is never told it again. `values` are plain JSON. Nobody is
    told under a deleted account. Raises `KeyError` for a kind without words.
    """
    return bool(tell_all([account_id], kind, once_key, idea_id=idea_id, values=values, mail=mail))


def tell_all(
    account_ids: Iterable[int | None],
    kind: str,
    once_key: str,
    *,
    idea_id: int | None = None,
    values: dict[str, Any] | None = None,
    mail: bool = False,
) -> int:
    """Tells several people the same thing; how many it was new to."""
    KINDS[kind]  # a kind without words would only show when the inbox breaks
    told = [
        account_id
        for account_id in queries.list_open(account_ids)
        if insert_ignore(
            Notice,
            {
                "account_id": account_id,
                "kind": kind,
                "once_key": once_key,
                "idea_id": idea_id,
                "values": values or {},
                "made_at": clock.now(),
            },
        )
    ]
    if mail and told:
        _ask_for_mail(told, once_key)
    return len(told)


def _ask_for_mail(account_ids: list[int], once_key: str) -> None:
    made = session().scalars(
        select(Notice.id).where(Notice.account_id.in_(account_ids), Notice.once_key == once_key)
    )
    for notice_id in made.all():
        publish(NoticeMade(notice_id))


def note_mailed(notice_id: int) -> None:
    """Keeps that the mail went out."""
    session().execute(update(Notice).where(Notice.id == notice_id).values(mailed_at=clock.now()))


def mark_read(actor: Actor, until: int) -> None:
    """Marks one's notices as read, up to the newest that was seen (its id)."""
    session().execute(
        update(Notice)
        .where(Notice.account_id == actor.id, Notice.id <= until, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


def forget(account_id: int) -> None:
    """Deletes every notice of a person who left."""
    session().execute(delete(Notice).where(Notice.account_id == account_id))
