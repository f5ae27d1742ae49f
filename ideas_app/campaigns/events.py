"""What happens to campaigns, as ids for the outbox. Must not hold objects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """Another phase runs than before, by time or by hand; kinds of phases, "" where none runs."""

    campaign_id: int
    phase: str
    before: str
