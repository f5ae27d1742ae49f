"""Writing the log. Every verb of every feature that needs a trace calls `record` within its transaction.

Must not know any feature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from ideas_app.audit.models import AuditEntry, AuditHead
from ideas_app.audit.rules import GENESIS, HEAD, NEEDS_REASON, PUBLIC, Tag, content_of, entry_hash
from ideas_app.core import clock
from ideas_app.core.db import is_sqlite, session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor

_CHAIN_LOCK = 7_251_001
"""Advisory lock of PostgreSQL under which the next link is forged; SQLite has one writer anyway."""


def record(
    actor: Actor,
    tag: Tag,
    subject_type: str,
    subject_id: int | None,
    *,
    reason: str = "",
    diff: dict[str, Any] | None = None,
) -> AuditEntry:
    """Appends one act to the chain. `diff` maps names to [before, after] or to a value; plain JSON only.

    Raises `Invalid` when the tag demands a reason and none is given.
    """
    if tag in NEEDS_REASON and not reason.strip():
        message = _l("Give a reason: it is kept in the log and told to the people concerned.")
        raise Invalid(Fault("reason", "reason_missing", message))
    if not is_sqlite():
        session().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    session().flush()
    last = session().scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1))
    at = clock.now()
    entry = AuditEntry(
        at=at,
        actor_id=actor.id,
        actor_role="system" if actor.is_system else str(actor.role or "visitor"),
        tag=tag.value,
        subject_type=subject_type,
        subject_id=subject_id,
        reason=reason.strip(),
        diff=diff or {},
        is_public=tag in PUBLIC,
        previous_hash=last or GENESIS,
        hash="",
    )
    entry.hash = entry_hash(entry.previous_hash, at=at, content=content_of(entry))
    session().add(entry)
    session().flush()
    _move_head(entry)
    return entry


def _move_head(entry: AuditEntry) -> None:
    head = session().get(AuditHead, HEAD, populate_existing=True)
    if head is None:
        head = AuditHead(id=HEAD, entries=0)
        session().add(head)
    head.entry_id, head.entries, head.hash = entry.id, head.entries + 1, entry.hash
    session().flush()
