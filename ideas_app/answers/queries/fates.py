"""What became of many ideas at once: the published answer of each, and its promises. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from ideas_app.answers.models import Answer, Decision, Promise
from ideas_app.answers.rules import Standing, standing_of
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

ADOPTED = frozenset({Decision.ADOPTED, Decision.PARTLY})
"""Decisions by which the city takes an idea up, wholly or in part."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Fate:
    """The published answer of an idea, or of its family: the newest. Promises are counted as they read today."""

    decision: Decision | None
    department: str
    answered_at: datetime | None
    promises: int = 0
    kept: int = 0
    silent: int = 0

    @property
    def is_adopted(self) -> bool:
        """Whether the city takes it up, wholly or in part."""
        return self.decision in ADOPTED


def fates_of(idea_ids: Collection[int]) -> dict[int, Fate]:
    """What became of ideas, by id; those without a published answer are left out. Two statements for each
    500 ideas.
    """
    wanted = sorted(set(idea_ids))
    found: dict[int, Fate] = {}
    for start in range(0, len(wanted), _CHUNK):
        found |= _fates(wanted[start : start + _CHUNK])
    return found


def _fates(idea_ids: list[int]) -> dict[int, Fate]:
    of_family = and_(Answer.family_id.is_not(None), Answer.family_id == Idea.family_id)
    query = (
        select(Idea.id, Answer.id, Answer.decision, Answer.department, Answer.answered_at)
        .join(Answer, or_(Answer.idea_id == Idea.id, of_family))
        .where(Idea.id.in_(idea_ids), Answer.answered_at.is_not(None))
        .order_by(Answer.answered_at, Answer.id)
    )
    newest = {row[0]: (row[1], row[2], row[3], row[4]) for row in session().execute(query)}
    counts = _count_promises({one[0] for one in newest.values()})
    return {
        idea_id: Fate(decision, department, answered_at, *counts.get(answer_id, (0, 0, 0)))
        for idea_id, (answer_id, decision, department, answered_at) in newest.items()
    }


def _count_promises(answer_ids: set[int]) -> dict[int, tuple[int, int, int]]:
    """Promises of each answer: made, kept, without a word although their day has passed."""
    query = select(Promise.answer_id, Promise.status, Promise.due_on, Promise.moved_to)
    today = clock.today()
    counts: dict[int, tuple[int, int, int]] = {}
    for row in session().execute(query.where(Promise.answer_id.in_(answer_ids))):
        standing = standing_of(row.status, due_on=row.due_on, moved_to=row.moved_to, today=today)
        made, kept, silent = counts.get(row.answer_id, (0, 0, 0))
        counts[row.answer_id] = (
            made + 1,
            kept + (standing is Standing.KEPT),
            silent + (standing is Standing.SILENT),
        )
    return counts
