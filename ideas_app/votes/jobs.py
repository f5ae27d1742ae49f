"""What votes do by themselves: ticks that were kept and never cast have no purpose after the close."""

from __future__ import annotations

from ideas_app.core import housekeeping
from ideas_app.votes import service


@housekeeping.hourly
def forget_drafts() -> None:
    """Kept ticks go within an hour of the close."""
    service.forget_drafts()
