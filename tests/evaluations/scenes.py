"""Short words for what tests of evaluations do again and again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.permissions import Role
from ideas_app.evaluations import queries, service
from ideas_app.evaluations.models import Cost, Duration, Feasibility, Law
from ideas_app.evaluations.rules import USUAL, Findings
from tests.people import make_account

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.evaluations.queries import Panel
    from ideas_app.ideas.models import Family, Idea

T = TypeVar("T")

REASON = "야간 인력 두 명이면 석 달은 해 볼 수 있습니다."


def colleague(nickname: str = "Noah", **more: Any) -> Actor:
    """One more official."""
    return make_account(nickname, Role.OFFICIAL, born_on=date(1981, 2, 3), **more)


def ask(
    asker: Actor, subject: Idea | Family, *people: Actor, days: int = 7, **more: Any
) -> list[int]:
    """The ids of what people are asked to evaluate."""
    with transaction():
        found = session().get_one(type(subject), subject.id)
        due_on = clock.today() + timedelta(days=days)
        made = service.ask(asker, found, [person.id or 0 for person in people], due_on, **more)
        return [evaluation.id for evaluation in made]


def score(person: Actor, evaluation_id: int, *scores: int) -> None:
    """Gives scores in the order of the criteria; one alone counts for all."""
    given = scores if len(scores) > 1 else scores * len(USUAL)
    with transaction():
        evaluation = queries.get_evaluation(evaluation_id)
        service.score(person, evaluation, dict(zip(USUAL, given, strict=True)))


def findings(**more: Any) -> Findings:
    """A whole second part."""
    values: dict[str, Any] = {
        "feasibility": Feasibility.PARTLY,
        "cost": Cost.UNDER_50M,
        "duration": Duration.HALF_YEAR,
        "law": Law.NOTHING,
        "department": "청년정책과",
        "reason": REASON,
        **more,
    }
    return Findings(**values)


def close(person: Actor, evaluation_id: int, **more: Any) -> None:
    """Closes an evaluation."""
    with transaction():
        service.close(person, queries.get_evaluation(evaluation_id), findings(**more))


def evaluated(
    asker: Actor, subject: Idea | Family, person: Actor, *scores: int, **more: Any
) -> int:
    """The id of an evaluation that is asked, scored and closed."""
    (evaluation_id,) = ask(asker, subject, person)
    score(person, evaluation_id, *scores)
    close(person, evaluation_id, **more)
    return evaluation_id


def panel(reader: Actor, subject: Idea | Family) -> Panel:
    """What somebody sees of the evaluations of an idea or a family."""
    return queries.panel_of(reader, session().get_one(type(subject), subject.id))


def loose(thing: T) -> T:
    """A row that a test may still read after a browser has closed the session."""
    session().expunge(thing)
    return thing
