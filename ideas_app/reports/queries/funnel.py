"""How far the ideas of each field came. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from ideas_app.answers.models import Answer
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea, State
from ideas_app.reports.rules import FieldLine
from ideas_app.votes.models import BallotEntry

if TYPE_CHECKING:
    from sqlalchemy import Select

UNPUBLISHED = (State.SUBMITTED, State.RETURNED, State.REJECTED)
"""States of ideas that do not stand, and did not stand, on the public list."""


def list_fields(year: int, elected: Select[int | None, int | None]) -> list[FieldLine]:
    """One line a field of the year's campaigns, fields of the same key together, most ideas first.

    Ideas are counted here, each member of a family by itself; the report's own figures count entries.
    Four statements.
    """
    chosen = session().execute(elected).all()
    ids = {idea_id for idea_id, _family in chosen if idea_id is not None}
    families = {family_id for _idea, family_id in chosen if family_id is not None}
    on_ballot, answered = _subjects(year)
    query = (
        select(Field.key, Field.name, Field.name_en, Idea.id, Idea.family_id, Idea.state)
        .join(Idea, Idea.field_id == Field.id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(Campaign.year == year)
        .order_by(Field.position, Field.id)
    )
    counts: dict[str, list[int]] = {}
    names: dict[str, tuple[str, str]] = {}
    for key, name, name_en, idea_id, family_id, state in session().execute(query):
        names.setdefault(key, (name, name_en))
        subject = {("idea", idea_id), ("family", family_id)}
        is_chosen = idea_id in ids or family_id in families
        steps = (
            True,
            state not in UNPUBLISHED,
            bool(subject & on_ballot),
            is_chosen,
            is_chosen and bool(subject & answered),
            is_chosen and state is State.DONE,
        )
        line = counts.setdefault(key, [0] * len(steps))
        for place, reached in enumerate(steps):
            line[place] += reached
    lines = [FieldLine(key, *names[key], *numbers) for key, numbers in counts.items()]
    return sorted(lines, key=lambda line: -line.submitted)


def _subjects(year: int) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
    """Ideas and families on a ballot of the year, and those with a published answer."""
    entries = (
        select(BallotEntry.idea_id, BallotEntry.family_id)
        .join(Campaign, Campaign.id == BallotEntry.campaign_id)
        .where(Campaign.year == year)
    )
    answers = (
        select(Answer.idea_id, Answer.family_id)
        .join(Idea, or_(Idea.id == Answer.idea_id, Idea.family_id == Answer.family_id))
        .join(Campaign, and_(Campaign.id == Idea.campaign_id, Campaign.year == year))
        .where(Answer.answered_at.is_not(None))
        .distinct()
    )
    return _keys(entries), _keys(answers)


def _keys(query: Select[int | None, int | None]) -> set[tuple[str, int]]:
    return {
        ("idea", idea_id) if idea_id is not None else ("family", int(family_id or 0))
        for idea_id, family_id in session().execute(query)
    }
