"""Colleagues of the city evaluate some ideas of both years. Must not hold texts: they lie in `data/`."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from ideas_app.accounts import queries as accounts
from ideas_app.accounts import service as account_service
from ideas_app.accounts.models import Tie
from ideas_app.accounts.queries import actor_of
from ideas_app.accounts.service import AccountSpec
from ideas_app.cli.demo.stage import FIRST_DAY, read
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session
from ideas_app.core.permissions import Role
from ideas_app.evaluations import queries, service
from ideas_app.evaluations.models import Cost, Duration, Feasibility, Law
from ideas_app.evaluations.rules import Findings
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import Family

if TYPE_CHECKING:
    from ideas_app.cli.demo.stage import Stage
    from ideas_app.evaluations.models import Evaluation
    from ideas_app.ideas.models import Idea


def play_evaluations(stage: Stage) -> None:
    """Hires the colleagues who only evaluate, and puts what they were asked into the script."""
    document = read("evaluations")
    with clock.at(clock.day_start(FIRST_DAY, 10)):
        for colleague in document["colleagues"]:
            _hire(stage, colleague)
    for entry in document["requests"]:
        asked = _day(stage, entry["asked"])
        stage.act(asked, 10, partial(_ask, stage, entry))
        for person in entry["people"]:
            _add_person(stage, entry["subject"], person)


def _hire(stage: Stage, colleague: dict[str, Any]) -> None:
    """An official whose account opens by a reset mail only; somebody with that nickname may be there already."""
    found = accounts.find_by_name(colleague["nickname"])
    if found is None:
        spec = AccountSpec(
            email=colleague["email"],
            nickname=colleague["nickname"],
            role=Role.OFFICIAL,
            is_verified=True,
            born_on=date(1986, 7, 8),
            tie=Tie.WORKER,
            department=colleague["department"],
        )
        found = account_service.create_account(SYSTEM, spec)
    stage.staff[colleague["nickname"]] = actor_of(found)


def _day(stage: Stage, value: date | int) -> date:
    return value if isinstance(value, date) else stage.today + timedelta(days=value)


def _subject(stage: Stage, key: str) -> Idea | Family:
    if key in stage.family_ids:
        return session().get_one(Family, stage.family_ids[key])
    return ideas.get_idea(stage.idea_ids[key])


def _ask(stage: Stage, entry: dict[str, Any]) -> None:
    people = [stage.staff[person["nickname"]].id or 0 for person in entry["people"]]
    service.ask(
        stage.staff[entry["asker"]],
        _subject(stage, entry["subject"]),
        people,
        _day(stage, entry["due"]),
        entry.get("question", ""),
    )


def _add_person(stage: Stage, subject: str, person: dict[str, Any]) -> None:
    if "declined" in person:
        stage.act(_day(stage, person["declined"]), 14, partial(_decline, stage, subject, person))
    scored = person.get("done", person.get("scored"))
    if scored is not None:
        stage.act(_day(stage, scored), 14, partial(_score, stage, subject, person))
    if "done" in person:
        stage.act(_day(stage, person["done"]), 15, partial(_close, stage, subject, person))


def _own(stage: Stage, subject: str, person: dict[str, Any]) -> Evaluation:
    found = queries.find_own(stage.staff[person["nickname"]].id, _subject(stage, subject))
    assert found is not None  # noqa: S101  # _ask
    return found


def _decline(stage: Stage, subject: str, person: dict[str, Any]) -> None:
    own = _own(stage, subject, person)
    service.decline(stage.staff[person["nickname"]], own, person["reason"])


def _score(stage: Stage, subject: str, person: dict[str, Any]) -> None:
    criteria = service.criteria_for(_subject(stage, subject))
    given = zip((one.key for one in criteria), person["scores"], strict=True)
    own = _own(stage, subject, person)
    service.score(stage.staff[person["nickname"]], own, dict(given))


def _close(stage: Stage, subject: str, person: dict[str, Any]) -> None:
    kinds = {"feasibility": Feasibility, "cost": Cost, "duration": Duration, "law": Law}
    found: dict[str, Any] = {
        name: kinds[name](value) if name in kinds else value
        for name, value in person["findings"].items()
    }
    own = _own(stage, subject, person)
    service.close(stage.staff[person["nickname"]], own, Findings(**found))
