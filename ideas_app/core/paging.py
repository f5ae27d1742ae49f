"""Keyset pages: a cursor names the last row seen, so pages are stable under inserts and cost the same anywhere.

Must not know what is paged.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

LONGEST = 1200
"""Characters of a cursor: those of the mixed order remember some dozens of ids."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows and the cursor of the next page (None at the end)."""

    items: list[T] = field(default_factory=list)
    next: str | None = None

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


_ENCODER = json.JSONEncoder(separators=(",", ":"))


def encode_cursor(*key: int | str | None) -> str:
    """An opaque cursor from the sort key of the last row (its id last)."""
    raw = _ENCODER.encode(key).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_cursor(cursor: str | None, *kinds: type) -> tuple[int | str, ...] | None:
    """The sort key in a cursor, or None for a missing, foreign or spoilt one: the list then starts anew."""
    if not cursor or len(cursor) > LONGEST:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = json.loads(raw)
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(key, list) or len(key) != len(kinds):
        return None
    fits = all(type(part) is kind for part, kind in zip(key, kinds, strict=True))
    small = all(not isinstance(part, int) or abs(part) < 2**63 for part in key)
    return tuple(key) if fits and small else None
