"""How long the rows of each table are kept, and why: each room says so, the room `retention` sees to it.

A table has a `Period` after which its rows go, or a `Reason` for which they stay; a test walks all tables.
Must not know any table but its own, nor who sets a period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, String, delete, func, select, tuple_, update
from sqlalchemy import inspect as inspect_model
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core import clock
from ideas_app.core.columns import Base, instant
from ideas_app.core.db import session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flask_babel import LazyString
    from sqlalchemy import ColumnElement

YEAR = 365
"""Days of a year, as periods count them."""


class PeriodSetting(Base):
    """A period that an administrator chose in place of the one that the room proposes."""

    __tablename__ = "retention_period"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    days: Mapped[int]
    set_at: Mapped[instant]


class Way(StrEnum):
    """What is done with rows whose time is over."""

    DELETED = "deleted"
    EMPTIED = "emptied"
    """The row stays and counts; what says whose it is has gone."""


class Reason(StrEnum):
    """Why the rows of a table have no period of their own."""

    RECORD = "record"
    """The public or official record: what was proposed, voted, answered, counted."""
    PROOF = "proof"
    """Evidence of what the house itself did, which nobody may shorten."""
    WITH_ACCOUNT = "with_account"
    """It belongs to a person's account and goes, or loses its name, when the account does."""
    WITH_PARENT = "with_parent"
    """It hangs on a row of another table and goes with it."""
    NO_PERSON = "no_person"
    """Settings and texts of the house: it says nothing about a person."""
    SHORT = "short"
    """A trace of days or hours, cleared by a chore of its room."""


@dataclass(frozen=True, slots=True)
class Span:
    """How many rows, and the first and the last local day from which they are counted."""

    count: int = 0
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table that go by themselves, counted from an instant or a day of each.

    `where` narrows them down. With `values` (or functions that give them) they are emptied instead of deleted;
    `where` must then leave out what is empty already.
    """

    model: type[Base]
    since: Any
    where: tuple[ColumnElement[bool], ...] = ()
    values: Mapping[str, Any] | None = None

    @property
    def way(self) -> Way:
        """Whether rows are deleted or emptied."""
        return Way.DELETED if self.values is None else Way.EMPTIED

    def count(self, before: datetime) -> Span:
        """What is counted from before an instant."""
        query = select(func.count(), func.min(self.since), func.max(self.since))
        found, first, last = session().execute(query.where(*self._due(before))).one()
        return Span(found, _day_of(first), _day_of(last))

    def destroy(self, before: datetime, limit: int) -> Span:
        """Deletes or empties at most `limit` rows, the oldest first, within the caller's transaction."""
        keys = list(inspect_model(self.model).primary_key)
        query = select(self.since, *keys).where(*self._due(before))
        rows = session().execute(query.order_by(self.since, *keys).limit(limit)).all()
        if not rows:
            return Span()
        mine = tuple_(*keys).in_([tuple(row[1:]) for row in rows])
        act = (
            delete(self.model).where(mine)
            if self.values is None
            else update(self.model).where(mine).values(**_made(self.values))
        )
        session().execute(act.execution_options(synchronize_session=False))
        session().expire_all()
        return Span(len(rows), _day_of(rows[0][0]), _day_of(rows[-1][0]))

    def _due(self, before: datetime) -> tuple[ColumnElement[bool], ...]:
        is_day = isinstance(self.since.type, Date)
        limit = clock.local_date(before) if is_day else before
        return (*self.where, self.since < limit)


def _made(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value() if callable(value) else value for name, value in values.items()}


def _day_of(value: date | datetime | None) -> date | None:
    return clock.local_date(value) if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class Subjects:
    """People, or things that people look after, that are warned about before anything goes.

    `list_counted(day)` gives the id of each and the day from which it is counted, where that is `day` or
    earlier. `announce(id, goes_on, days)` tells whom it concerns; `destroy(ids)` says how many rows it destroyed
    or had destroyed, within the caller's transaction.
    """

    list_counted: Callable[[date], Sequence[tuple[int, date]]]
    announce: Callable[[int, date, int], None]
    destroy: Callable[[Sequence[int]], int]
    way: Way = Way.EMPTIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """For how long some rows are kept: which, counted from when, how long unless set otherwise, on what ground.

    `floor` and `ceiling`, in days, are how far an administrator may move it; where they are the same, it
    is fixed. `is_personal` puts it into the table of the privacy policy.
    """

    name: str
    table: str
    rows: LazyString
    since: LazyString
    ground: LazyString
    days: int
    acts: Rows | Subjects
    floor: int = 1
    ceiling: int = 10 * YEAR
    is_personal: bool = True

    @property
    def is_fixed(self) -> bool:
        """Whether nobody may move it."""
        return self.floor == self.ceiling


_periods: dict[str, Period] = {}
_kept: dict[str, Reason] = {}


def keep_for(period: Period) -> None:
    """Registers a period. Raises `ValueError` for one that its own bounds exclude."""
    if not period.floor <= period.days <= period.ceiling:
        msg = f"{period.name}: {period.days} days lie outside {period.floor} to {period.ceiling}"
        raise ValueError(msg)
    _periods[period.name] = period


def keep(reason: Reason, *tables: str) -> None:
    """Says why the rows of some tables have no period of their own."""
    _kept.update(dict.fromkeys(tables, reason))


def periods() -> list[Period]:
    """Every period that the rooms registered, in their order from the ground up."""
    return list(_periods.values())


def find_period(name: str) -> Period | None:
    """The period of a name."""
    return _periods.get(name)


def kept_tables() -> dict[str, Reason]:
    """Tables whose rows stay, with the reason, by name."""
    return dict(sorted(_kept.items()))


def days_of_all() -> dict[str, int]:
    """How many days each period lasts now, by its name: what was set, else what the room proposes."""
    chosen = dict(session().execute(select(PeriodSetting.name, PeriodSetting.days)).all())
    return {name: _within(each, chosen.get(name)) for name, each in _periods.items()}


def days_of(period: Period) -> int:
    """How many days one period lasts now."""
    return _within(period, session().scalar(_setting(period.name)))


def _within(period: Period, chosen: int | None) -> int:
    """What was set before a release moved the bounds never goes past them."""
    return period.days if chosen is None else min(max(chosen, period.floor), period.ceiling)


def _setting(name: str) -> Any:
    return select(PeriodSetting.days).where(PeriodSetting.name == name)


def set_days(period: Period, days: int) -> None:
    """Keeps how long a period lasts from now on. Whether it may is the caller's question."""
    row = session().get(PeriodSetting, period.name)
    if row is None:
        row = PeriodSetting(name=period.name)
        session().add(row)
    row.days, row.set_at = days, clock.now()


def before_of(days: int, now: datetime) -> datetime:
    """The local midnight before which rows of a period of so many days are due: whole days, counted here."""
    return clock.day_start(clock.local_date(now) - timedelta(days=days))


keep(Reason.SHORT, "outbox_event", "chore_run", "mail_delivery")
keep(Reason.NO_PERSON, "retention_period")
