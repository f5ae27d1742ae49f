"""Tables of campaigns: their phases, fields and rules.

Must not know ideas, votes or anything that happens within a campaign.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideas_app.core.columns import (
    Base,
    instant,
    intpk,
    json_list,
    json_object,
    sort_key,
    str20,
    str40,
    str80,
    str200,
)
from ideas_app.core.columns import text as long_text


class Activity(StrEnum):
    """What a phase can open."""

    SUBMIT = "submit"
    COMMENT = "comment"
    SUPPORT = "support"
    BALLOT = "ballot"
    ANSWER = "answer"


class PhaseKind(StrEnum):
    """The usual phases, in their order; a campaign may leave some out."""

    ANNOUNCED = "announced"
    GATHERING = "gathering"
    PREPARING = "preparing"
    BALLOT = "ballot"
    SHORTLISTING = "shortlisting"
    ANSWERING = "answering"
    TRACKING = "tracking"
    CLOSED = "closed"


class Campaign(Base):
    """One call for ideas, usually one a year."""

    __tablename__ = "campaign"

    id: Mapped[intpk]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str200]
    title_en: Mapped[str200] = mapped_column(default="")
    text: Mapped[long_text] = mapped_column(default="")
    text_en: Mapped[long_text] = mapped_column(default="")
    year: Mapped[int]
    created_at: Mapped[instant]
    settings: Mapped[json_object]
    """Only what differs from the default rules; read through `rules.CampaignRules`."""
    eligibility: Mapped[json_object]
    """Read through `rules.Eligibility`: verified, age_from, age_to, on, ties, programmes, staff."""
    phase_told: Mapped[str | None] = mapped_column(String(20))
    """The phase whose beginning was last published as an event: "" between phases, None before any look."""

    phases: Mapped[list[Phase]] = relationship(
        lazy="raise_on_sql", order_by="Phase.position", cascade="all, delete-orphan"
    )
    fields: Mapped[list[Field]] = relationship(
        lazy="raise_on_sql", order_by="Field.position", cascade="all, delete-orphan"
    )


class Phase(Base):
    """A stretch of time in which some activities are open: from `starts_at` until before `ends_at`."""

    __tablename__ = "phase"
    __table_args__ = (UniqueConstraint("campaign_id", "kind"),)

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str20]
    title: Mapped[str80]
    title_en: Mapped[str80] = mapped_column(default="")
    starts_at: Mapped[instant]
    ends_at: Mapped[instant]
    activities: Mapped[json_list]


class Field(Base):
    """A field of life that ideas of a campaign belong to; `key` names its colour and icon."""

    __tablename__ = "field"
    __table_args__ = (UniqueConstraint("campaign_id", "key"),)

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str20]
    name: Mapped[str40]
    name_en: Mapped[str40] = mapped_column(default="")


class Stamp(Base):
    """A number that the database draws anew with every change of the tables it stands for: `campaigns` for campaigns,
    phases, fields and the titles of programmes, `records` for what is counted of programmes and who took part. What was
    read under one stamp is true as long as it stands.
    """

    __tablename__ = "stamp"

    name: Mapped[str20] = mapped_column(primary_key=True)
    value: Mapped[sort_key]
