"""How far an idea has come, in steps; when a figure about people may be printed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ideas_app.campaigns.rules import CampaignRules
from ideas_app.core import clock
from ideas_app.ideas.models import State
from ideas_app.pages.rules import may_be_told, path_of, steps_of

RULES = CampaignRules()


def idea(state: State, **more: Any) -> Any:
    values = {
        "state": state,
        "is_listed": state is not State.SUBMITTED,
        "published_at": None if state is State.SUBMITTED else clock.now(),
        "supports_count": 0,
        "answer_due_latched_at": None,
        **more,
    }
    return SimpleNamespace(**values)


def statuses(steps: list[Any]) -> list[str]:
    return [str(step["status"]) for step in steps]


BALLOT: Any = SimpleNamespace(starts_at=clock.now(), ends_at=clock.now())


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (idea(State.SUBMITTED), ["now", "next", "next"]),
        (idea(State.PUBLISHED), ["done", "next", "next"]),
        (idea(State.PUBLISHED, answer_due_latched_at=clock.now()), ["done", "now", "next"]),
        (idea(State.ON_BALLOT), ["done", "next", "now"]),
        (idea(State.NOT_SHORTLISTED), ["done", "next", "done"]),
        (idea(State.SHORTLISTED), ["done", "next", "done"]),
    ],
)  # fmt: skip
def test_the_steps_follow_the_state(app: Any, one: Any, expected: list[str]) -> None:
    assert statuses(steps_of(one, RULES, BALLOT, None)) == expected


def test_an_answer_that_came_is_done_whatever_the_number_of_supporters(app: Any) -> None:
    steps = steps_of(idea(State.ANSWERED), RULES, None, clock.now())
    assert statuses(steps) == ["done", "done"]


def test_a_campaign_without_a_ballot_has_no_such_step(app: Any) -> None:
    assert len(steps_of(idea(State.PUBLISHED), RULES, None, None)) == 2


@pytest.mark.parametrize(
    ("state", "supports", "now"),
    [
        (State.SUBMITTED, 0, 1), (State.RETURNED, 0, 1), (State.PUBLISHED, 3, 2), (State.PUBLISHED, 20, 3),
        (State.ON_BALLOT, 20, 3), (State.SHORTLISTED, 20, 5),
    ],
)  # fmt: skip
def test_the_path_of_ones_own_idea_marks_where_it_stands(
    app: Any, state: State, supports: int, now: int
) -> None:
    path = path_of(idea(state, supports_count=supports), RULES)
    assert [place for place, step in enumerate(path) if step["status"] == "now"] == [now]


def test_the_path_of_a_settled_idea_stands_nowhere(app: Any) -> None:
    path = path_of(idea(State.DONE, supports_count=30), RULES)
    assert {step["status"] for step in path} == {"done"}


@pytest.mark.parametrize(
    ("participants", "supporters", "told"),
    [(4, 30, False), (5, 10, True), (5, 9, False), (12, 38, True), (0, 0, False)],
)
def test_a_handful_of_people_is_never_printed(
    participants: int, supporters: int, *, told: bool
) -> None:
    assert may_be_told(participants, supporters) is told
