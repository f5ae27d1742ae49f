"""What happened with votes, as ids. Must not carry objects, and never who voted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerNotDue:
    """An idea had enough supports only with some that were set aside: no official answer is owed for now."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class AnswerDue:
    """An idea has, by itself or with its family, enough supports for an official answer: for the
    first time.
    """

    idea_id: int
