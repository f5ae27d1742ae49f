"""Whether the replica of the database may be read: how far it is behind, and whether it answers.

How far behind is measured without comparing clocks of machines and without rights of an administrator: the
primary's position in its log is noted with our own clock, and as soon as the replica has played back as much it is
known to hold everything up to that moment. Nobody waits for the measuring: a thread does it while pages are served,
and what was found last counts. Must not know who reads what.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

log = logging.getLogger(__name__)

MAX_LAG = 5.0
"""Seconds that a replica may be behind and still be read."""
EVERY = 1.0
"""Seconds from one look at it to the next, while somebody reads."""
PAUSE = 5.0
"""Seconds without another try after it did not answer."""

_PRIMARY = text("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
_REPLICA = text(
    "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() - '0/0'::pg_lsn END"
)


class NotAReplicaError(Exception):
    """The database of `DATABASE_READ_URL` follows nobody: what it holds may be as old as it likes."""


class Lag:
    """How far one log is behind another. Instants in seconds of one clock that never goes back."""

    def __init__(self) -> None:
        self._positions: deque[tuple[float, int]] = deque(maxlen=120)
        self._fresh_at: float | None = None

    def note(self, at: float, primary: int, replica: int) -> None:
        """Takes in where the primary stood at an instant, and where the replica stood afterwards."""
        self._positions.append((at, primary))
        while self._positions and self._positions[0][1] <= replica:
            self._fresh_at = self._positions.popleft()[0]

    def seconds(self, now: float) -> float | None:
        """How old the replica's contents are at most; None while nothing is known."""
        return None if self._fresh_at is None else max(0.0, now - self._fresh_at)


class Replica:
    """What is known of a replica now. `primary` is asked for anew each time: tests exchange it."""

    def __init__(self, primary: Callable[[], Engine], engine: Engine) -> None:
        self._primary = primary
        self._engine = engine
        self._lag = Lag()
        self._next_look = 0.0
        self._away_until = 0.0
        self._looking = threading.Lock()

    def is_fresh(self) -> bool:
        """Whether it may be read, by what was found last; has it looked at again when it is time."""
        now = time.monotonic()
        if now >= self._next_look and self._looking.acquire(blocking=False):
            threading.Thread(target=self._look, daemon=True).start()
        return self.standing() == "ready"

    def standing(self) -> str:
        """`ready`, `behind`, or `away`; `unknown` before the first look has ended."""
        if time.monotonic() < self._away_until:
            return "away"
        seconds = self.lag()
        if seconds is None:
            return "unknown"
        return "ready" if seconds <= MAX_LAG else "behind"

    def lag(self) -> float | None:
        """How old its contents are at most, in seconds; None while that is not known."""
        return self._lag.seconds(time.monotonic())

    def look(self) -> None:
        """Compares both logs, here and now. What goes wrong is noted, and not raised."""
        with self._looking:
            self._compare()

    def note_fault(self, fault: Exception) -> None:
        """Takes in that it failed somebody: it is left alone for a while, unless only one statement was at fault."""
        log.warning("the replica failed: %s; the primary is asked", type(fault).__name__)
        if not _is_of_one_statement(fault):
            self._leave_alone()

    def _look(self) -> None:
        try:
            self._compare()
        finally:
            self._looking.release()

    def _compare(self) -> None:
        at = time.monotonic()
        self._next_look = at + EVERY
        try:
            with self._primary().connect() as primary:
                reached = _position(primary, _PRIMARY)
            with self._engine.connect() as replica:
                played = _position(replica, _REPLICA)
        except (SQLAlchemyError, NotAReplicaError) as fault:
            log.warning("the replica cannot be read: %s", type(fault).__name__)
            self._leave_alone()
            return
        self._away_until = 0.0
        self._lag.note(at, reached, played)

    def _leave_alone(self) -> None:
        self._away_until = self._next_look = time.monotonic() + PAUSE


def _is_of_one_statement(fault: Exception) -> bool:
    """Whether the server answered, and refused this statement alone: a replica ends one whose rows the primary has
    meanwhile swept away. A connection that is lost carries no code, or one of the classes 08 and 57P.
    """
    code = getattr(fault.orig, "sqlstate", None) if isinstance(fault, DBAPIError) else None
    return bool(code) and not str(code).startswith(("08", "57P"))


def _position(connection: Connection, question: object) -> int:
    """Bytes of the log. SQLite has none: a copy that answers counts as caught up."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("SELECT 1"))
        return 0
    found = connection.execute(question).scalar()  # type: ignore[call-overload]  # one of two texts above
    if found is None:
        raise NotAReplicaError
    return int(found)
