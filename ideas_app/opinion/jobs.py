"""What follows later: the map itself, which takes too long for a request, and its first asking.

Must not decide anything itself.
"""

from __future__ import annotations

from ideas_app.core import housekeeping, outbox
from ideas_app.opinion import service
from ideas_app.opinion.events import MapAsked


@outbox.handles(MapAsked, outside=True)
def compute(event: MapAsked) -> None:
    """Computes the map without holding up votes. Running twice changes nothing."""
    service.compute(event.campaign_id)


@housekeeping.hourly
def ask_after_close() -> None:
    """Once a gathering has closed, its map is computed without anybody asking."""
    service.ask_after_close()
