"""Tables of programmes and of who took part.

A participation is either a record (a person in a programme) or part of a tally (a count per partner and month
without any name). Only records count as persons. Must not know ideas or campaigns.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideas_app.adapters import fulltext
from ideas_app.core.columns import (
    Base,
    counter,
    day,
    enum_column,
    instant,
    intpk,
    json_object,
    str20,
    str40,
    str80,
    str200,
    text,
)


class Outcome(StrEnum):
    """What a programme leads to."""

    ATTENDANCE = "attendance"
    CERTIFICATE = "certificate"
    VISIT = "visit"
    COUNSELLING = "counselling"
    IDEAS = "ideas"


class Attendance(StrEnum):
    """How far a person got."""

    ATTENDED = "attended"
    COMPLETED = "completed"
    CERTIFIED = "certified"


class ClaimState(StrEnum):
    """What became of somebody's word that they took part."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Partner(Base):
    """An organisation that runs programmes together with the centre."""

    __tablename__ = "partner"

    id: Mapped[intpk]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str80] = mapped_column(default="")


class ProgrammePartner(Base):
    """Which partner takes part in which programme."""

    __tablename__ = "programme_partner"

    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True
    )
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), primary_key=True)


class Programme(Base):
    """A programme of the centre in one year."""

    __tablename__ = "programme"
    __table_args__ = (Index("ix_programme_year", "year", "id"),)

    id: Mapped[intpk]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str200]
    title_en: Mapped[str200] = mapped_column(default="")
    description: Mapped[text] = mapped_column(default="")
    description_en: Mapped[text] = mapped_column(default="")
    year: Mapped[int]
    category: Mapped[str40] = mapped_column(default="")
    status: Mapped[str20] = mapped_column(default="closed")
    """planned, open, closed."""
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome), default=Outcome.ATTENDANCE)
    certificate: Mapped[str80 | None]
    certificate_en: Mapped[str80 | None]
    is_specialist: Mapped[bool] = mapped_column(default=False)
    """Whether its certificates count as specialists of the regional industry."""
    is_invented: Mapped[bool] = mapped_column(default=False)
    """Demonstration only: the programme as a whole is made up."""
    mapping: Mapped[json_object]
    """What its last roster import taught, offered again next time: `titles` (field to column title) and
    `decisions` (key of an unsure row to what a person decided)."""
    records_count: Mapped[counter]
    tallied_count: Mapped[counter]
    created_at: Mapped[instant]

    partners: Mapped[list[Partner]] = relationship(
        secondary="programme_partner", lazy="raise_on_sql", order_by="Partner.id"
    )


class Person(Base):
    """A person on the centre's rosters. Not an account: linking the two needs a consent of its own."""

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_name_key", "name_key"),
        Index("ix_person_phone", "phone"),
    )

    id: Mapped[intpk]
    name: Mapped[str40]
    name_key: Mapped[str40]
    born_on: Mapped[date | None]
    phone: Mapped[str20 | None]
    email: Mapped[str | None] = mapped_column(String(320))
    neighbourhood: Mapped[str40 | None]
    match_key: Mapped[str] = mapped_column(String(64), unique=True)
    """HMAC of name, birth date and phone: the same person on two rosters."""
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), unique=True
    )
    linked_at: Mapped[datetime | None]
    created_at: Mapped[instant]


class RosterImport(Base):
    """One imported file: its digest and counts, never its content."""

    __tablename__ = "roster_import"
    __table_args__ = (Index("ix_roster_import_programme_id", "programme_id", "id"),)

    id: Mapped[intpk]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    file_name: Mapped[str200]
    file_digest: Mapped[str] = mapped_column(String(64))
    encoding: Mapped[str20]
    sheet: Mapped[str80] = mapped_column(default="")
    rows: Mapped[counter]
    persons_new: Mapped[counter]
    records_new: Mapped[counter]
    records_changed: Mapped[counter]
    records_same: Mapped[counter]
    presences_new: Mapped[counter]
    presences_gone: Mapped[counter]
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    imported_at: Mapped[instant]
    undone_at: Mapped[datetime | None]
    moved: Mapped[json_object]
    """What it changed on rows that stood before, as [before, after]: an undo puts it back. Emptied after
    30 days."""


