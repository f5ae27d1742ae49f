"""The table of the log: append-only (a trigger forbids change), each entry hashing the one before.

Must not know any feature.
"""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import Base, instant, intpk, json_object, str40, str80, text


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
