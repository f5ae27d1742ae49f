"""How many of those asked have evaluated ("2 of 4"), for many subjects in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import case, func, or_, select

from ideas_app.core.db import session
from ideas_app.evaluations.models import Evaluation
from ideas_app.evaluations.queries.rows import LIVE
from ideas_app.evaluations.rules import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable


class Concerns(Protocol):
    """Anything that is about one idea or one family: an answer, an entry of a list, an evaluation."""

    @property
    def idea_id(self) -> int | None:
        """The idea, or None."""

    @property
    def family_id(self) -> int | None:
        """The family, or None."""


DONE = func.sum(case((Evaluation.closed_at.is_not(None), 1), else_=0))


def counts_of(subjects: Iterable[Concerns]) -> dict[tuple[int | None, int | None], Tally]:
    """How many were asked and how many are done, by (idea_id, family_id); what nobody was asked about is
    not in it. One statement.
    """
    wanted = list(subjects)
    ideas = {one.idea_id for one in wanted if one.idea_id is not None}
    families = {one.family_id for one in wanted if one.family_id is not None}
    if not ideas and not families:
        return {}
    rows = session().execute(
        select(Evaluation.idea_id, Evaluation.family_id, DONE, func.count(Evaluation.id))
        .where(LIVE, or_(Evaluation.idea_id.in_(ideas), Evaluation.family_id.in_(families)))
        .group_by(Evaluation.idea_id, Evaluation.family_id)
    )
    return {(row[0], row[1]): Tally(int(row[2]), int(row[3])) for row in rows}
