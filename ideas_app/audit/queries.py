"""Reading the log: the public list, one thing's history, and the walk that proves the chain whole.

Must not change anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.audit.models import AuditEntry
from ideas_app.audit.rules import GENESIS, content_of, entry_hash
from ideas_app.core.db import session
from ideas_app.core.paging import Page, decode_cursor, encode_cursor

if TYPE_CHECKING:
    from collections.abc import Sequence


def list_public(
    *, after: str | None = None, tag: str | None = None, limit: int = 50
) -> Page[AuditEntry]:
    """Public acts, newest first."""
    query = select(AuditEntry).where(AuditEntry.is_public).order_by(AuditEntry.id.desc())
    if tag:
        query = query.where(AuditEntry.tag == tag)
    key = decode_cursor(after, int)
    if key:
        query = query.where(AuditEntry.id < key[0])
    rows = list(session().scalars(query.limit(limit + 1)))
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(rows[:limit], more)


def list_of_subject(subject_type: str, subject_id: int) -> Sequence[AuditEntry]:
    """Every act on one thing, oldest first."""
    return (
        session()
        .scalars(
            select(AuditEntry)
            .where(AuditEntry.subject_type == subject_type, AuditEntry.subject_id == subject_id)
            .order_by(AuditEntry.id)
        )
        .all()
    )


def head_hash() -> str:
    """The hash of the newest entry: whoever noted it can later prove that nothing before it changed."""
    return (
        session().scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)) or GENESIS
    )


def count_entries() -> int:
    """The number of entries in the log."""
    return session().scalar(select(func.count(AuditEntry.id))) or 0


def find_broken_link() -> int | None:
    """The id of the first entry that does not follow from the one before, or None when the chain is whole."""
    previous = GENESIS
    query = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=500)
    with session().scalars(query) as entries:
        for entry in entries:
            follows = entry.previous_hash == previous
            expected = entry_hash(previous, at=entry.at, content=content_of(entry))
            if not follows or entry.hash != expected:
                return entry.id
            previous = entry.hash
    return None
