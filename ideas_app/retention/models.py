"""Tables of what was announced, what was destroyed and what was checked. Must not know whose rows they were."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import Base, counter, instant, intpk, str20, str40, str80, text


class Warned(Base):
    """That something's end was announced: one row a period and subject, until it is gone or no longer due."""

    __tablename__ = "retention_warning"

    period: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    warned_on: Mapped[date]
    reminded_on: Mapped[date | None]
    done_on: Mapped[date | None]


class Destruction(Base):
    """One line of the register (파기대장): append-only, chained, without any personal data.

    Its words are kept as they stood, in Korean: the register outlives the code.
    """

    __tablename__ = "destruction_record"
    __table_args__ = (Index("ix_destruction_record_run", "run"),)

    id: Mapped[intpk]
    at: Mapped[instant]
    run: Mapped[str80]
    """The period and the local day: a run that was stopped and went on is one."""
    period: Mapped[str40]
    table: Mapped[str80]
    what: Mapped[text]
    count: Mapped[counter]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    days: Mapped[int]
    ground: Mapped[text]
    way: Mapped[str20]
    actor_id: Mapped[int | None]
    """Whose hand; None for the nightly work and the command line, as `by` says."""
    by: Mapped[str20]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AccessCheck(Base):
    """That somebody checked the access log of a month, and what was found. Never changed."""

    __tablename__ = "access_check"

    month_on: Mapped[date] = mapped_column(primary_key=True)
    """The first day of the month."""
    checked_by: Mapped[int | None]
    """Without a foreign key: the check outlives the account."""
    checked_at: Mapped[datetime]
    records: Mapped[counter]
    """How many records the month had when it was checked."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 over these records, so that the check speaks of exactly them."""
    note: Mapped[text]
