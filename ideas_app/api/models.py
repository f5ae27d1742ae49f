"""The table of answers that are kept for a day, so that a request sent twice acts once.

Must not know any operation.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import Base, instant, intpk, json_object, str80


class IdempotencyKey(Base):
    """The answer to one act of one person under the key that their program chose."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        UniqueConstraint("account_id", "key_hash"),
        Index("ix_idempotency_key_created_at", "created_at"),
    )

    id: Mapped[intpk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    key_hash: Mapped[str] = mapped_column(String(64))
    operation: Mapped[str80]
    request_digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[json_object]
    created_at: Mapped[instant]
