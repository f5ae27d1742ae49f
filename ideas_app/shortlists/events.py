"""What happens to rounds, as ids for the outbox. Must not hold objects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoundAsked:
    """Somebody wants a list: it can be counted."""

    round_id: int


@dataclass(frozen=True, slots=True)
class RoundComputed:
    """A list was computed: its analysis can follow."""

    round_id: int


@dataclass(frozen=True, slots=True)
class ShortlistPublished:
    """A round was published: its list is public, the city's clocks start."""

    round_id: int
