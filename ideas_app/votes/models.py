"""Tables of supports and of ballots. The rows are the truth; counters beside them only save time.

Must not know who may vote or what is computed from votes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import Base, instant, intpk, str200, text


class Support(Base):
    """One person's support of one idea. At most one row for the two, by rule of the database."""

    __tablename__ = "support"
    __table_args__ = (
        UniqueConstraint("idea_id", "account_id"),
        Index("ix_support_account_id", "account_id", "idea_id"),
    )

    id: Mapped[intpk]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    given_at: Mapped[instant]


class FamilyLeaver(Base):
    """That somebody who supports a member of a family does not want to be counted for its common text.

    Their support stays with the idea it was given to. The row goes when they come back or the
    family is split: nobody else needs to know who did not agree.
    """

    __tablename__ = "family_leaver"
    __table_args__ = (Index("ix_family_leaver_account_id", "account_id"),)

    family_id: Mapped[int] = mapped_column(
        ForeignKey("family.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    left_at: Mapped[instant]


class BallotEntry(Base):
    """One line of a campaign's ballot: an idea or a family, with the title as it stood when the
    ballot was set.
    """

    __tablename__ = "ballot_entry"
    __table_args__ = (
        UniqueConstraint("campaign_id", "idea_id"),
        UniqueConstraint("campaign_id", "family_id"),
    )

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    title: Mapped[str200]
    summary: Mapped[text] = mapped_column(default="")


class Ballot(Base):
    """One voter's ballot in one campaign; its pseudonym draws the voter's own order of the
    entries.
    """

    __tablename__ = "ballot"
    __table_args__ = (UniqueConstraint("campaign_id", "account_id"),)

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """None for a paper ballot whose voter has no account."""
    pseudonym: Mapped[str] = mapped_column(String(64), unique=True)
    opened_at: Mapped[instant]
    cast_at: Mapped[datetime | None]
    """None while the voter has only looked: such a ballot does not count."""


class BallotChoice(Base):
    """One tick."""

    __tablename__ = "ballot_choice"
    __table_args__ = (Index("ix_ballot_choice_entry_id", "entry_id"),)

    ballot_id: Mapped[int] = mapped_column(
        ForeignKey("ballot.id", ondelete="CASCADE"), primary_key=True
    )
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("ballot_entry.id", ondelete="CASCADE"), primary_key=True
    )
