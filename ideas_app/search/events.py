"""What search tells itself. Plain values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexGrown:
    """More texts stand beside the blocks of the index than should, or a block holds what is stale."""
