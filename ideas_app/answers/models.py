"""Tables of official answers and of the promises in them. Must not know who writes them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideas_app.adapters import fulltext
from ideas_app.core.columns import (
    Base,
    counter,
    day,
    enum_column,
    instant,
    intpk,
    str80,
    str200,
)
from ideas_app.core.columns import text as long_text


class Decision(StrEnum):
    """What the city decided."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    LATER = "later"
    HARD = "hard"
    ALREADY = "already"
    PASSED_ON = "passed_on"


class PromiseStatus(StrEnum):
    """What became of a promise; OPEN with its date past reads as "no word"."""

    OPEN = "open"
    DONE = "done"
    MOVED = "moved"
    DROPPED = "dropped"


class Review(StrEnum):
    """How a draft stands with the second pair of eyes."""

    NONE = "none"
    ASKED = "asked"
    APPROVED = "approved"
    SENT_BACK = "sent_back"


class Answer(Base):
    """The official answer to an idea or a family, with its clock; unpublished while `answered_at` is None."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("(idea_id IS NULL) <> (family_id IS NULL)", name="one_subject"),
        Index("ix_answer_answered_at", "answered_at", "id"),
    )

    id: Mapped[intpk]
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), unique=True)
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"), unique=True)
    received_on: Mapped[day]
    due_on: Mapped[day]
    extended_to: Mapped[date | None]
    extension_reason: Mapped[long_text | None]
    decision: Mapped[Decision | None] = mapped_column(enum_column(Decision))
    headline: Mapped[str200] = mapped_column(default="")
    reason: Mapped[long_text] = mapped_column(default="")
    reason_html: Mapped[long_text] = mapped_column(default="")
    department: Mapped[str80] = mapped_column(default="")
    post: Mapped[str80] = mapped_column(default="")
    next_on: Mapped[date | None]
    """The next date on which something will be heard; mandatory where something is promised."""
    written_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]

    promises: Mapped[list[Promise]] = relationship(
        lazy="raise_on_sql", order_by="Promise.due_on", cascade="all, delete-orphan"
    )


class Promise(Base):
    """One dated step that the city promised."""

    __tablename__ = "promise"
    __table_args__ = (Index("ix_promise_answer_id", "answer_id"),)

    id: Mapped[intpk]
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"))
    text: Mapped[str200]
    due_on: Mapped[day]
    status: Mapped[PromiseStatus] = mapped_column(
        enum_column(PromiseStatus), default=PromiseStatus.OPEN
    )
    status_on: Mapped[date | None]
    moved_to: Mapped[date | None]
    what_happened: Mapped[long_text] = mapped_column(default="")
    made_at: Mapped[instant]
    department: Mapped[str80] = mapped_column(default="")
    """Who keeps it, where that is not the department that answered; else empty."""
    post: Mapped[str80] = mapped_column(default="")
    asked_for: Mapped[date | None]
    """The promised day about which the officials were asked; a promise that is moved is asked about again."""
    silent_for: Mapped[date | None]
    """The promised day of which it was told that it passed without a word."""


class StepKind(StrEnum):
    """What an entry of a promise's trail tells."""

    PROGRESS = "progress"
    DONE = "done"
    MOVED = "moved"
    DROPPED = "dropped"
    REOPENED = "reopened"


class PromiseStep(Base):
    """One entry of a promise's trail: a step on the way, or the word on what became of it.

    The trail only grows, so a promise that was moved twice shows all its days. `Promise` itself holds how
    things stand now.
    """

    __tablename__ = "promise_step"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        Index("ix_promise_step_promise_id", "promise_id", "id"),
    )

    id: Mapped[intpk]
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id", ondelete="CASCADE"))
    kind: Mapped[StepKind] = mapped_column(enum_column(StepKind), default=StepKind.PROGRESS)
    text: Mapped[long_text]
    percent: Mapped[int | None]
    """How much is done after a step on the way, 0 to 100; None for a word."""
    promised_for: Mapped[day]
    """The day that was promised when this was said."""
    moved_to: Mapped[date | None]
    made_at: Mapped[instant]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class PromisePicture(Base):
    """A picture of a step, as the adapter of pictures made it: WebP without any metadata, and a small one."""

    __tablename__ = "promise_picture"
    __table_args__ = (Index("ix_promise_picture_step_id", "step_id"),)

    id: Mapped[intpk]
    step_id: Mapped[int] = mapped_column(ForeignKey("promise_step.id", ondelete="CASCADE"))
    alt: Mapped[str200]
    """What can be seen on it, for those who do not see it."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of `image`, in hex; its first twelve characters stand in the address."""
    width: Mapped[int]
    height: Mapped[int]
    small_width: Mapped[int]
    small_height: Mapped[int]
    image: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    small: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class AnswerWork(Base):
    """An answer at work: with whom it is, its draft, the second pair of eyes, the time set for it.

    A table of its own, so that nothing public can show a draft by mistake: only the desk reads it.
    """

    __tablename__ = "answer_work"

    answer_id: Mapped[int] = mapped_column(
        ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    department: Mapped[str80] = mapped_column(default="")
    """The department whose turn it is; the one that signs the letter stands in the answer."""
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Read through `rules.drafts`; None where nothing differs from what is published."""
    version: Mapped[counter]
    """Grows with every change of the draft, and when it is published."""
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    saved_at: Mapped[datetime | None]
    review: Mapped[Review] = mapped_column(enum_column(Review), default=Review.NONE)
    asked_of: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """Whose eyes were asked for; None for any colleague's."""
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    reviewed_at: Mapped[datetime | None]
    review_word: Mapped[long_text] = mapped_column(default="")
    publish_at: Mapped[datetime | None]
    scheduled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class AnswerTemplate(Base):
    """Words that officials use again and again: put into a draft, then made to fit."""

    __tablename__ = "answer_template"

    id: Mapped[intpk]
    title: Mapped[str80]
    decision: Mapped[Decision | None] = mapped_column(enum_column(Decision))
    headline: Mapped[str200] = mapped_column(default="")
    reason: Mapped[long_text] = mapped_column(default="")
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    changed_at: Mapped[instant]


fulltext.follow(
    fulltext.Followed(
        "answer",
        Answer,
        lambda row: (row.headline, row.reason) if row.answered_at is not None else None,
        ("headline", "reason", "answered_at"),
        Answer.answered_at.is_not(None),
    )
)
