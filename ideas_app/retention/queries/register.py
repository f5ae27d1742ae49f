"""Reading the register of what was destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.audit.rules import GENESIS, entry_hash
from ideas_app.core.db import session
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.retention.models import Destruction
from ideas_app.retention.rules.register import content_of

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """What one run destroyed of one period; its parts, if it came in several, are added up."""

    id: int
    at: datetime
    period: str
    table: str
    what: str
    count: int
    first_on: date | None
    last_on: date | None
    days: int
    ground: str
    way: str
    actor_id: int | None
    by: str


def list_register(
    *, after: str | None = None, limit: int = 50, year: int | None = None
) -> Page[RegisterLine]:
    """The register, newest first, a line a run; `year` narrows it down to the runs of a local year."""
    same = ("period", "table", "what", "days", "ground", "way", "actor_id", "by")
    columns = [getattr(Destruction, name) for name in same]
    query = (
        select(
            func.max(Destruction.id).label("id"),
            func.max(Destruction.at).label("at"),
            func.sum(Destruction.count).label("count"),
            func.min(Destruction.first_on).label("first_on"),
            func.max(Destruction.last_on).label("last_on"),
            *columns,
        )
        .group_by(Destruction.run, *columns)
        .order_by(func.max(Destruction.id).desc())
    )
    if year is not None:
        query = query.where(Destruction.run.like(f"{year}-%"))
    key = decode_cursor(after, int)
    if key:
        query = query.having(func.max(Destruction.id) < key[0])
    rows = [RegisterLine(**row) for row in session().execute(query.limit(limit + 1)).mappings()]
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(rows[:limit], more)


def find_register_break() -> int | None:
    """The id of the first line that was changed, or that does not follow the one before; None if all is whole."""
    previous = GENESIS
    for line in session().scalars(select(Destruction).order_by(Destruction.id)):
        said = entry_hash(previous, at=line.at, content=content_of(line))
        if line.previous_hash != previous or line.hash != said:
            return line.id
        previous = line.hash
    return None
