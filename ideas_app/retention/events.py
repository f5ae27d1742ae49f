"""What happens when periods end, as plain values for the outbox: never a name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PeriodLookedAt:
    """The night has come in which one period is looked at; `name` that of the period."""

    name: str
