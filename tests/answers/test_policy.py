"""Who answers, extends, and closes promises."""

from __future__ import annotations

from datetime import date

import pytest

from ideas_app.answers import policy
from ideas_app.answers.models import Answer, AnswerWork, Promise, PromiseStatus
from ideas_app.core import clock
from tests.people import Cast

WRITERS = {"hyun", "dana"}
OPENERS = {"sora", "hyun", "dana"}
EVERYBODY = ["visitor", "mina", "jun", "sora", "hyun", "dana"]


@pytest.mark.parametrize("person", EVERYBODY)
def test_officials_answer_and_moderators_only_ask(cast: Cast, person: str) -> None:
    actor = getattr(cast, person)
    open_promise = Promise(status=PromiseStatus.OPEN)
    assert bool(policy.may_open(actor)) is (person in OPENERS)
    assert bool(policy.may_write(actor)) is (person in WRITERS)
    assert bool(policy.may_extend(actor, Answer())) is (person in WRITERS)
    assert bool(policy.may_change_promise(actor, open_promise)) is (person in WRITERS)
    assert policy.may_write(actor).sign_in is (person == "visitor")


def test_time_is_extended_once_and_never_after_the_answer(cast: Cast) -> None:
    answered = Answer(answered_at=clock.now())
    extended = Answer(extended_to=date(2026, 5, 1))
    assert policy.may_extend(cast.hyun, answered).code == "already_answered"
    assert policy.may_extend(cast.hyun, extended).code == "already_extended"


@pytest.mark.parametrize("status", list(PromiseStatus))
def test_a_kept_or_dropped_promise_is_closed(cast: Cast, status: PromiseStatus) -> None:
    verdict = policy.may_change_promise(cast.hyun, Promise(status=status))
    assert bool(verdict) is (status in {PromiseStatus.OPEN, PromiseStatus.MOVED})
    assert verdict or verdict.code == "promise_closed"


def test_a_draft_is_looked_over_by_a_colleague_where_there_is_one(cast: Cast) -> None:
    draft = AnswerWork(draft={"reason": "예산"}, saved_by=cast.hyun.id)
    assert policy.may_review(cast.dana, AnswerWork()).code == "no_draft"
    assert policy.may_review(cast.hyun, draft).code == "own_draft"
    assert policy.may_review(cast.sora, draft).code == "not_official"
    assert policy.may_review(cast.dana, draft)
