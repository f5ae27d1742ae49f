"""Tables of notices, of what people chose about them, and of daily mails. Must not know what they are about."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import (
    Base,
    day,
    enum_column,
    instant,
    intpk,
    json_object,
    str20,
    str40,
    str80,
)


class Mailing(StrEnum):
    """Whether and when a notice goes by mail."""

    NOW = "now"
    DIGEST = "digest"
    NONE = "none"


class Daily(StrEnum):
    """The mails that come once a day."""

    DIGEST = "digest"
    WORK = "work"


ALL = "all"
"""The topic of the row that switches every mail off."""


class Notice(Base):
    """One thing that one person was told; `once_key` makes sure it is told once."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("account_id", "once_key"),
        Index("ix_notice_account_id", "account_id", "id"),
        Index("ix_notice_mailing", "mailing", "digest_on"),
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
    in_inbox: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False for somebody who wants this group by mail only."""
    mailing: Mapped[Mailing] = mapped_column(
        enum_column(Mailing, 8), default=Mailing.NONE, server_default=Mailing.NONE.value
    )
    """How it was to go by mail when it was made; what the person chose since may still stop it."""
    digest_on: Mapped[date | None]
    """The local day whose digest takes it along."""


class NoticeSetting(Base):
    """The channels that a person chose for a group; no row where the default holds."""

    __tablename__ = "notice_setting"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[str] = mapped_column(String(20), primary_key=True)
    """A group of notices, or `ALL`."""
    in_inbox: Mapped[bool]
    mailing: Mapped[Mailing] = mapped_column(enum_column(Mailing, 8))


class DailyMail(Base):
    """That somebody's daily mail was begun: one a kind and local day, however often the work runs."""

    __tablename__ = "daily_mail"
    __table_args__ = (UniqueConstraint("account_id", "kind", "day"),)

    id: Mapped[intpk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str20]
    day: Mapped[day]
    mailed_at: Mapped[datetime | None]
