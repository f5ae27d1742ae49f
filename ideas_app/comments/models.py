"""The table of comments. Must not know who may write or hide them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideas_app.accounts.models import Account
from ideas_app.adapters import fulltext
from ideas_app.core.columns import Base, enum_column, instant, intpk, str20, text


class Stance(StrEnum):
    """How a comment stands to the idea."""

    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"


class Comment(Base):
    """A comment on an idea, or a reply to one (one level)."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_idea_id", "idea_id", "id"),
        Index("ix_comment_author_id", "author_id", "id"),
    )

    id: Mapped[intpk]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    stance: Mapped[Stance] = mapped_column(enum_column(Stance), default=Stance.NEUTRAL)
    text: Mapped[text]
    is_staff_voice: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[instant]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_code: Mapped[str20 | None]
    hidden_reason: Mapped[str | None] = mapped_column(Text)
    highlighted_at: Mapped[datetime | None]

    author: Mapped[Account] = relationship(lazy="raise_on_sql")


fulltext.follow(
    fulltext.Followed(
        "comment",
        Comment,
        lambda row: ("", row.text) if row.deleted_at is None else None,
        ("text", "deleted_at"),
        Comment.deleted_at.is_(None),
    )
)
