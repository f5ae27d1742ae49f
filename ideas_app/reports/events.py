"""What the room of reports tells. Plain values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportCounted:
    """A year was counted and its figures differ, or its charts are not drawn yet."""

    run_id: int
