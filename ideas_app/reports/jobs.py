"""What follows later: the charts of a count, and a count whenever the records of a year changed.

Must not decide anything itself.
"""

from __future__ import annotations

from ideas_app.core import housekeeping, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.reports import queries, service
from ideas_app.reports.events import ReportCounted


@outbox.handles(ReportCounted, outside=True)
def draw(event: ReportCounted) -> None:
    """Draws the charts without holding up votes. Running twice changes nothing."""
    service.draw_run(event.run_id)


@housekeeping.hourly
def count_changed_years() -> None:
    """Counts every year again; where nothing changed, the last count stands."""
    for year in queries.list_years():
        service.record_count(SYSTEM, year)
