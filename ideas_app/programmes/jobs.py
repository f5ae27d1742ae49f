"""What programmes do when something happens elsewhere."""

from __future__ import annotations

from ideas_app.core import housekeeping, outbox, strongroom
from ideas_app.programmes import service
from ideas_app.programmes.events import RosterAwaited
from ideas_app.programmes.service import Stage


@outbox.handles(RosterAwaited, outside=True)
def work_on_roster(event: RosterAwaited) -> None:
    """Reads or stores a large roster without holding up votes. Running twice does it once."""
    service.work_on(event.name, event.turn, Stage(event.stage))


@housekeeping.hourly
def sweep_uploads() -> None:
    """Files that somebody uploaded and neither imported nor let go are deleted after an hour."""
    strongroom.sweep()
