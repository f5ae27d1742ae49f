"""What campaigns do by themselves: their phases begin and end by the clock, and others want to hear of it."""

from __future__ import annotations

from ideas_app.campaigns import service
from ideas_app.core import housekeeping


@housekeeping.minutely
def follow_phases() -> None:
    """Publishes each phase that has begun or ended since the last look, once."""
    service.follow_phases()
