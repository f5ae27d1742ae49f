"""The table of requests about one's own data. Must not know what is kept, nor who looks after requests."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import Base, day, enum_column, instant, intpk, str200
from ideas_app.core.columns import text as long_text


class RequestKind(StrEnum):
    """What is asked for: 열람, 정정, 삭제, 처리정지 (개인정보 보호법 제35조-제37조)."""

    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"
    STOP = "stop"


class About(StrEnum):
    """Which data it is about."""

    ACCOUNT = "account"
    ROSTER = "roster"
    """The centre's rosters of who took part in a programme."""
    OTHER = "other"


class RequestState(StrEnum):
    """How far a request is."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """By the person, or because they left."""


class DataRequest(Base):
    """One request of one person, with or without an account, and its clock.

    Words, name and contact go some time after the answer; kind, days and outcome stay as the register.
    """

    __tablename__ = "data_request"
    __table_args__ = (Index("ix_data_request_state", "state", "due_on"),)

    id: Mapped[intpk]
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[RequestKind] = mapped_column(enum_column(RequestKind))
    about: Mapped[About] = mapped_column(enum_column(About))
    name: Mapped[str | None] = mapped_column(String(40))
    """Of somebody without an account, as it stands on a roster."""
    contact: Mapped[str | None] = mapped_column(String(320))
    """Their e-mail address or telephone number: there the centre asks for a proof, and answers."""
    text: Mapped[long_text]
    lang: Mapped[str] = mapped_column(String(8))
    state: Mapped[RequestState] = mapped_column(
        enum_column(RequestState), default=RequestState.OPEN
    )
    received_at: Mapped[instant]
    due_on: Mapped[day]
    extended_to: Mapped[date | None]
    extension_reason: Mapped[long_text] = mapped_column(default="")
    proof: Mapped[str200] = mapped_column(default="")
    """How staff made sure that it is the person who asks; not the proof itself."""
    answer: Mapped[long_text] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    forgotten_at: Mapped[datetime | None]
    """When words, name and contact were emptied."""

    @property
    def last_on(self) -> date:
        """The day by which it is to be answered, as it stands now."""
        return self.extended_to or self.due_on
