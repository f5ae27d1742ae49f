"""Counting tries in the database, so that every worker knows them. Keys are kept as keyed hashes only.

Must not know what is tried.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update

from ideas_app.accounts.models import Attempt
from ideas_app.accounts.rules import LONGEST_WINDOW, Limit
from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import TooMany
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.tokens import keyed_hash

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def count(limit: Limit, key: str) -> None:
    """Counts one try. Raises `TooMany` when the window is full; nothing is counted then."""
    now = clock.now()
    hashed = keyed_hash(limit.name, key)
    bucket = _bucket(limit, now)
    fresh = insert_ignore(Attempt, {"key": hashed, "window_at": bucket, "tries": 0})
    session().execute(
        update(Attempt)
        .where(Attempt.key == hashed, Attempt.window_at == bucket)
        .values(tries=Attempt.tries + 1)
    )
    tries, oldest = (
        session()
        .execute(
            select(func.sum(Attempt.tries), func.min(Attempt.window_at)).where(
                Attempt.key == hashed, Attempt.window_at > now - limit.window, Attempt.tries > 0
            )
        )
        .one()
    )
    if tries > limit.most:
        wait = max(1, int((oldest + limit.window - now).total_seconds()))
        minutes = -(-wait // 60)
        message = _l(
            "Too many tries in a short time. Please try again in %(min)s min.", min=minutes
        )
        raise TooMany("too_many_tries", message, retry_after=wait)
    if fresh:
        forget_before(now - 2 * LONGEST_WINDOW)


def forgive(limit: Limit, key: str, *, tries: int | None = None) -> None:
    """Takes back what a good try had counted: all of the key's, or just some of the present moment's."""
    hashed = keyed_hash(limit.name, key)
    if tries is None:
        session().execute(delete(Attempt).where(Attempt.key == hashed))
        return
    session().execute(
        update(Attempt)
        .where(Attempt.key == hashed, Attempt.window_at == _bucket(limit, clock.now()))
        .where(Attempt.tries >= tries)
        .values(tries=Attempt.tries - tries)
    )


def forget_before(instant: datetime) -> None:
    """Deletes counts that can matter no more."""
    session().execute(delete(Attempt).where(Attempt.window_at < instant))


def _bucket(limit: Limit, now: datetime) -> datetime:
    return _EPOCH + (now - _EPOCH) // limit.bucket * limit.bucket
