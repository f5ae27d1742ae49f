"""What happens to answers, as ids for the outbox. Must not hold objects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerPublished:
    """The city answered."""

    answer_id: int


@dataclass(frozen=True, slots=True)
class AnswerExtended:
    """The city asked for more time, once, in public."""

    answer_id: int


@dataclass(frozen=True, slots=True)
class PromiseChanged:
    """A promise was kept, moved or dropped."""

    promise_id: int
