"""Writing the log. Every verb of every feature that needs a trace calls `record` within its transaction, and
every page that shows staff the data of other people calls `record_look`.

Must not know any feature.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from ideas_app.audit.models import AccessRecord, AuditEntry, AuditHead
from ideas_app.audit.rules import (
    GENESIS,
    HEAD,
    IDS_NAMED,
    LOOKS_WITH_REASON,
    NEEDS_REASON,
    PUBLIC,
    Look,
    Tag,
    content_of,
    entry_hash,
    ids_digest,
)
from ideas_app.core import clock, whence
from ideas_app.core.db import is_sqlite, session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Act:
    """An act that is recorded with many others: as the arguments of `record`, and when it happened."""

    at: datetime
    actor_id: int | None
    role: str
    tag: Tag
    subject_type: str
    subject_id: int
    reason: str = ""
    diff: dict[str, Any] = field(default_factory=dict)


def record_all(acts: Sequence[Act]) -> None:
    """Appends many acts to the chain, in their order: for bulk loads. Nobody's reason is asked for."""
    if not is_sqlite():
        session().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    session().flush()
    head = session().get(AuditHead, HEAD, populate_existing=True)
    last = head.hash if head else GENESIS
    rows = []
    for act in acts:
        content = {
            "actor": act.actor_id,
            "role": act.role,
            "tag": act.tag.value,
            "subject": [act.subject_type, act.subject_id],
            "reason": act.reason,
            "diff": act.diff,
        }
        said = entry_hash(last, at=act.at, content=content)
        rows.append(
            {
                "at": act.at,
                "actor_id": act.actor_id,
                "actor_role": act.role,
                "tag": act.tag.value,
                "subject_type": act.subject_type,
                "subject_id": act.subject_id,
                "reason": act.reason,
                "diff": act.diff,
                "is_public": act.tag in PUBLIC,
                "previous_hash": last,
                "hash": said,
            }
        )
        last = said
    if not rows:
        return
    session().execute(insert(AuditEntry.__table__), rows)  # type: ignore[arg-type]  # a table here
    newest = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)
    _move_head(session().scalars(newest).one(), by=len(rows))


def _move_head(entry: AuditEntry, *, by: int = 1) -> None:
    head = session().get(AuditHead, HEAD, populate_existing=True)
    if head is None:
        head = AuditHead(id=HEAD, entries=0)
        session().add(head)
    head.entry_id, head.entries, head.hash = entry.id, head.entries + by, entry.hash
    session().flush()


def record_look(
    actor: Actor,
    look: Look,
    ids: Collection[int],
    *,
    whose: str,
    on: tuple[str, int | None] = ("", None),
    reason: str = "",
    count: int | None = None,
    digest: str = "",
) -> AccessRecord:
    """Keeps that somebody saw data of these people (`whose`: "person", "account" or "participation").

    `on` names the list that was read, by kind and id. `count` and `digest` are given where the ids are not at
    hand: a file and its fingerprint. Belongs into the transaction that reads, so that nothing is shown unless it
    is kept. Raises `Invalid` where a reason is due and missing.
    """
    if look in LOOKS_WITH_REASON and not reason.strip():
        message = _l("Say what you need it for: it is kept in the access log.")
        raise Invalid(Fault("reason", "reason_missing", message))
    entry = AccessRecord(
        at=clock.now(),
        actor_id=actor.id,
        actor_role="system" if actor.is_system else str(actor.role or "visitor"),
        address=whence.address(),
        kind=look.value,
        subject_type=on[0],
        subject_id=on[1],
        whose=whose,
        whose_ids=sorted(ids) if len(ids) <= IDS_NAMED else [],
        count=len(ids) if count is None else count,
        digest=digest or ids_digest(ids),
        reason=reason.strip()[:200],
    )
    session().add(entry)
    session().flush()
    return entry
