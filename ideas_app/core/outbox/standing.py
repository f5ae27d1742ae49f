"""How the outbox stands: what waits, what failed for good; trying again, letting go, forgetting.

Must not know any event or handler.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.outbox.rows import OutboxEvent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in one lane for one handler: how many in all, how many of them are due, since when."""

    lane: str
    handler: str
    waiting: int
    due: int
    oldest_at: datetime | None
    """When the oldest that is not handled yet happened."""


def list_waiting() -> list[Waiting]:
    """What waits, by lane and handler."""
    is_due = OutboxEvent.due_at <= clock.now()
    rows = session().execute(
        select(
            OutboxEvent.lane,
            OutboxEvent.handler,
            func.count(OutboxEvent.id),
            func.count(OutboxEvent.id).filter(is_due),
            func.min(OutboxEvent.happened_at),
        )
        .where(OutboxEvent.done_at.is_(None), OutboxEvent.dead_at.is_(None))
        .group_by(OutboxEvent.lane, OutboxEvent.handler)
        .order_by(OutboxEvent.lane, OutboxEvent.handler)
    )
    return [Waiting(*row) for row in rows]


def queue_seconds() -> int:
    """For how many seconds the event that is due for longest has been waiting; 0 when none is."""
    now = clock.now()
    oldest = session().scalar(
        select(func.min(OutboxEvent.due_at)).where(
            OutboxEvent.done_at.is_(None), OutboxEvent.dead_at.is_(None), OutboxEvent.due_at <= now
        )
    )
    return int((now - oldest).total_seconds()) if oldest else 0


def list_dead(limit: int = 100) -> Sequence[OutboxEvent]:
    """What failed for good, the newest first."""
    query = select(OutboxEvent).where(OutboxEvent.dead_at.is_not(None))
    return session().scalars(query.order_by(OutboxEvent.dead_at.desc()).limit(limit)).all()


def find_event(event_id: int) -> OutboxEvent | None:
    """One event, handled or not."""
    return session().get(OutboxEvent, event_id)


def retry(row: OutboxEvent) -> None:
    """Hands out anew, at once and with all its attempts, what failed for good."""
    row.dead_at = row.claim = None
    row.attempts = 0
    row.due_at = clock.now()


def drop(row: OutboxEvent) -> None:
    """Lets go of what failed for good: it counts as handled, its error stays noted."""
    row.dead_at = None
    row.done_at = clock.now()


def forget_handled(before: datetime, kind: str | None = None) -> None:
    """Deletes what was handled before an instant, of all kinds or of one."""
    gone = delete(OutboxEvent).where(OutboxEvent.done_at < before)
    if kind is not None:
        gone = gone.where(OutboxEvent.kind == kind)
    session().execute(gone.execution_options(synchronize_session=False))