class Participation(Base):
    """A record: one person in one programme (and one of its cohorts)."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("person_id", "programme_id", "cohort"),
        Index("ix_participation_programme_id", "programme_id", "id"),
    )

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    cohort: Mapped[str40] = mapped_column(default="")
    status: Mapped[Attendance] = mapped_column(enum_column(Attendance), default=Attendance.ATTENDED)
    joined_on: Mapped[date | None]
    certificate: Mapped[str80 | None]
    certified_on: Mapped[date | None]
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("roster_import.id", ondelete="SET NULL")
    )
    created_at: Mapped[instant]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")


class Meeting(Base):
    """One meeting of a programme. While its code is open, whoever sits there can say so with it."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: Mapped[intpk]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str80] = mapped_column(default="")
    held_on: Mapped[day]
    minutes: Mapped[int | None]
    """How long it took; None where nobody said so, and then it counts no hours."""
    code: Mapped[str | None] = mapped_column(String(6), unique=True)
    """Six digits that stand on the wall for some hours; in plain, since everybody there reads them."""
    code_until: Mapped[datetime | None]


class Presence(Base):
    """That a record's person was at a meeting."""

    __tablename__ = "presence"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True
    )
    participation_id: Mapped[int] = mapped_column(
        ForeignKey("participation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    by_code: Mapped[bool] = mapped_column(default=False)
    """Whether the person said so with the code; else the centre ticked it."""
    noted_at: Mapped[instant]


class Claim(Base):
    """Somebody's word that they took part, where no proof decided by itself: the centre looks.

    The name and the telephone number are deleted as soon as it is decided or withdrawn.
    """

    __tablename__ = "claim"
    __table_args__ = (Index("ix_claim_state", "state", "id"),)

    id: Mapped[intpk]
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="SET NULL"))
    """The meeting whose code was given; None where there was no code."""
    name: Mapped[str | None] = mapped_column(String(40))
    phone: Mapped[str | None] = mapped_column(String(20))
    word: Mapped[str200] = mapped_column(default="")
    state: Mapped[ClaimState] = mapped_column(enum_column(ClaimState), default=ClaimState.WAITING)
    made_at: Mapped[instant]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    reason: Mapped[str200] = mapped_column(default="")


class Certificate(Base):
    """The check code of a participation that its person had printed: a third party may ask whether it is genuine."""

    __tablename__ = "certificate"

    id: Mapped[intpk]
    participation_id: Mapped[int] = mapped_column(
        ForeignKey("participation.id", ondelete="CASCADE"), unique=True
    )
    code: Mapped[str] = mapped_column(String(12), unique=True)
    made_at: Mapped[instant]


class Tally(Base):
    """A count per programme, partner and month without any name."""

    __tablename__ = "tally"
    __table_args__ = (UniqueConstraint("programme_id", "partner_id", "month_on"),)

    id: Mapped[intpk]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    month_on: Mapped[day]
    """The first day of the month."""
    participants: Mapped[counter]
    sessions: Mapped[counter]


class Visit(Base):
    """One visit to a company: how many went. The people are in the programme's records."""

    __tablename__ = "visit"

    id: Mapped[intpk]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    company: Mapped[str80 | None]
    company_en: Mapped[str80 | None]
    visited_on: Mapped[day]
    participants: Mapped[counter]


fulltext.follow(
    fulltext.Followed(
        "programme",
        Programme,
        lambda row: (
            f"{row.title} {row.title_en or ''}",
            f"{row.description or ''} {row.description_en or ''}",
        ),
        ("title", "title_en", "description", "description_en"),
    )
)
