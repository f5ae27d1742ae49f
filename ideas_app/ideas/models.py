"""Tables of ideas, their versions, families, drafts, followers and readers.

Must not know votes, comments or decisions: their counters here are moved by those who own the rows.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideas_app.accounts.models import Account
from ideas_app.adapters import fulltext
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core.columns import (
    Base,
    counter,
    enum_column,
    instant,
    intpk,
    json_object,
    sort_key,
    str20,
    str40,
    str80,
    str200,
)
from ideas_app.core.columns import text as long_text
from ideas_app.programmes.models import Programme


class State(StrEnum):
    """Where an idea stands in its life (drafts have a table of their own)."""

    SUBMITTED = "submitted"
    PUBLISHED = "published"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"
    ON_BALLOT = "on_ballot"
    SHORTLISTED = "shortlisted"
    NOT_SHORTLISTED = "not_shortlisted"
    ANSWERED = "answered"
    DONE = "done"


class RejectCode(StrEnum):
    """Why an idea is not published, or was hidden."""

    DUPLICATE = "duplicate"
    NOT_OUR_COMPETENCE = "not_our_competence"
    COMPLAINT = "complaint"
    ALREADY_DONE = "already_done"
    PERSONAL_DATA = "personal_data"
    ABUSE = "abuse"
    ADVERTISING = "advertising"
    UNCLEAR = "unclear"
    PRANK = "prank"


class Family(Base):
    """Two or more ideas under a common text. Votes stay with the members; the total counts distinct people."""

    __tablename__ = "family"

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    title: Mapped[str200]
    text: Mapped[long_text]
    reason: Mapped[long_text]
    formed_at: Mapped[instant]
    objection_until: Mapped[instant]
    split_at: Mapped[datetime | None]
    split_reason: Mapped[long_text | None]
    supports_count: Mapped[counter]
    """Distinct supporters of all members but those who left the family, moved with their rows."""
    answered_at: Mapped[datetime | None]
    """When the city answered it as one: from then on it is not taken apart."""


_GROWN = text("programme_id IS NOT NULL")
_SAID = text("answer IS NOT NULL")


class Idea(Base):
    """A policy idea of one author in one campaign."""

    __tablename__ = "idea"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        # one index an order of the list, each ending in the id that the cursor names
        Index("ix_idea_listed_new", "is_listed", "id"),
        # two of them name the campaign as well: the front page counts along them without touching the ideas
        Index("ix_idea_listed_supported", "is_listed", "supports_count", "id", "campaign_id"),
        Index("ix_idea_listed_active", "is_listed", "active_at", "id"),
        Index("ix_idea_listed_least_read", "is_listed", "readers_count", "id", "campaign_id"),
        Index("ix_idea_listed_published", "is_listed", "published_at", "id", "campaign_id"),
        Index("ix_idea_listed_rated", "is_listed", "rated_key", "id"),
        Index("ix_idea_listed_rising", "is_listed", "rising_key", "id"),
        Index("ix_idea_listed_debated", "is_listed", "debated_key", "id"),
        Index("ix_idea_campaign_id", "campaign_id", "is_listed", "id"),
        Index("ix_idea_author_id", "author_id", "id"),
        Index("ix_idea_state", "state", "submitted_at"),
        Index("ix_idea_family_id", "family_id"),
        # without those that grew out of none: a planner that counts them in takes no index for a programme
        Index("ix_idea_programme_id", "programme_id", sqlite_where=_GROWN, postgresql_where=_GROWN),
    )

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Counts from 1 within the campaign; shown as year-number, e.g. 2026-017."""
    field_id: Mapped[int] = mapped_column(ForeignKey("field.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    pen_name: Mapped[str80 | None]
    """The nickname on a paper idea that the centre entered for somebody without an account."""
    programme_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme.id", ondelete="SET NULL")
    )
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id", ondelete="SET NULL"))
    title: Mapped[str200]
    why: Mapped[long_text]
    how: Mapped[long_text] = mapped_column(default="")
    why_html: Mapped[long_text]
    how_html: Mapped[long_text] = mapped_column(default="")
    neighbourhood: Mapped[str40 | None]
    state: Mapped[State] = mapped_column(enum_column(State), default=State.SUBMITTED)
    is_listed: Mapped[bool] = mapped_column(default=False)
    """Whether the public list shows it: follows `state`, stored because every order is indexed under it."""
    code: Mapped[RejectCode | None] = mapped_column(enum_column(RejectCode))
    state_reason: Mapped[long_text] = mapped_column(default="")
    """What the author was told with the last decision."""
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id", ondelete="SET NULL"))
    state_before_hidden: Mapped[str | None] = mapped_column(String(24))
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[instant]
    decided_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    active_at: Mapped[instant]
    """The last time anything public happened to it."""
    answer_due_latched_at: Mapped[datetime | None]
    """When it, or its family, first had enough supports for an official answer; taking supports back
    does not undo it.
    """
    answer_earned_at: Mapped[datetime | None]
    """When its own supports first were enough: what remains of the latch once it leaves a family."""
    supports_count: Mapped[counter]
    comments_count: Mapped[counter]
    readers_count: Mapped[counter]
    unsure_count: Mapped[counter]
    """Readers who said "not sure" in the reading stack and do not support it."""
    concerns_count: Mapped[counter]
    """Distinct people whose visible comments speak against it."""
    rated_key: Mapped[counter]
    """`rules.rated_key` of the counts above: stored because the order is paged along an index."""
    rising_key: Mapped[sort_key]
    debated_key: Mapped[counter]

    author: Mapped[Account] = relationship(lazy="raise_on_sql")
    campaign: Mapped[Campaign] = relationship(lazy="raise_on_sql")
    field: Mapped[Field] = relationship(lazy="raise_on_sql")
    programme: Mapped[Programme | None] = relationship(lazy="raise_on_sql")
    family: Mapped[Family | None] = relationship(lazy="raise_on_sql")


class TallyKind(StrEnum):
    """By what the ideas of a campaign are counted for the list's filters."""

    FIELD = "field"
    PROGRAMME = "programme"
    STATE = "state"


class Tally(Base):
    """How many ideas a filter of the list would show: listed ones by field and programme (their ids), readable ones
    by state. Moved by the database itself with each change of an idea, see the migration that made it.
    """

    __tablename__ = "idea_tally"

    campaign_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str20] = mapped_column(primary_key=True)
    key: Mapped[str40] = mapped_column(primary_key=True)
    number: Mapped[counter]


