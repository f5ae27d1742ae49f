"""The access log by months: figures, oddities, records, and which months are checked."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, select

from ideas_app.accounts.queries import nicknames_of
from ideas_app.audit.models import AccessRecord
from ideas_app.audit.rules import Look
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.retention.models import AccessCheck
from ideas_app.retention.rules.months import month_of, months_between, next_month
from ideas_app.retention.rules.patterns import Seen, find_oddities, is_out_of_hours

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement

    from ideas_app.core.workdays import IsDayOff
    from ideas_app.retention.rules.patterns import Oddity


Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month in the list: how many records, and whether it is checked."""

    month_on: date
    records: int
    check: AccessCheck | None


@dataclass(frozen=True, slots=True)
class Month:
    """A month as its page shows it."""

    month_on: date
    records: int
    lines: int
    out_of_hours: int
    files: int
    unmasked: int
    by_person: list[tuple[int | None, int, int]]
    """Colleague, looks, lines; the most lines first."""
    by_kind: list[tuple[str, int, int]]
    by_hour: list[int]
    oddities: list[Oddity]
    names: dict[int, str]
    page: Page[AccessRecord]
    digest: str
    """SHA-256 over all records of the month, whatever is filtered: what a check speaks of."""


def _within(month_on: date) -> tuple[ColumnElement[bool], ...]:
    begins, ends = clock.day_start(month_on), clock.day_start(next_month(month_on))
    return (AccessRecord.at >= begins, AccessRecord.at < ends)


def list_months() -> list[MonthRow]:
    """Every month since the first record that is kept, newest first, with its check."""
    first = session().scalar(select(func.min(AccessRecord.at)))
    checks = {check.month_on: check for check in session().scalars(select(AccessCheck))}
    begins = clock.local_date(first) if first else clock.today()
    begins = min([begins, *checks])
    return [
        MonthRow(month_on, _count(month_on), checks.get(month_on))
        for month_on in months_between(begins, clock.today())
    ]


def _count(month_on: date) -> int:
    query = select(func.count()).select_from(AccessRecord).where(*_within(month_on))
    return session().scalar(query) or 0


def list_unchecked_months() -> list[date]:
    """The months that are over and that nobody has checked."""
    this_month = month_of(clock.today())
    return [
        row.month_on for row in list_months() if row.month_on < this_month and row.check is None
    ]


def check_of(month_on: date) -> AccessCheck | None:
    """The check of a month."""
    return session().get(AccessCheck, month_on)


def read_month(
    month_on: date,
    is_day_off: IsDayOff,
    *,
    actor_id: int | None = None,
    kind: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Month:
    """A month's figures and its records, newest first; `actor_id` and `kind` narrow both down."""
    conditions = list(_within(month_on))
    if actor_id is not None:
        conditions.append(AccessRecord.actor_id == actor_id)
    if kind in set(Look):
        conditions.append(AccessRecord.kind == kind)
    columns = [getattr(AccessRecord, name) for name in Seen.__slots__]
    looks = [
        Seen(at.astimezone(clock.SEOUL), *rest)
        for at, *rest in session().execute(
            select(*columns).where(*conditions).order_by(AccessRecord.id)
        )
    ]
    page = _list_records(conditions, after, limit)
    who = {look.actor_id for look in looks}
    return Month(
        month_on=month_on,
        records=len(looks),
        lines=sum(look.count for look in looks),
        out_of_hours=sum(is_out_of_hours(look.at, is_day_off) for look in looks),
        files=sum(look.kind == Look.EXPORT for look in looks),
        unmasked=sum(look.count for look in looks if look.kind == Look.UNMASKED),
        by_person=_sums([(look.actor_id, look.count) for look in looks]),
        by_kind=_sums([(look.kind, look.count) for look in looks]),
        by_hour=_hours(looks),
        oddities=find_oddities(looks, is_day_off),
        names=nicknames_of(who),
        page=page,
        digest=digest_of(month_on),
    )


def _sums(pairs: list[tuple[Key, int]]) -> list[tuple[Key, int, int]]:
    looks, lines = Counter(key for key, _count in pairs), Counter[Key]()
    for key, count in pairs:
        lines[key] += count
    told = [(key, looks[key], lines[key]) for key in looks]
    return sorted(told, key=lambda row: (-row[2], -row[1], str(row[0])))


def _hours(looks: list[Seen]) -> list[int]:
    counted = Counter(look.at.hour for look in looks)
    return [counted[hour] for hour in range(24)]


def _list_records(
    conditions: list[ColumnElement[bool]], after: str | None, limit: int
) -> Page[AccessRecord]:
    query = select(AccessRecord).where(*conditions).order_by(AccessRecord.id.desc())
    key = decode_cursor(after, int)
    if key:
        query = query.where(AccessRecord.id < key[0])
    rows = list(session().scalars(query.limit(limit + 1)))
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(rows[:limit], more)


def digest_of(month_on: date) -> str:
    """SHA-256, in hex, over id, time, colleague, kind, number and fingerprint of a month's records, a line each."""
    columns = (
        AccessRecord.id,
        AccessRecord.at,
        AccessRecord.actor_id,
        AccessRecord.kind,
        AccessRecord.count,
        AccessRecord.digest,
    )
    found = hashlib.sha256()
    for row in session().execute(
        select(*columns).where(*_within(month_on)).order_by(AccessRecord.id)
    ):
        found.update(
            ("|".join([str(row[0]), row[1].isoformat(), *map(str, row[2:])]) + "\n").encode()
        )
    return found.hexdigest()
