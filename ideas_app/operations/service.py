"""The verbs of whoever looks after the work in the background: try again, let go. Each stands in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import outbox, postbox
from ideas_app.operations import policy, queries

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.core.outbox import OutboxEvent


def retry(actor: Actor, event_id: int) -> None:
    """Hands out anew what failed for good; a mail of which nobody could tell is sent again.

    Raises `Refused`, or `NotFound` for what did not fail.
    """
    policy.may_operate(actor).require()
    row = queries.get_dead(event_id)
    postbox.release(event_id)
    outbox.retry(row)
    _record(actor, Tag.JOB_RETRIED, row)


def drop(actor: Actor, event_id: int) -> None:
    """Lets go of what failed for good: it is not tried again. Raises `Refused` or `NotFound`."""
    policy.may_operate(actor).require()
    row = queries.get_dead(event_id)
    outbox.drop(row)
    _record(actor, Tag.JOB_DROPPED, row)


def _record(actor: Actor, tag: Tag, row: OutboxEvent) -> None:
    audit.record(actor, tag, "event", row.id, diff={"handler": row.handler, "error": row.error})
