"""Writing the log. Every verb of every feature that needs a trace calls `record` within its transaction, and
every page that shows staff the data of other people calls `record_look`.

Must not know any feature.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

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

    from sqlalchemy import Insert

    from ideas_app.core.actor import Actor

_HEAD: Any = AuditHead.__table__


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
    session().flush()
    previous, entries = _hold_head()
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
        previous_hash=previous,
        hash="",
    )
    entry.hash = entry_hash(entry.previous_hash, at=at, content=content_of(entry))
    session().add(entry)
    session().flush()
    _move_head(entry.id, entries + 1, entry.hash)
    return entry


def _hold_head() -> tuple[str, int]:
    """The hash that the next entry follows, and how many there are; whoever else writes into the log waits.

    One statement. It is the head's hash and not that of the last entry: where a tail was cut off, the next link
    would otherwise hide it.
    """
    held = select(_HEAD.c.hash, _HEAD.c.entries).where(_HEAD.c.id == HEAD).with_for_update()
    head = session().execute(held).one_or_none()
    if head is None:
        session().execute(_begin_log())
        head = session().execute(held).one()
    return head.hash, head.entries


def _begin_log() -> Insert:
    """The head of an empty log. Two who begin it at once make one."""
    into = sqlite.insert if is_sqlite() else postgresql.insert
    return into(_HEAD).values(id=HEAD, entry_id=0, entries=0, hash=GENESIS).on_conflict_do_nothing()


def _move_head(entry_id: int | None, entries: int, last: str) -> None:
    head = update(_HEAD).where(_HEAD.c.id == HEAD)
    session().execute(head.values(entry_id=entry_id, entries=entries, hash=last))


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
    session().flush()
    last, entries = _hold_head()
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
    newest = session().scalar(select(func.max(AuditEntry.id)))
    _move_head(newest, entries + len(rows), last)


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
