"""Answers and families: one answer for all while they are joined, each its own clock once they part."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ideas_app.answers import queries
from ideas_app.answers.models import Answer
from ideas_app.core import clock, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict
from ideas_app.ideas.models import Family, Idea
from tests.answers.scenes import answer, draft
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import join, split, support, take_out
from tests.people import Cast, make_account


@pytest.fixture
def trio(cast: Cast) -> list[int]:
    """Three ideas; the first has the two supports that an answer needs here, the second one."""
    campaign = make_campaign(settings={"answer_supports": 2})
    ids = [make_idea(cast.mina, campaign).id for _ in range(3)]
    for voter in (make_account("ann"), make_account("ben")):
        support(voter, ids[0])
    support(make_account("cho"), ids[1])
    outbox.drain()
    return ids


def clocks() -> list[tuple[int | None, int | None, date]]:
    session().expire_all()
    found = session().scalars(select(Answer).order_by(Answer.id))
    return [(one.idea_id, one.family_id, one.received_on) for one in found]


def test_a_family_takes_the_clock_over_and_a_split_gives_it_back(
    cast: Cast, trio: list[int]
) -> None:
    before = clocks()
    assert before == [(trio[0], None, clock.today())]
    family_id = join(cast.sora, trio)
    support(make_account("dan"), trio[2])
    outbox.drain()
    assert clocks() == [(None, family_id, clock.today())]
    split(cast.sora, family_id)
    outbox.drain()
    assert clocks() == before


def test_a_draft_outlives_the_splitting_of_a_family(cast: Cast, trio: list[int]) -> None:
    family_id = join(cast.sora, trio)
    outbox.drain()
    of_family = queries.find_of_subject(session().get_one(Family, family_id))
    assert of_family is not None
    draft(cast.hyun, of_family.id, reason="묶음에 쓴 글입니다.")
    split(cast.sora, family_id)
    outbox.drain()
    found = queries.find_of_idea(session().get_one(Idea, trio[0]), published=False)
    assert found is not None
    assert queries.draft_of(found, queries.find_work(found.id)).reason == "묶음에 쓴 글입니다."


def test_an_idea_that_is_taken_out_has_its_own_clock_and_the_family_keeps_its(
    cast: Cast, trio: list[int]
) -> None:
    family_id = join(cast.sora, trio)
    outbox.drain()
    take_out(cast.sora, family_id, trio[0])
    outbox.drain()
    assert clocks() == [(None, family_id, clock.today()), (trio[0], None, clock.today())]


def test_an_answered_family_is_not_taken_apart(cast: Cast, trio: list[int]) -> None:
    family_id = join(cast.sora, trio)
    outbox.drain()
    found = queries.find_of_subject(session().get_one(Family, family_id))
    assert found is not None
    answer(cast, found.id)
    for act in (
        lambda: split(cast.sora, family_id),
        lambda: take_out(cast.sora, family_id, trio[2]),
    ):
        with pytest.raises(Conflict) as conflict:
            act()
        assert conflict.value.code == "family_fixed"


def test_a_family_that_was_split_is_not_answered(cast: Cast, trio: list[int]) -> None:
    family_id = join(cast.sora, trio)
    outbox.drain()
    found = queries.find_of_subject(session().get_one(Family, family_id))
    assert found is not None
    answer_id = found.id
    split(cast.sora, family_id)  # the worker has not yet taken the clock away
    with pytest.raises(Conflict), transaction():
        answer(cast, answer_id)
