"""Counters of readers and keys of orders that differ from what they come from: for `flask doctor`."""

from __future__ import annotations

from sqlalchemy import func, select

from ideas_app.core.db import session
from ideas_app.ideas.models import Idea, Reading, ReadingAnswer
from ideas_app.ideas.rules import order_keys


def find_wrong_counters() -> list[str]:
    """Each counter of readers that differs from its rows, in words for the operator."""
    readers = select(func.count()).where(Reading.idea_id == Idea.id).correlate(Idea)
    unsure = readers.where(Reading.answer == ReadingAnswer.UNSURE)
    found = []
    for name, counted in (
        ("readers_count", readers.scalar_subquery()),
        ("unsure_count", unsure.scalar_subquery()),
    ):
        column = getattr(Idea, name)
        query = select(Idea.id, column, counted).where(column != counted)
        found += [
            f"idea {key}: {name} is {stored}, the rows say {rows}"
            for key, stored, rows in session().execute(query)
        ]
    return found


def find_wrong_keys() -> list[str]:
    """Each idea whose keys of the orders are not what the counters beside them say."""
    rows = session().execute(
        select(
            Idea.id,
            Idea.supports_count,
            Idea.unsure_count,
            Idea.concerns_count,
            Idea.published_at,
            Idea.rated_key,
            Idea.rising_key,
            Idea.debated_key,
        )
    )
    found = []
    for row in rows:
        wanted = order_keys(
            row.supports_count, row.unsure_count, row.concerns_count, row.published_at
        )
        stored = (row.rated_key, row.rising_key, row.debated_key)
        if stored != wanted:
            found.append(f"idea {row.id}: keys of orders are {stored}, the counts say {wanted}")
    return found
