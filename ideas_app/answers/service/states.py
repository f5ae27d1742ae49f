"""Moving the ideas that an answer is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.answers import queries
from ideas_app.answers.rules import DECIDED
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.answers.models import Answer


def mark_answered(answer: Answer) -> None:
    """The ideas that an answer is about stand as answered, where the vote on them is over."""
    move(queries.list_ideas_of(answer), DECIDED, State.ANSWERED)


def move(found: Iterable[Idea], from_states: frozenset[State], to: State) -> None:
    """Moves those of the ideas that stand in one of the states."""
    for idea in found:
        if idea.state in from_states:
            ideas.change_state(idea, to)
