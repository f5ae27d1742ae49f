"""The table of evaluations: what one colleague was asked, scored unseen, and found. Must not know who may."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import (
    Base,
    day,
    enum_column,
    instant,
    intpk,
    json_object,
    str80,
    str200,
)
from ideas_app.core.columns import text as long_text


class Feasibility(StrEnum):
    """Whether it can be done."""

    FEASIBLE = "feasible"
    PARTLY = "partly"
    NOT = "not"


class Cost(StrEnum):
    """What the first year costs, in won, as a band: nobody knows it closer before a plan is made."""

    NONE = "none"
    UNDER_10M = "under_10m"
    UNDER_50M = "under_50m"
    UNDER_100M = "under_100m"
    UNDER_1B = "under_1b"
    MORE = "more"
    UNCLEAR = "unclear"


class Duration(StrEnum):
    """How long from the decision until people notice something."""

    AT_ONCE = "at_once"
    HALF_YEAR = "half_year"
    YEAR = "year"
    LONGER = "longer"
    UNCLEAR = "unclear"


class Law(StrEnum):
    """What has to be changed in law first."""

    NOTHING = "nothing"
    ORDINANCE = "ordinance"
    STATE_LAW = "state_law"
    UNCLEAR = "unclear"


_LIVE = text("declined_at IS NULL AND taken_back_at IS NULL")


class Evaluation(Base):
    """One person asked by another to evaluate one idea or family: scores first, then what is feasible."""

    __tablename__ = "evaluation"
    __table_args__ = (
        CheckConstraint("(idea_id IS NULL) <> (family_id IS NULL)", name="one_subject"),
        Index("ix_evaluation_account_id", "account_id", "due_on"),
        Index("ix_evaluation_asked_by", "asked_by"),
        # nobody is asked twice about one thing while the first request stands
        Index(
            "uq_evaluation_live_idea",
            *("idea_id", "account_id"),
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "uq_evaluation_live_family",
            *("family_id", "account_id"),
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[intpk]
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    """Who evaluates."""
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[instant]
    due_on: Mapped[day]
    question: Mapped[long_text] = mapped_column(default="")
    """What the asker wants to know, beside the form."""
    scores: Mapped[json_object]
    """Criterion to a score of 1 to 5: given once, without author and supports, and final."""
    scored_at: Mapped[datetime | None]
    feasibility: Mapped[Feasibility | None] = mapped_column(enum_column(Feasibility))
    cost: Mapped[Cost | None] = mapped_column(enum_column(Cost))
    cost_note: Mapped[str200] = mapped_column(default="")
    duration: Mapped[Duration | None] = mapped_column(enum_column(Duration))
    law: Mapped[Law | None] = mapped_column(enum_column(Law))
    law_note: Mapped[str200] = mapped_column(default="")
    department: Mapped[str80] = mapped_column(default="")
    """Whose business it is."""
    obstacles: Mapped[str200] = mapped_column(default="")
    reason: Mapped[long_text] = mapped_column(default="")
    saved_at: Mapped[datetime | None]
    """When the second part was last kept without being closed."""
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    """Set while its author revises what was closed before."""
    declined_at: Mapped[datetime | None]
    decline_reason: Mapped[long_text] = mapped_column(default="")
    taken_back_at: Mapped[datetime | None]
