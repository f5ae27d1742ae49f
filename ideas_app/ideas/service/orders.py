"""Keeping the stored keys of the list's orders equal to the counts they come from.

Must not know who moved a count: whoever does calls `place_in_orders` in the same transaction, after the
count's own UPDATE, whose row lock makes the reading exact. Supports write the keys with their count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from ideas_app.core.db import session
from ideas_app.ideas.models import Idea, IdeaDay, Reading, ReadingAnswer, Tally
from ideas_app.ideas.queries import count_days, count_tallies
from ideas_app.ideas.rules import order_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEYS = ("rated_key", "rising_key", "debated_key")


def place_in_orders(idea_ids: Iterable[int]) -> None:
    """Writes the keys anew where they differ from the counts as they are now. One statement where nothing moves."""
    _place(set(idea_ids))


def recount() -> None:
    """Sets the counts of readers and of "not sure", every key and the tallies to what the rows say: for
    `flask doctor --fix`.
    """
    readers = select(func.count()).where(Reading.idea_id == Idea.id).correlate(Idea)
    unsure = readers.where(Reading.answer == ReadingAnswer.UNSURE)
    for column, counted in (
        (Idea.readers_count, readers.scalar_subquery()),
        (Idea.unsure_count, unsure.scalar_subquery()),
    ):
        session().execute(
            update(Idea)
            .where(column != counted)
            .values({column: counted})
            .execution_options(synchronize_session=False)
        )
    _place(None)
    session().execute(delete(Tally))
    session().add_all(count_tallies())
    session().execute(delete(IdeaDay))
    session().add_all(count_days())
    session().flush()
    session().expire_all()


def _place(idea_ids: set[int] | None) -> None:
    query = select(
        Idea.id,
        Idea.supports_count,
        Idea.unsure_count,
        Idea.concerns_count,
        Idea.published_at,
        Idea.rated_key,
        Idea.rising_key,
        Idea.debated_key,
    )
    if idea_ids is not None:
        query = query.where(Idea.id.in_(sorted(idea_ids)))
    for row in session().execute(query.order_by(Idea.id)).all():
        keys = order_keys(
            row.supports_count, row.unsure_count, row.concerns_count, row.published_at
        )
        if keys != (row.rated_key, row.rising_key, row.debated_key):
            values = dict(zip(_KEYS, keys, strict=True))
            session().execute(
                update(Idea)
                .where(Idea.id == row.id)
                .values(values)
                .execution_options(synchronize_session="fetch")
            )
