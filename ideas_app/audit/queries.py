"""Reading the log: the public list, one thing's history, and the walk that proves the chain whole.

Must not change anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, select

from ideas_app.audit.models import AuditEntry, AuditHead
from ideas_app.audit.rules import GENESIS, HEAD, content_of, entry_hash
from ideas_app.core.db import session
from ideas_app.core.history import told
from ideas_app.core.paging import Page, decode_cursor, encode_cursor

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Select

    from ideas_app.audit.rules import Tag
    from ideas_app.core.history import Key


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
    """The number of entries in the log, as its head keeps count of them; `find_break` counts them one by one."""
    return session().scalar(select(AuditHead.entries)) or 0


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the log is not what was written.

    Entry `first` was changed or exchanged with another; or, with `is_gone`, entries from `first` to
    `last` at most were taken away. Numbers that were never given (a transaction that failed leaves
    some) may lie among them.
    """

    first: int
    last: int
    is_gone: bool

    def __str__(self) -> str:
        if not self.is_gone:
            return f"entry {self.first} was changed or exchanged"
        if self.first == self.last:
            return f"entry {self.first} is missing"
        return f"entries are missing between {self.first} and {self.last}"


def find_break() -> Break | None:
    """The first entry that was changed, exchanged or taken away; None when the log is whole.

    Each entry is checked against its own hash and the one before, the last against the head that
    was noted with it.
    """
    previous, after, count = GENESIS, 0, 0
    odd: AuditEntry | None = None
    query = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=500)
    with session().scalars(query) as entries:
        for entry in entries:
            said = entry_hash(entry.previous_hash, at=entry.at, content=content_of(entry))
            if entry.hash != said:
                return Break(entry.id, entry.id, is_gone=False)
            if entry.previous_hash != previous:
                odd = entry
                break
            previous, after, count = entry.hash, entry.id, count + 1
    if odd is not None:
        return _explain(odd, after)
    head = session().get(AuditHead, HEAD, populate_existing=True)
    if head is None:
        return Break(1, after, is_gone=True) if count else None
    if (head.entry_id, head.entries, head.hash) != (after, count, previous):
        return Break(after + 1, max(head.entry_id, after + 1), is_gone=True)
    return None


def _explain(odd: AuditEntry, after: int) -> Break:
    """Why an entry that is whole in itself does not follow from entry `after`, the last that does.

    If the one that it does follow stands elsewhere, the two changed places; if it stands nowhere, it
    was taken away.
    """
    is_elsewhere = odd.previous_hash == GENESIS or session().scalar(
        select(AuditEntry.id).where(AuditEntry.hash == odd.previous_hash)
    )
    if is_elsewhere:
        return Break(odd.id, odd.id, is_gone=False)
    return Break(after + 1, odd.id - 1, is_gone=True)


def tell_acts(subject_type: str, subject_id: Key, tags: Collection[Tag]) -> Select[Any]:
    """Acts of some kinds on one thing, as `core.history` takes them: the tag, and its reason where every
    body may read it.
    """
    reason = case((AuditEntry.is_public, AuditEntry.reason), else_="")
    return select(*told(AuditEntry.tag, AuditEntry.at, words=reason)).where(
        AuditEntry.subject_type == subject_type,
        AuditEntry.subject_id == subject_id,
        AuditEntry.tag.in_([tag.value for tag in tags]),
    )


def list_of_person(account_id: int) -> Sequence[AuditEntry]:
    """What a person did, and what was done to their account, oldest first."""
    on_account = (AuditEntry.subject_type == "account") & (AuditEntry.subject_id == account_id)
    query = select(AuditEntry).where((AuditEntry.actor_id == account_id) | on_account)
    return session().scalars(query.order_by(AuditEntry.id)).all()
