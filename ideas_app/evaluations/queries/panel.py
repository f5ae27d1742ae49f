"""What is shown of the evaluations of one idea or family, and to whom.

The one rule of this file: whoever still owes their own scores sees names and how far people are, and nothing
that anybody found - not as an asker, not as an administrator, not in a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from ideas_app.campaigns.models import Campaign
from ideas_app.campaigns.rules import rules_of
from ideas_app.core.db import session
from ideas_app.evaluations import policy
from ideas_app.evaluations.models import Evaluation
from ideas_app.evaluations.queries.one import is_open
from ideas_app.evaluations.queries.rows import LIVE, OPEN, EvaluationRow, row_of, rows_query
from ideas_app.evaluations.queries.tallies import counts_of
from ideas_app.evaluations.rules import (
    Criterion,
    Findings,
    Spread,
    Standing,
    Tally,
    criteria_of,
    parts_apart,
    spread_of,
    tally_of,
)
from ideas_app.ideas.models import Family, Idea

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ideas_app.core.actor import Actor
    from ideas_app.core.verdict import Verdict

Key = tuple[int | None, int | None]
"""(idea_id, family_id)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was asked, with as much of what they found as may be shown now."""

    row: EvaluationRow
    scores: dict[str, int] | None
    """None while not given, or not to be seen yet."""
    findings: Findings | None
    """None while not closed, or not to be seen yet: a draft is nobody else's."""
    scored_at: datetime | None = None
    closed_at: datetime | None = None
    may_be_taken_back: bool = False
    """Whether the reader may withdraw this request."""

    @property
    def name(self) -> str:
        """Their nickname."""
        return self.row.name


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion with the scores that it got."""

    criterion: Criterion
    spread: Spread | None
    apart: tuple[str, ...]
    """Who stands furthest from the middle, where people see it differently."""


@dataclass(frozen=True, slots=True)
class MemberLine:
    """An idea of the family that somebody was asked about before or beside the family."""

    idea_id: int
    title: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Panel:
    """The evaluations of one idea or family."""

    idea_id: int | None
    family_id: int | None
    title: str
    campaign: Campaign
    people: tuple[Person, ...]
    """Everybody whose request stands; whoever has closed first, then those who scored, then the rest."""
    declined: tuple[Person, ...]
    tally: Tally
    own: EvaluationRow | None
    """The reader's own request."""
    is_blind: bool
    """Whether the reader still owes scores, here or for the family or an idea of it."""
    lines: tuple[CriterionLine, ...]
    parts_apart: tuple[str, ...]
    """The parts that people see differently, of `rules.PARTS`."""
    members: tuple[MemberLine, ...]
    may_ask: Verdict
    is_open: bool

    @property
    def told(self) -> tuple[Person, ...]:
        """Those whose findings are shown."""
        return tuple(person for person in self.people if person.findings is not None)

    @property
    def left(self) -> tuple[Person, ...]:
        """Those who still owe their evaluation."""
        return tuple(one for one in self.people if one.row.standing is not Standing.CLOSED)

    @property
    def criteria_apart(self) -> tuple[CriterionLine, ...]:
        """The criteria that people score differently."""
        return tuple(line for line in self.lines if line.spread and line.spread.differs)


_ORDER = (Standing.CLOSED, Standing.REOPENED, Standing.SCORED, Standing.ASKED)


def panel_of(actor: Actor, subject: Idea | Family) -> Panel:
    """The evaluations of an idea or a family as this person may see them. At most six statements.

    Raises `Refused` for everybody but staff.
    """
    policy.may_read(actor).require()
    key = _key_of(subject)
    is_blind = key in _blind_keys(actor.id)
    column = Evaluation.idea_id if isinstance(subject, Idea) else Evaluation.family_id
    asked = rows_query().where(column == subject.id, Evaluation.taken_back_at.is_(None))
    found = session().execute(asked.order_by(Evaluation.closed_at, Evaluation.id)).all()
    everybody = [_person(actor, row, is_blind=is_blind) for row in found]
    live = [person for person in everybody if person.row.standing is not Standing.DECLINED]
    live.sort(key=lambda person: _ORDER.index(person.row.standing))
    campaign = session().get_one(Campaign, subject.campaign_id)
    return Panel(
        *key,
        title=subject.title,
        campaign=campaign,
        people=tuple(live),
        declined=tuple(one for one in everybody if one.row.standing is Standing.DECLINED),
        tally=tally_of(person.row.standing for person in everybody),
        own=next((one.row for one in live if one.row.account_id == actor.id), None),
        is_blind=is_blind,
        lines=_lines(campaign, live),
        parts_apart=parts_apart(one.findings for one in live if one.findings),
        members=_members(subject),
        may_ask=policy.may_ask(actor),
        is_open=is_open(subject),
    )


