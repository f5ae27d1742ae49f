"""What an evaluation refuses at each of its steps, to the person who was asked and to strangers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ideas_app.campaigns.queries import get_campaign
from ideas_app.core.errors import Refused
from ideas_app.evaluations import policy, queries
from ideas_app.evaluations.models import Evaluation
from tests.factories import make_campaign
from tests.people import Cast

AT = datetime(2026, 3, 2, tzinfo=UTC)


def codes(cast: Cast, who: str = "hyun", **instants: Any) -> list[str]:
    """What scoring, writing, reopening and declining answer."""
    evaluation = Evaluation(account_id=cast.hyun.id, asked_by=cast.sora.id, **instants)
    actor = getattr(cast, who)
    return [
        policy.may_score(actor, evaluation, is_open=True).code,
        policy.may_write(actor, evaluation, is_open=True).code,
        policy.may_reopen(actor, evaluation, is_open=True).code,
        policy.may_decline(actor, evaluation).code,
    ]


def test_each_step_opens_the_next_and_closes_the_one_before(cast: Cast) -> None:
    assert codes(cast) == ["ok", "not_scored", "not_closed", "ok"]
    assert codes(cast, scored_at=AT) == ["scored", "ok", "not_closed", "scored"]
    assert codes(cast, scored_at=AT, closed_at=AT) == ["scored", "closed", "ok", "scored"]


def test_what_was_declined_or_taken_back_is_over(cast: Cast) -> None:
    assert set(codes(cast, declined_at=AT)) == {"declined"}
    assert set(codes(cast, taken_back_at=AT)) == {"taken_back"}


@pytest.mark.parametrize(
    ("who", "code"),
    [("dana", "not_asked"), ("sora", "not_asked"), ("mina", "not_permitted"), ("visitor", "not_permitted")],
)  # fmt: skip
def test_only_whoever_was_asked_evaluates(cast: Cast, who: str, code: str) -> None:
    assert set(codes(cast, who, scored_at=AT)) == {code}


@pytest.mark.parametrize("who", ["mina", "visitor"])
def test_only_staff_take_evaluations_along(cast: Cast, who: str) -> None:
    make_campaign()
    with pytest.raises(Refused):
        list(queries.list_for_export(getattr(cast, who), get_campaign("ideas-2026")))
