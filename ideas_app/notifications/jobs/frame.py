"""What the handlers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def stamp(instant: datetime | None) -> int:
    """Tells one hiding of an idea from the next: milliseconds, 0 for never."""
    return int(instant.timestamp() * 1000) if instant else 0
