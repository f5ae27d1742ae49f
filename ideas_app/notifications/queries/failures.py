"""Events that failed: for good, or being tried again. Without what they carry. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.outbox import MAX_ATTEMPTS, OutboxEvent

if TYPE_CHECKING:
    from datetime import datetime

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """One event that failed: what it was, for which handler, how often it was tried, and how it failed."""

    id: int
    kind: str
    handler: str
    happened_at: datetime
    due_at: datetime
    attempts: int
    most: int
    is_dead: bool
    error: str


def list_failures() -> list[Failure]:
    """Events not done that failed at least once: those given up first, then the oldest."""
    query = (
        select(OutboxEvent)
        .where(OutboxEvent.done_at.is_(None), OutboxEvent.error.is_not(None))
        .order_by(OutboxEvent.dead_at.is_(None), OutboxEvent.id)
        .limit(SHOWN)
    )
    return [
        Failure(
            id=row.id,
            kind=row.kind,
            handler=row.handler,
            happened_at=row.happened_at,
            due_at=row.due_at,
            attempts=row.attempts,
            most=MAX_ATTEMPTS,
            is_dead=row.dead_at is not None,
            error=row.error or "",
        )
        for row in session().scalars(query)
    ]


def count_dead() -> int:
    """How many events failed for good."""
    query = select(func.count(OutboxEvent.id)).where(OutboxEvent.dead_at.is_not(None))
    return session().scalar(query) or 0


def get_failure(event_id: int) -> OutboxEvent:
    """An event that failed and is not done. Raises `NotFound`."""
    row = session().get(OutboxEvent, event_id, populate_existing=True)
    if row is None or row.done_at is not None or row.error is None:
        raise NotFound("no_failure", _l("This event has been handled or dropped meanwhile."))
    return row
