"""What happens to opinion maps, as ids for the outbox. Must not hold objects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MapAsked:
    """A campaign's opinion map is to be computed from its votes as they stand."""

    campaign_id: int
