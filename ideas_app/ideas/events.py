"""What happens to ideas, as ids for the outbox. Must not hold objects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdeaSubmitted:
    """An idea was sent and waits to be read."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaEdited:
    """A published idea got a new version."""

    idea_id: int
    version: int


@dataclass(frozen=True, slots=True)
class IdeaWithdrawn:
    """The author took an idea back."""

    idea_id: int
