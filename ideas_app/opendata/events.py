"""What the room of open data tells. Plain values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BundleDue:
    """The open data of a campaign should be looked at again: something in it may have changed."""

    campaign_id: int
