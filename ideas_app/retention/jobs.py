"""The nightly look at what is due. Must not decide anything itself."""

from __future__ import annotations

from ideas_app.core import housekeeping, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session
from ideas_app.core.retaining import find_period
from ideas_app.retention import service
from ideas_app.retention.events import PeriodLookedAt


@housekeeping.daily(at="03:20")
def look_at_periods() -> None:
    """When few are awake, what has no purpose left goes; each period is an event of its own."""
    service.ask_all()


@outbox.handles(PeriodLookedAt, outside=True)
def see_to(event: PeriodLookedAt) -> None:
    """Warns, reminds and destroys, in short transactions. Running twice does it once."""
    period = find_period(event.name)
    session().rollback()
    if period is not None:
        service.run_period(SYSTEM, period, by="nightly")
