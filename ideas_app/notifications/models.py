"""Tables of notices and of mails sent. Must not know what they are about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import Base, instant, intpk, json_object, str40, str80


class Notice(Base):
    """One thing that one person was told; `once_key` makes sure it is told once."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("account_id", "once_key"),
        Index("ix_notice_account_id", "account_id", "id"),
    )

    id: Mapped[intpk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str40]
    """What happened: its words in the inbox and in the mail stand in `rules.KINDS`."""
    once_key: Mapped[str80]
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    values: Mapped[json_object]
    made_at: Mapped[instant]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
