"""Work that comes round by itself: deleting what has no purpose left, daily mails, dates that arrive.

Features register chores with `@hourly`, `@daily(at=...)` or `@minutely`. Each has slots in time; a slot that
has come is claimed by a row that can stand once only, so of several workers one does it. The work itself is an
event of the outbox: retried with back-off, and visible where it failed for good. Only the latest slot counts:
what was missed while no worker ran is made up once. Must not know any chore but its own.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, UniqueConstraint, delete, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core import clock, outbox, postbox
from ideas_app.core.columns import Base, instant, intpk
from ideas_app.core.db import insert_ignore, is_sqlite, session, transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = Callable[[], None]

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
HANDLED_KEPT = timedelta(days=14)
"""How long handled events stay: long enough to look into last week's trouble."""
RUNS_KEPT = timedelta(days=2)
"""How long done runs of chores stay, which are many where a chore comes round every minute."""
MAILS_KEPT = timedelta(days=90)
"""How long it stays noted that a mail went out: longer than any event that could ask for it again."""


class ChoreRun(Base):
    """One slot of one chore, asked for by whichever worker saw it first."""

    __tablename__ = "chore_run"
    __table_args__ = (UniqueConstraint("name", "due_at"),)

    id: Mapped[intpk]
    name: Mapped[str] = mapped_column(String(120))
    due_at: Mapped[instant]
    asked_at: Mapped[instant]
    done_at: Mapped[datetime | None]
    was_skipped: Mapped[bool] = mapped_column(default=False)
    """A later slot came before this one was done: nothing was missed."""


@dataclass(frozen=True, slots=True)
class ChoreDue:
    """A chore's slot has come; `due_at` in ISO form."""

    name: str
    due_at: str


@dataclass(frozen=True, slots=True)
class Chore:
    """Work with a name, and the rhythm of its slots: each minute, each hour, or each day at a local time."""

    name: str
    work: Work
    every: timedelta
    at: time | None = None
    within: timedelta = DAY
    """How late a missed slot is still made up; a later look leaves it out."""

    def last_slot(self, now: datetime) -> datetime:
        """The latest slot that has come by an instant."""
        if self.at is None:
            seconds = int(self.every.total_seconds())
            since = int(now.timestamp())
            return datetime.fromtimestamp(since - since % seconds, tz=now.tzinfo)
        slot = clock.day_start(clock.local_date(now), self.at.hour, self.at.minute)
        if slot <= now:
            return slot
        return clock.day_start(clock.local_date(now) - DAY, self.at.hour, self.at.minute)

    def due_slot(self, now: datetime) -> datetime | None:
        """The latest slot, unless it is too long past to be made up."""
        slot = self.last_slot(now)
        return slot if now - slot < self.within else None


_chores: list[Chore] = []


def _register(
    work: Work, every: timedelta, at: time | None = None, within: timedelta = DAY
) -> Work:
    name = outbox.handler_name(work)
    if all(chore.name != name for chore in _chores):
        _chores.append(Chore(name, work, every, at, within))
    return work


def minutely(work: Work) -> Work:
    """Registers a chore of each minute; it runs inside its own transaction."""
    return _register(work, timedelta(minutes=1))


def hourly(work: Work) -> Work:
    """Registers a chore of each hour; it runs inside its own transaction."""
    return _register(work, timedelta(hours=1))


def daily(*, at: str, within: timedelta = DAY) -> Callable[[Work], Work]:
    """Registers a chore of each day at a local time ("08:30"); it runs inside its own transaction.

    Missed, it is made up once, up to `within` after its time: a morning's mail need not come at night.
    """
    when = time.fromisoformat(at)
    return lambda work: _register(work, DAY, when, within)


def chores() -> list[Chore]:
    """Every chore that the features have registered."""
    return list(_chores)


def ask_due() -> list[str]:
    """Asks for each chore whose slot has come and that nobody asked for yet; their names."""
    now = clock.now()
    asked = []
    for chore in _chores:
        slot = chore.due_slot(now)
        if slot is None or _is_asked(chore.name, slot):
            continue
        with transaction():
            if insert_ignore(ChoreRun, {"name": chore.name, "due_at": slot, "asked_at": now}):
                outbox.publish(ChoreDue(chore.name, slot.isoformat()))
                asked.append(chore.name)
    return asked


def _is_asked(name: str, slot: datetime) -> bool:
    query = select(ChoreRun.id).where(ChoreRun.name == name, ChoreRun.due_at == slot)
    found = session().scalar(query)
    session().rollback()
    return found is not None


@outbox.handles(ChoreDue)
def do_chore(event: ChoreDue) -> None:
    """Does a chore, unless a later slot of it has come meanwhile. Raises what the chore raises."""
    slot = datetime.fromisoformat(event.due_at)
    mine = (ChoreRun.name == event.name, ChoreRun.due_at == slot)
    run = session().scalars(select(ChoreRun).where(*mine).with_for_update()).one_or_none()
    chore = next((each for each in _chores if each.name == event.name), None)
    if run is None or chore is None or run.done_at is not None:
        return  # done, or a chore that the code no longer has
    later = select(ChoreRun.id).where(ChoreRun.name == event.name, ChoreRun.due_at > slot)
    run.was_skipped = session().scalar(later.limit(1)) is not None
    if not run.was_skipped:
        chore.work()
    run.done_at = clock.now()


def run(name: str | None = None) -> int:
    """Runs chores now, whatever the hour: all of them, or one; how many went well. For people and tests.

    One that fails is logged and does not stop the others.
    """
    done = 0
    for chore in _chores:
        if name is not None and chore.name != name:
            continue
        try:
            with transaction():
                chore.work()
            done += 1
        except Exception:
            log.exception("chore %s failed", chore.name)
    return done


def count_open(names: list[str]) -> int:
    """How many of these chores have a latest slot that was asked for and is not done."""
    newest = select(func.max(ChoreRun.id)).where(ChoreRun.name.in_(names)).group_by(ChoreRun.name)
    query = select(func.count(ChoreRun.id)).where(ChoreRun.id.in_(newest))
    return session().scalar(query.where(ChoreRun.done_at.is_(None))) or 0


def last_runs() -> dict[str, datetime]:
    """When each chore was last done, by name."""
    done = ChoreRun.done_at.is_not(None) & ~ChoreRun.was_skipped
    query = select(ChoreRun.name, func.max(ChoreRun.done_at)).where(done).group_by(ChoreRun.name)
    return {name: at for name, at in session().execute(query) if at is not None}


@hourly
def forget_handled() -> None:
    """Handled events, old runs and notes of mails go; of each chore the newest run stays."""
    now = clock.now()
    outbox.forget_handled(now - HANDLED_KEPT)
    outbox.forget_handled(now - RUNS_KEPT, ChoreDue.__name__)
    postbox.forget(now - MAILS_KEPT)
    newest = select(func.max(ChoreRun.due_at)).group_by(ChoreRun.name).scalar_subquery()
    old = (ChoreRun.done_at < now - RUNS_KEPT, ChoreRun.due_at.not_in(newest))
    session().execute(delete(ChoreRun).where(*old).execution_options(synchronize_session=False))


@daily(at="04:40")
def refresh_statistics() -> None:
    """SQLite learns how its rows are spread, from a thousand of each index; PostgreSQL does so by itself.

    Without it SQLite takes any indexed condition for a rare one, and walks a million rows for the few of a filter.
    """
    if is_sqlite():
        session().execute(text("PRAGMA analysis_limit = 1000"))
        session().execute(text("ANALYZE"))
