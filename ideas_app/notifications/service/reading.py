"""Marking notices as read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.notifications.models import Notice

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def mark_read(actor: Actor, until: int) -> None:
    """Marks one's notices as read, up to the newest that was seen (its id)."""
    session().execute(
        update(Notice)
        .where(Notice.account_id == actor.id, Notice.id <= until, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


def mark_one_read(actor: Actor, notice_id: int) -> None:
    """Marks one notice of one's own as read; anybody else's stays as it is."""
    session().execute(
        update(Notice)
        .where(Notice.account_id == actor.id, Notice.id == notice_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )
