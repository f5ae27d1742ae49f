"""Tables of the desk: flags, appeals, families to be, their members and objections, pairs set apart, and the
work at the desk itself: who has what open, notes, what can still be taken back.

Must not know how they are decided.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import Base, instant, intpk, json_list, str20, str200
from ideas_app.core.columns import text as long_text


class Flag(Base):
    """Somebody's notice that an idea or a comment breaks a rule."""

    __tablename__ = "flag"
    __table_args__ = (
        CheckConstraint("(idea_id IS NULL) <> (comment_id IS NULL)", name="one_subject"),
        UniqueConstraint("reporter_id", "idea_id"),
        UniqueConstraint("reporter_id", "comment_id"),
        Index("ix_flag_settled_at", "settled_at", "raised_at"),
    )

    id: Mapped[intpk]
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    code: Mapped[str20]
    note: Mapped[str200] = mapped_column(default="")
    raised_at: Mapped[instant]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    outcome: Mapped[str20 | None]
    """hidden, dismissed."""


class Appeal(Base):
    """An author's one appeal against a rejection; another moderator decides."""

    __tablename__ = "appeal"

    id: Mapped[intpk]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    rejected_by: Mapped[int | None]
    """The moderator whose decision it is about: that person may not settle it."""
    text: Mapped[long_text]
    filed_at: Mapped[instant]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    outcome: Mapped[str20 | None]
    """upheld (the rejection stands), overturned."""
    outcome_reason: Mapped[long_text | None]


class FamilyMember(Base):
    """That an idea belongs, or belonged, to a family: the trace from which a split restores all."""

    __tablename__ = "family_member"
    # every page of an idea asks for its families
    __table_args__ = (Index("ix_family_member_idea_id", "idea_id"),)

    family_id: Mapped[int] = mapped_column(
        ForeignKey("family.id", ondelete="CASCADE"), primary_key=True
    )
    idea_id: Mapped[int] = mapped_column(
        ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True
    )
    joined_at: Mapped[instant]
    objection_until: Mapped[instant]
    """Until when this idea's author may object: an idea added later has days of its own."""
    left_at: Mapped[datetime | None]
    left_reason: Mapped[long_text | None]
    """Why it was taken out while the others stayed; public."""


class FamilyDraft(Base):
    """A family that a moderator prepares: nothing is joined and nobody told until it is formed."""

    __tablename__ = "family_draft"

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    idea_ids: Mapped[json_list]
    title: Mapped[str200] = mapped_column(default="")
    text: Mapped[long_text] = mapped_column(default="")
    reason: Mapped[long_text] = mapped_column(default="")
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    edited_at: Mapped[instant]


class SetApart(Base):
    """Two alike ideas or families of which a moderator said that they differ, or that they can wait.

    They are named as everywhere: `i17` an idea, `f3` a family; the smaller name comes first.
    """

    __tablename__ = "set_apart"

    first: Mapped[str20] = mapped_column(primary_key=True)
    second: Mapped[str20] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE"), index=True
    )
    until: Mapped[datetime | None]
    """None for ideas that differ; else when they come up again."""
    said_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    said_at: Mapped[instant]


class Objection(Base):
    """An author's objection to a family within the days allowed; a second moderator settles it."""

    __tablename__ = "objection"

    id: Mapped[intpk]
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    text: Mapped[long_text]
    filed_at: Mapped[instant]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    outcome: Mapped[str20 | None]
    """kept, left, split."""
    resolution: Mapped[long_text | None]


class DeskLock(Base):
    """That a moderator has an item of the desk open: others see it and do not decide about it."""

    __tablename__ = "desk_lock"

    kind: Mapped[str20] = mapped_column(primary_key=True)
    """idea, flag, appeal."""
    thing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    taken_at: Mapped[instant]
    until: Mapped[instant]
    """When it falls free by itself, unless its page says before that somebody still looks at it."""
    taken_from: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """Whose it was before it was taken over."""


class DeskNote(Base):
    """What moderators write to one another about an idea; never shown outside the desk."""

    __tablename__ = "desk_note"
    __table_args__ = (Index("ix_desk_note_idea_id", "idea_id", "id"),)

    id: Mapped[intpk]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    text: Mapped[long_text]
    mentioned: Mapped[json_list]
    """Account ids of the colleagues whom it names."""
    written_at: Mapped[instant]


class DeskAct(Base):
    """A decision that its moderator can take back for some seconds: what it changed, and whom it would tell."""

    __tablename__ = "desk_act"
    __table_args__ = (Index("ix_desk_act_actor_id", "actor_id", "until"),)

    id: Mapped[intpk]
    actor_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("desk_act.id", ondelete="CASCADE"))
    """The first act of several that were decided together: they are taken back together."""
    verb: Mapped[str20]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    changes: Mapped[json_list]
    """One {table, id, before, after} a row, of the columns that changed."""
    events: Mapped[json_list]
    """Ids of the outbox's rows that wait until then."""
    entry_id: Mapped[int | None]
    """The entry of the log that says so."""
    made_at: Mapped[instant]
    until: Mapped[instant]
    undone_at: Mapped[datetime | None]
