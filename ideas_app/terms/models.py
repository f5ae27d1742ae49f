"""Tables of the house's texts and of who answers for personal data. Must not know what a text says."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import Base, instant, intpk, str40, str80, str200, text


class TextKind(StrEnum):
    """The texts that a house has."""

    PRIVACY = "privacy"
    TERMS = "terms"
    RULES = "rules"
    ACCESSIBILITY = "accessibility"


class HouseText(Base):
    """One version of one text, in both languages. Not published it is the draft, of which there is at most one."""

    __tablename__ = "house_text"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[intpk]
    kind: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    body_ko: Mapped[text]
    body_en: Mapped[text]
    note_ko: Mapped[text]
    """What changed and why, for readers."""
    note_en: Mapped[text]
    in_force_on: Mapped[date | None]
    saved_at: Mapped[instant]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    filled_ko: Mapped[str | None] = mapped_column(Text)
    """How it read with everything filled in when a later version was published; None while it is the newest."""
    filled_en: Mapped[str | None] = mapped_column(Text)


class PolicyContact(Base):
    """Who answers for personal data: one row, `service.CONTACT`."""

    __tablename__ = "policy_contact"

    id: Mapped[intpk]
    officer: Mapped[str80] = mapped_column(default="")
    """Name and position of the protection officer (개인정보 보호책임자)."""
    department: Mapped[str80] = mapped_column(default="")
    phone: Mapped[str40] = mapped_column(default="")
    email: Mapped[str200] = mapped_column(default="")
