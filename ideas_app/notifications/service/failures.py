"""What an administrator does about events that failed: try them again, or drop them with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock, text
from ideas_app.core.db import session
from ideas_app.notifications import queries

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.core.outbox import OutboxEvent


def try_again(actor: Actor, event_id: int) -> None:
    """Hands an event to the worker once more, at once and with all its tries. Raises `NotFound`."""
    row = queries.get_failure(event_id)
    audit.record(actor, Tag.OUTBOX_RETRIED, "event", row.id, diff=_told(row))
    row.dead_at = None
    row.attempts = 0
    row.due_at = clock.now()


def drop_event(actor: Actor, event_id: int, reason: str) -> None:
    """Drops an event that failed: what it was to do never happens. Raises `NotFound`, `Invalid` without a reason."""
    row = queries.get_failure(event_id)
    audit.record(
        actor, Tag.OUTBOX_DROPPED, "event", row.id, reason=text.one_line(reason), diff=_told(row)
    )
    session().delete(row)


def _told(row: OutboxEvent) -> dict[str, object]:
    """What the log keeps: never what the event carries."""
    return {"kind": row.kind, "handler": row.handler, "error": row.error}
