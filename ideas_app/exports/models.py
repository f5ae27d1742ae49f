"""Tables of files that staff asked for, and of the centre's own form. Must not know what a file holds."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import (
    Base,
    counter,
    enum_column,
    instant,
    intpk,
    json_list,
    str20,
    str200,
)


class FileState(StrEnum):
    """How far a file is."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class ExportFile(Base):
    """A file that one person asked for. Its content goes after a day, the line in their list later."""

    __tablename__ = "export_file"
    __table_args__ = (Index("ix_export_file_account_id", "account_id", "id"),)

    id: Mapped[intpk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(64), unique=True)
    """256 random bits. Opens nothing by itself: only its owner, signed in, gets the file."""
    kind: Mapped[str20]
    format: Mapped[str20]
    lang: Mapped[str] = mapped_column(String(8))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    year: Mapped[int | None]
    is_working: Mapped[bool]
    purpose: Mapped[str200] = mapped_column(default="")
    state: Mapped[FileState] = mapped_column(enum_column(FileState), default=FileState.WAITING)
    progress: Mapped[int] = mapped_column(default=0)
    """Per cent."""
    rows: Mapped[counter]
    name: Mapped[str200] = mapped_column(default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[str] = mapped_column(String(64), default="")
    replaced: Mapped[json_list] = mapped_column(JSON, default=list)
    """What CP949 could not hold: [row, column, was, became] each, the first ones."""
    fault: Mapped[str200] = mapped_column(default="")
    """Why it could not be made, in the words of its owner's language."""
    asked_at: Mapped[instant]
    until: Mapped[instant]


class DocumentTemplate(Base):
    """The centre's own HWPX form, with placeholders. The newest one is used; there is at most one."""

    __tablename__ = "document_template"

    id: Mapped[intpk]
    name: Mapped[str200]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    uploaded_at: Mapped[instant]
