"""The tables of the log: append-only (a trigger forbids change), each entry hashing the one before. And of who
looked at whose data: append-only too, but its records go after their period.

Must not know any feature.
"""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import (
    Base,
    counter,
    instant,
    intpk,
    json_list,
    json_object,
    str20,
    str40,
    str80,
    str200,
    text,
)


class AuditEntry(Base):
    """One act: who, in which role, what, on which thing, why, and what changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_type", "subject_id"),
        Index("ix_audit_entry_public", "is_public", "id"),
    )

    id: Mapped[intpk]
    at: Mapped[instant]
    actor_id: Mapped[int | None]
    """The account's id without a foreign key: the log outlives the account."""
    actor_role: Mapped[str40]
    tag: Mapped[str80]
    subject_type: Mapped[str40]
    subject_id: Mapped[int | None]
    reason: Mapped[text] = mapped_column(default="")
    diff: Mapped[json_object]
    is_public: Mapped[bool]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """Where the log ends: one row, moved with every entry, so that a tail cut off shows.

    The chain alone proves nothing about entries missing behind its last.
    """

    __tablename__ = "audit_head"

    id: Mapped[intpk]
    entry_id: Mapped[int]
    entries: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AccessRecord(Base):
    """One look of staff at data of other people: who, when, from where, what, whose, and why where it was taken
    away or unmasked. No foreign keys: it outlives everybody it names. The database refuses to change a record
    at all, and to delete one within two years.
    """

    __tablename__ = "access_record"
    __table_args__ = (Index("ix_access_record_at", "at"),)

    id: Mapped[intpk]
    at: Mapped[instant]
    actor_id: Mapped[int | None]
    """None for the command line."""
    actor_role: Mapped[str40]
    address: Mapped[str] = mapped_column(String(45), default="")
    """The network address, kept in this table alone; empty for the command line and the worker."""
    kind: Mapped[str20]
    """A member of `rules.Look`."""
    subject_type: Mapped[str20] = mapped_column(default="")
    subject_id: Mapped[int | None]
    """The list that was read: a programme, a campaign. None for the list of accounts."""
    whose: Mapped[str20]
    """What the ids are of: "person", "account" or "participation"."""
    whose_ids: Mapped[json_list]
    """At most `rules.IDS_NAMED` of them; `digest` covers them all."""
    count: Mapped[counter]
    digest: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 over all ids, sorted, a comma between; of a file that was taken, over its bytes."""
    reason: Mapped[str200] = mapped_column(default="")
