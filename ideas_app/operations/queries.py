"""How the work in the background stands: what waits, what came round last, what failed for good."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from ideas_app.adapters.metrics import Measure
from ideas_app.core import housekeeping, outbox, postbox
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.core.outbox import OutboxEvent, Waiting
    from ideas_app.core.postbox import MailState


@dataclass(frozen=True, slots=True)
class ChoreRow:
    """One chore: its name, its rhythm ("minute", "hour", or the local time of a day), its last run."""

    name: str
    rhythm: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dead:
    """What failed for good. `is_unsure`: a mail of which nobody can tell whether it arrived."""

    id: int
    handler: str
    what: str
    happened_at: datetime
    dead_at: datetime
    attempts: int
    error: str
    is_unsure: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it, as one page shows it."""

    queue_seconds: int
    waiting: list[Waiting]
    chores: list[ChoreRow]
    dead: list[Dead]
    mails: dict[MailState, int]

    @property
    def waiting_count(self) -> int:
        """How many events wait, due or not."""
        return sum(row.waiting for row in self.waiting)


def read_standing() -> Standing:
    """How it stands now. Six statements."""
    done = housekeeping.last_runs()
    return Standing(
        queue_seconds=outbox.queue_seconds(),
        waiting=outbox.list_waiting(),
        chores=[
            ChoreRow(chore.name, _rhythm_of(chore), done.get(chore.name))
            for chore in housekeeping.chores()
        ],
        dead=_list_dead(),
        mails=postbox.count_by_state(),
    )


def list_measures() -> list[Measure]:
    """The same as measures for machines; on a database that does not answer, only that."""
    try:
        standing = read_standing()
    except SQLAlchemyError:
        session().rollback()
        return [Measure("ideas_database_up", "Whether the database answers.", values={(): 0})]
    lanes: Counter[tuple[str, ...]] = Counter()
    for row in standing.waiting:
        lanes[(row.lane,)] += row.waiting
    done: dict[tuple[str, ...], float] = {
        (chore.name,): chore.done_at.timestamp()
        for chore in standing.chores
        if chore.done_at is not None
    }
    mails: dict[tuple[str, ...], float] = {
        (state.value,): float(count) for state, count in standing.mails.items()
    }
    waits = "Seconds for which the oldest due event has been waiting."
    return [
        Measure("ideas_database_up", "Whether the database answers.", values={(): 1}),
        Measure("ideas_outbox_due_seconds", waits, values={(): standing.queue_seconds}),
        Measure("ideas_outbox_waiting", "Events not handled yet.", ("lane",), dict(lanes)),
        Measure(
            "ideas_outbox_dead", "Events that failed for good.", values={(): len(standing.dead)}
        ),
        Measure("ideas_mails", "Mails of the last 90 days.", ("state",), mails),
        Measure("ideas_chore_done", "When a chore was last done, in Unix time.", ("chore",), done),
    ]


def _rhythm_of(chore: housekeeping.Chore) -> str:
    if chore.at is not None:
        return f"{chore.at:%H:%M}"
    return "minute" if chore.every == timedelta(minutes=1) else "hour"


def _list_dead() -> list[Dead]:
    rows = outbox.list_dead()
    unsure = postbox.list_of_events([row.id for row in rows])
    return [
        Dead(
            id=row.id,
            handler=row.handler,
            # a chore's event says by its name which one it is
            what=str(row.payload.get("name", row.kind)),
            happened_at=row.happened_at,
            dead_at=row.dead_at,
            attempts=row.attempts,
            error=row.error or "",
            is_unsure=row.id in unsure,
        )
        for row in rows
        if row.dead_at is not None
    ]


def get_dead(event_id: int) -> OutboxEvent:
    """An event that failed for good. Raises `NotFound`, also when somebody was quicker."""
    row = outbox.find_event(event_id)
    if row is None or row.dead_at is None:
        raise NotFound("not_failed", _l("This is no longer among what failed."))
    return row
