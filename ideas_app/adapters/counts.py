"""Counters of limits in this process's memory: the door to the stores of `limits`.

The store in memory that `limits` brings starts a thread after each hit, which ten milliseconds later looks through
everything that is counted: a quarter of the work of a support, and more with each person who votes. This one
sweeps now and then, from within a hit. Must not know what is limited.
"""

from __future__ import annotations

import threading
from typing import Any

from limits import RateLimitItem, parse
from limits.storage import Storage

from ideas_app.core import clock

__all__ = ["ProcessCounts", "RateLimitItem", "parse"]

SCHEME = "process"
_SWEEP_AFTER = 60.0
"""Seconds between two looks through all counters: limits here last a minute or so."""


def _now() -> float:
    return clock.now().timestamp()


class ProcessCounts(Storage):
    """Counts by key, each until its own end. Safe among threads."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012  # the shape that `limits` asks for

    def __init__(
        self, uri: str | None = None, *, wrap_exceptions: bool = False, **more: Any
    ) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **more)
        self._counts: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        self._sweep_at = _now() + _SWEEP_AFTER

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a store that is away would raise; memory never is."""
        return MemoryError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Adds to a count that lasts `expiry` seconds from its first hit on; the new count."""
        now = _now()
        with self._lock:
            if now >= self._sweep_at:
                self._sweep(now)
            count, until = self._counts.get(key, (0, 0.0))
            if until <= now:
                count, until = 0, now + expiry
            self._counts[key] = (count + amount, until)
            return count + amount

    def get(self, key: str) -> int:
        """The count, 0 for one that has ended."""
        count, until = self._counts.get(key, (0, 0.0))
        return count if until > _now() else 0

    def get_expiry(self, key: str) -> float:
        """When the count ends, in seconds of the epoch; now where there is none."""
        return max(self._counts.get(key, (0, 0.0))[1], _now())

    def check(self) -> bool:
        """Whether the store answers."""
        return True

    def reset(self) -> int | None:
        """Forgets everything; how many counts there were."""
        with self._lock:
            number = len(self._counts)
            self._counts.clear()
        return number

    def clear(self, key: str) -> None:
        """Forgets one count."""
        with self._lock:
            self._counts.pop(key, None)

    def _sweep(self, now: float) -> None:
        self._counts = {key: kept for key, kept in self._counts.items() if kept[1] > now}
        self._sweep_at = now + _SWEEP_AFTER
