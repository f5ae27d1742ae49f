"""What grew out of programmes: their ideas, how far these came, and what the city made of them. Must not change
anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from ideas_app.answers.models import Answer, Promise, PromiseStatus
from ideas_app.answers.queries import ADOPTED
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea
from ideas_app.programmes.models import Outcome, Programme
from ideas_app.reports.queries.funnel import UNPUBLISHED
from ideas_app.reports.rules import WayLine
from ideas_app.shortlists.models import Round, RoundEntry, RoundState
from ideas_app.votes.models import BallotEntry

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement

RUN = ("open", "closed")

Subject = tuple[str, int]
"""An idea or a family: what stands on ballots, is elected and is answered."""


def list_ways(year: int) -> list[WayLine]:
    """One line a programme of the year that was run and is no counselling: the ideas of any campaign that name
    it. The most ideas first. Six statements, whatever the rows.
    """
    query = select(Programme).where(Programme.year == year, Programme.status.in_(RUN))
    programmes = session().scalars(
        query.where(Programme.outcome != Outcome.COUNSELLING).order_by(Programme.id)
    )
    lines = _ways(list(programmes))
    return sorted(lines, key=lambda line: (-line.ideas, -line.published))


def find_way(slug: str) -> WayLine | None:
    """What grew out of one programme; None for counselling, of which nothing is told."""
    query = select(Programme).where(Programme.slug == slug)
    found = session().scalars(query.where(Programme.outcome != Outcome.COUNSELLING)).all()
    return next(iter(_ways(list(found))), None)


def _ways(programmes: list[Programme]) -> list[WayLine]:
    rows = session().execute(
        select(Idea.programme_id, Idea.id, Idea.family_id, Idea.state).where(
            Idea.programme_id.in_([each.id for each in programmes])
        )
    )
    ideas = [(row[0], _names(row[1], row[2]), row[3]) for row in rows]
    subjects = {one for _programme, names, _state in ideas for one in names}
    on_ballot = _on_ballot(subjects)
    elected = _elected(subjects)
    answers = _answers(subjects)
    promises = _promises({answer_id for answer_id, _is_adopted in answers.values()})
    lines = []
    for programme in programmes:
        counts = dict.fromkeys(WayLine.STEPS, 0)
        given: set[int] = set()
        for programme_id, names, state in ideas:
            if programme_id != programme.id:
                continue
            answered = [answers[name] for name in names if name in answers]
            given |= {answer_id for answer_id, _is_adopted in answered}
            reached = (
                ("ideas", True),
                ("published", state not in UNPUBLISHED),
                ("on_ballot", bool(names & on_ballot)),
                ("shortlisted", bool(names & elected)),
                ("answered", bool(answered)),
                ("adopted", any(is_adopted for _answer, is_adopted in answered)),
            )
            for step, is_reached in reached:
                counts[step] += is_reached
        made = [promises[answer_id] for answer_id in given if answer_id in promises]
        lines.append(
            WayLine(
                programme.slug,
                programme.title,
                programme.title_en,
                **counts,
                promises_made=sum(one[0] for one in made),
                promises_kept=sum(one[1] for one in made),
            )
        )
    return lines


def _among(
    table: type[BallotEntry | RoundEntry | Answer], subjects: Collection[Subject]
) -> ColumnElement[bool]:
    ids = {kind: [one[1] for one in subjects if one[0] == kind] for kind in ("idea", "family")}
    return or_(table.idea_id.in_(ids["idea"]), table.family_id.in_(ids["family"]))


def _names(idea_id: int, family_id: int | None) -> set[Subject]:
    """The idea, and the family that speaks for it."""
    own: set[Subject] = {("idea", idea_id)}
    return own if family_id is None else own | {("family", family_id)}


def _subject(idea_id: int | None, family_id: int | None) -> Subject:
    return ("idea", idea_id) if idea_id is not None else ("family", family_id or 0)


def _on_ballot(subjects: Collection[Subject]) -> set[Subject]:
    query = select(BallotEntry.idea_id, BallotEntry.family_id)
    return {_subject(*row) for row in session().execute(query.where(_among(BallotEntry, subjects)))}


def _elected(subjects: Collection[Subject]) -> set[Subject]:
    """Those elected in the newest published round of their campaign."""
    newest = (
        select(func.max(Round.id))
        .where(Round.state == RoundState.PUBLISHED)
        .group_by(Round.campaign_id)
    )
    query = select(RoundEntry.idea_id, RoundEntry.family_id).where(
        RoundEntry.round_id.in_(newest),
        RoundEntry.final_rank.is_not(None),
        _among(RoundEntry, subjects),
    )
    return {_subject(*row) for row in session().execute(query)}


def _answers(subjects: Collection[Subject]) -> dict[Subject, tuple[int, bool]]:
    """Published answers: the id, and whether the city takes it up."""
    query = select(Answer.idea_id, Answer.family_id, Answer.id, Answer.decision).where(
        Answer.answered_at.is_not(None), _among(Answer, subjects)
    )
    return {
        _subject(idea_id, family_id): (answer_id, decision in ADOPTED)
        for idea_id, family_id, answer_id, decision in session().execute(query)
    }


def _promises(answer_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Of each answer, promises made and kept."""
    query = (
        select(Promise.answer_id, Promise.status, func.count())
        .where(Promise.answer_id.in_(answer_ids))
        .group_by(Promise.answer_id, Promise.status)
    )
    found: dict[int, tuple[int, int]] = {}
    for answer_id, status, count in session().execute(query):
        made, kept = found.get(answer_id, (0, 0))
        found[answer_id] = (made + count, kept + (count if status is PromiseStatus.DONE else 0))
    return found