class IdeaDay(Base):
    """How many listed ideas of a campaign were published on a local day. Moved by the database, as `Tally`."""

    __tablename__ = "idea_day"
    __table_args__ = ({"sqlite_with_rowid": False},)

    campaign_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[counter]


class Partaker(Base):
    """That somebody took part in a campaign, by how many acts: ideas, supports and comments, but no votes. Gone with
    the last of them. Moved by the database, as `Tally`.
    """

    __tablename__ = "partaker"
    __table_args__ = ({"sqlite_with_rowid": False},)

    campaign_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    acts: Mapped[counter]


class Revision(Base):
    """One version of an idea's text, the first included."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("idea_id", "version"),)

    id: Mapped[intpk]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    version: Mapped[int]
    title: Mapped[str200]
    why: Mapped[long_text]
    how: Mapped[long_text]
    editor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    by_staff: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[instant]


class Draft(Base):
    """What somebody typed and has not sent: kept for a browser (token) and, after sign-in, for the account."""

    __tablename__ = "draft"

    id: Mapped[intpk]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    content: Mapped[json_object]
    updated_at: Mapped[instant]


class Follow(Base):
    """Somebody who wants to hear of each step of an idea."""

    __tablename__ = "follow"
    __table_args__ = (Index("ix_follow_account_id", "account_id"),)

    idea_id: Mapped[int] = mapped_column(
        ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    since_at: Mapped[instant]


class ReadingAnswer(StrEnum):
    """What a reader of the reading stack said of an idea without supporting it; a support is its own row."""

    UNSURE = "unsure"
    PASSED = "passed"


class Reading(Base):
    """That a signed-in person has read an idea once: the count of distinct readers, shown as a number only."""

    __tablename__ = "reading"
    __table_args__ = (
        # the few that say something: most only tell that somebody has read
        Index(
            "ix_reading_answered",
            "account_id",
            "read_at",
            "idea_id",
            sqlite_where=_SAID,
            postgresql_where=_SAID,
        ),
    )

    idea_id: Mapped[int] = mapped_column(
        ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    read_at: Mapped[instant]
    answer: Mapped[ReadingAnswer | None] = mapped_column(enum_column(ReadingAnswer))
    """None for somebody who only read; told to nobody but the reader."""


def _said(idea: Idea) -> tuple[str, str]:
    """A withdrawn idea keeps its title; its text is nobody's to find any more."""
    is_withdrawn = idea.state is State.WITHDRAWN
    return idea.title, "" if is_withdrawn else f"{idea.why}\n{idea.how or ''}"


fulltext.follow(fulltext.Followed("idea", Idea, _said, ("title", "why", "how", "state")))
