"""What happens to evaluations, as ids for the outbox. Must not hold objects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EvaluationAsked:
    """An official was asked to evaluate an idea or a family."""

    evaluation_id: int


@dataclass(frozen=True, slots=True)
class EvaluationClosed:
    """An official has evaluated what they were asked to."""

    evaluation_id: int
