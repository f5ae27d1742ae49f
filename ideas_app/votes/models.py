"""Tables of supports and of ballots. The rows are the truth; counters beside them only save time.

Must not know who may vote or what is computed from votes.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import (
    Base,
    counter,
    enum_column,
    instant,
    intpk,
    json_object,
    str200,
    text,
)


class PaperState(StrEnum):
    """How far a ballot on paper has come."""

    REGISTERED = "registered"
    """The person is known and may vote; nobody has entered the ticks."""
    ENTERED = "entered"
    """One moderator has entered them."""
    DIFFERS = "differs"
    """Two have, and not the same."""
    COUNTED = "counted"
    SET_ASIDE = "set_aside"
    """It does not count, for a reason that the log holds."""


class SetAsideCause(StrEnum):
    """Why supports were set aside, in a word that everybody may read in the log."""

    MANY_ACCOUNTS = "many_accounts"
    PAID_OR_TRADED = "paid_or_traded"
    BY_MACHINE = "by_machine"
    OTHER_PERSON = "other_person"


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


class SetAside(Base):
    """One act of a moderator that took suspicious supports out of every count, by a condition."""

    __tablename__ = "set_aside"

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE"), index=True
    )
    cause: Mapped[SetAsideCause] = mapped_column(enum_column(SetAsideCause))
    reason: Mapped[text]
    condition: Mapped[json_object]
    """What was asked for (`rules.Suspicion` as plain values): it can be read again, never run again."""
    supports_count: Mapped[int]
    """How many supports were set aside at the time."""
    unlatched: Mapped[json_object]
    """Ideas (id as text) whose official answer was no longer owed then, each with the instants to give
    back: since when it was owed, and since when by its own supports alone (None: with its family)."""
    made_at: Mapped[instant]
    restored_at: Mapped[datetime | None]
    restored_reason: Mapped[text | None]


class AsideSupport(Base):
    """A support that is set aside. It stands here and not in `support`, so that no count, list or
    computation can see it by oversight; restoring puts it back as it was given.
    """

    __tablename__ = "aside_support"
    __table_args__ = (
        UniqueConstraint("idea_id", "account_id"),
        Index("ix_aside_support_account_id", "account_id"),
    )

    id: Mapped[intpk]
    set_aside_id: Mapped[int] = mapped_column(
        ForeignKey("set_aside.id", ondelete="CASCADE"), index=True
    )
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
        # every page of an idea asks whether it stands on a ballot
        Index("ix_ballot_entry_idea_id", "idea_id"),
        Index("ix_ballot_entry_family_id", "family_id"),
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
    __table_args__ = (
        UniqueConstraint("campaign_id", "account_id"),
        Index("ix_ballot_campaign_id_voter_key", "campaign_id", "voter_key", unique=True),
    )

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """None for a paper ballot whose voter has no account, and once the links have been destroyed."""
    voter_key: Mapped[str | None] = mapped_column(String(64))
    """Who voted on paper, as `rules.voter_key`: it recognises, and names nobody."""
    is_paper: Mapped[bool] = mapped_column(default=False, server_default=false())
    pseudonym: Mapped[str] = mapped_column(String(64), unique=True)
    opened_at: Mapped[instant]
    cast_at: Mapped[datetime | None]
    """None while the voter has only looked: such a ballot does not count."""
    draft: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    """Ticks that were kept and not cast: they do not count. None when there are none beside the cast
    ones."""


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


class PaperBallot(Base):
    """A ballot on paper on its way into the count. Whose it is, and what was entered, is forgotten
    once it counts or is set aside.
    """

    __tablename__ = "paper_ballot"
    __table_args__ = (
        UniqueConstraint("campaign_id", "voter_key"),
        UniqueConstraint("campaign_id", "account_id"),
    )

    id: Mapped[intpk]
    """Also the number that is written on the paper."""
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    state: Mapped[PaperState] = mapped_column(
        enum_column(PaperState), default=PaperState.REGISTERED
    )
    voter_key: Mapped[str | None] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """The person on the rosters, where one was found."""
    registered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    registered_at: Mapped[instant]
    first_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    first_picks: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    second_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    second_picks: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))


class BallotUnlinking(Base):
    """That the links between people and the ballots of a campaign have been destroyed: once, for
    good.
    """

    __tablename__ = "ballot_unlinking"

    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True
    )
    unlinked_at: Mapped[instant]
    ballots: Mapped[counter]
    """How many lost their link."""
