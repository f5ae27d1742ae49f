"""What happens to notices, as ids for the outbox."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeMade:
    """A person is to be told by mail too."""

    notice_id: int


@dataclass(frozen=True, slots=True)
class DailyMailBegun:
    """A daily mail is to be written and sent."""

    daily_id: int