def list_for_export(actor: Actor, campaign: Campaign) -> Iterator[Person]:
    """Every request of a campaign that was not taken back, by subject and age, as this person may see it.

    Raises `Refused` for everybody but staff.
    """
    policy.may_read(actor).require()
    blind = _blind_keys(actor.id)
    query = rows_query().where(Campaign.id == campaign.id, Evaluation.taken_back_at.is_(None))
    ordered = query.order_by(Evaluation.family_id, Evaluation.idea_id, Evaluation.id)
    for found in session().execute(ordered):
        key = (found.Evaluation.idea_id, found.Evaluation.family_id)
        yield _person(actor, found, is_blind=key in blind)


def _key_of(subject: Idea | Family) -> Key:
    return (subject.id, None) if isinstance(subject, Idea) else (None, subject.id)


def _blind_keys(account_id: int | None) -> set[Key]:
    """What a person must not see yet: whatever they owe scores for, and the family or the ideas that
    hang together with it.
    """
    if account_id is None:
        return set()
    owed = session().execute(
        select(Evaluation.idea_id, Evaluation.family_id)
        .outerjoin(Idea, Idea.id == Evaluation.idea_id)
        .outerjoin(Family, Family.id == Evaluation.family_id)
        .where(Evaluation.account_id == account_id, Evaluation.scored_at.is_(None), LIVE, OPEN)
    )
    keys: set[Key] = {(row[0], row[1]) for row in owed}
    if not keys:
        return keys
    ideas = [idea_id for idea_id, _family_id in keys if idea_id is not None]
    families = [family_id for _idea_id, family_id in keys if family_id is not None]
    kin = session().execute(
        select(Idea.id, Idea.family_id)
        .where(or_(Idea.id.in_(ideas), Idea.family_id.in_(families)))
        .where(Idea.family_id.is_not(None))
    )
    for idea_id, family_id in kin:
        keys |= {(idea_id, None), (None, family_id)}
    return keys


def _person(actor: Actor, found: Any, *, is_blind: bool) -> Person:
    evaluation: Evaluation = found.Evaluation
    is_told = evaluation.closed_at is not None and not is_blind
    is_scored = evaluation.scored_at is not None and not is_blind
    return Person(
        row_of(found),
        scores=dict(evaluation.scores) if is_scored else None,
        findings=findings_of(evaluation) if is_told else None,
        scored_at=evaluation.scored_at,
        closed_at=evaluation.closed_at,
        may_be_taken_back=policy.may_take_back(actor, evaluation).allowed,
    )


def findings_of(evaluation: Evaluation) -> Findings:
    """The second part of an evaluation as it is written, closed or not."""
    return Findings(
        feasibility=evaluation.feasibility,
        cost=evaluation.cost,
        cost_note=evaluation.cost_note,
        duration=evaluation.duration,
        law=evaluation.law,
        law_note=evaluation.law_note,
        department=evaluation.department,
        obstacles=evaluation.obstacles,
        reason=evaluation.reason,
    )


def _lines(campaign: Campaign, people: Sequence[Person]) -> tuple[CriterionLine, ...]:
    names = {person.row.id: person.name for person in people}
    lines = []
    for criterion in criteria_of(rules_of(campaign).evaluation_criteria):
        given = {
            person.row.id: person.scores[criterion.key]
            for person in people
            if person.scores is not None and criterion.key in person.scores
        }
        spread = spread_of(given)
        apart = tuple(names[key] for key in given if spread and key in spread.apart)
        lines.append(CriterionLine(criterion, spread, apart))
    return tuple(lines)


def _members(subject: Idea | Family) -> tuple[MemberLine, ...]:
    """Ideas of a family that were evaluated alone: what was said of them is not lost by joining them."""
    if isinstance(subject, Idea):
        return ()
    asked = select(Evaluation.idea_id).where(LIVE, Evaluation.idea_id.is_not(None))
    ideas = (
        session()
        .execute(
            select(Idea.id.label("idea_id"), Idea.title)
            .where(Idea.family_id == subject.id, Idea.id.in_(asked))
            .order_by(Idea.number)
        )
        .all()
    )
    tallies = counts_of([_Member(row.idea_id) for row in ideas])
    return tuple(MemberLine(row.idea_id, row.title, tallies[row.idea_id, None]) for row in ideas)


@dataclass(frozen=True, slots=True)
class _Member:
    idea_id: int | None
    family_id: int | None = None
