"""What the room of exports tells. Plain values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportAsked:
    """Somebody asked for a file that is too long to be made while they wait."""

    file_id: int
