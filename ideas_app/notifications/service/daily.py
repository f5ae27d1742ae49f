"""Beginning daily mails: one a person, kind and day, however often and in however many workers this runs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from ideas_app.core import clock
from ideas_app.core.db import insert_ignore_all, session
from ideas_app.core.outbox import delayed, publish
from ideas_app.notifications import queries
from ideas_app.notifications.events import DailyMailBegun
from ideas_app.notifications.models import Daily, DailyMail, Mailing, Notice
from ideas_app.notifications.rules import is_digest_time, is_work_time, send_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.core.workdays import IsDayOff

DAILY_KEPT = timedelta(days=60)
"""For how long it is kept that a daily mail went out."""


def begin_digests() -> int:
    """Begins today's digests from 8 o'clock on; how many. Each takes along what waits for one and is unread."""
    if not is_digest_time(clock.now()):
        return 0
    today = clock.today()
    begun = _begin(queries.list_waiting_for_digest(today), Daily.DIGEST)
    session().execute(
        update(Notice)
        .where(Notice.account_id.in_(begun.values()), Notice.mailing == Mailing.DIGEST)
        .where(Notice.digest_on.is_(None), Notice.read_at.is_(None))
        .values(digest_on=today)
    )
    return _publish(begun)


def begin_work_mails(is_day_off: IsDayOff) -> int:
    """Begins today's mails to staff from 8 o'clock of a working day on; how many. What waits is looked up
    when a mail is written: one about nothing is not sent.
    """
    if not is_work_time(clock.now(), is_day_off):
        return 0
    return _publish(_begin(queries.list_staff_at_work(clock.today()), Daily.WORK))


def _begin(account_ids: Iterable[int], kind: Daily) -> dict[int, int]:
    """The accounts whose daily mail was begun just now, by its id; those begun before are left out."""
    today = clock.today()
    rows = [{"account_id": one, "kind": kind.value, "day": today} for one in account_ids]
    made = insert_ignore_all(DailyMail, rows)
    query = select(DailyMail.id, DailyMail.account_id).where(DailyMail.id.in_(made))
    return dict(session().execute(query.order_by(DailyMail.id)).all())


def _publish(begun: dict[int, int]) -> int:
    for daily_id in begun:
        publish(DailyMailBegun(daily_id))
    return len(begun)


def postpone_daily(daily_id: int) -> None:
    """Puts a daily mail off until the morning: the worker was late, and it is night by now."""
    now = clock.now()
    with delayed(send_at(now) - now):
        publish(DailyMailBegun(daily_id))


def note_daily_mailed(daily_id: int) -> None:
    """Keeps that a daily mail went out."""
    session().execute(
        update(DailyMail).where(DailyMail.id == daily_id).values(mailed_at=clock.now())
    )


def forget_daily() -> None:
    """Daily mails of long ago serve nothing any more."""
    session().execute(delete(DailyMail).where(DailyMail.day < clock.today() - DAILY_KEPT))
