"""One appeal, by the author, in time, decided by another moderator."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Invalid, Refused
from ideas_app.ideas.models import RejectCode, State
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation import queries
from ideas_app.moderation.events import AppealFiled, AppealSettled
from tests.moderation.scenes import WORDS, appeal, decide, last_entry, settle_appeal, tags_of


@pytest.fixture
def rejected(cast, waiting):
    decide("reject", cast.sora, waiting.id, RejectCode.COMPLAINT, WORDS)
    return waiting


def test_an_appeal_notes_who_rejected(cast, rejected, told):
    found = queries.get_appeal(appeal(cast.mina, rejected.id))
    assert found.rejected_by == cast.sora.id
    assert told == [AppealFiled(found.id)]
    assert queries.count_waiting().appeals == 1


def test_the_moderator_who_rejected_does_not_decide(cast, rejected):
    appeal_id = appeal(cast.mina, rejected.id)
    with pytest.raises(Refused) as refusal:
        settle_appeal(cast.sora, appeal_id, "overturned")
    assert refusal.value.code == "same_moderator"
    assert get_idea(rejected.id).state is State.REJECTED


def test_another_moderator_overturns_and_the_idea_is_published(cast, rejected, noah, told):
    appeal_id = appeal(cast.mina, rejected.id)
    settle_appeal(noah, appeal_id, "overturned")
    idea = get_idea(rejected.id)
    assert (idea.state, idea.is_listed, idea.code) == (State.PUBLISHED, True, None)
    assert told[-1] == AppealSettled(appeal_id)
    assert tags_of("idea", idea.id) == ["idea:rejected", "appeal:settled"]
    assert last_entry().diff == {"outcome": "overturned", "state": ["rejected", "published"]}


def test_another_moderator_upholds_and_the_rejection_stands(cast, rejected, noah, told):
    settled = settle_appeal(noah, appeal(cast.mina, rejected.id), "upheld", "같은 판단을 했습니다.")
    assert (settled.outcome, settled.outcome_reason) == ("upheld", "같은 판단을 했습니다.")
    assert get_idea(rejected.id).state is State.REJECTED
    assert told[-1] == AppealSettled(settled.id)


def test_there_is_one_appeal(cast, rejected, noah):
    settle_appeal(noah, appeal(cast.mina, rejected.id), "upheld")
    with pytest.raises(Refused) as refusal:
        appeal(cast.mina, rejected.id)
    assert refusal.value.code == "appealed"


def test_an_appeal_is_in_time_until_the_end_of_the_seventh_day(cast, rejected):
    decided = get_idea(rejected.id).decided_at
    day = clock.local_date(decided)
    with clock.at(clock.day_start(day + timedelta(days=8))), pytest.raises(Refused) as late:
        appeal(cast.mina, rejected.id)
    assert late.value.code == "too_late"
    with clock.at(clock.day_start(day + timedelta(days=7), 23, 59)):
        assert appeal(cast.mina, rejected.id)


@pytest.mark.parametrize("who", ["jun", "sora", "hyun", "dana", "visitor"])
def test_only_the_author_appeals(cast, rejected, who):
    with pytest.raises(Refused):
        appeal(getattr(cast, who), rejected.id)
    assert queries.find_appeal_of(rejected.id) is None


def test_there_is_nothing_to_appeal_against_while_an_idea_waits(cast, waiting):
    with pytest.raises(Refused):
        appeal(cast.mina, waiting.id)


def test_an_appeal_says_why(cast, rejected):
    with pytest.raises(Invalid):
        appeal(cast.mina, rejected.id, "  ")


@pytest.mark.parametrize(
    ("outcome", "reason"), [("upheld", ""), ("overturned", " "), ("lost", "이유")]
)
def test_an_appeal_is_settled_with_an_outcome_and_a_reason(cast, rejected, noah, outcome, reason):
    appeal_id = appeal(cast.mina, rejected.id)
    with pytest.raises(Invalid):
        settle_appeal(noah, appeal_id, outcome, reason)
    assert queries.get_appeal(appeal_id).settled_at is None


def test_an_appeal_is_settled_once(cast, rejected, noah):
    appeal_id = appeal(cast.mina, rejected.id)
    settle_appeal(noah, appeal_id, "upheld")
    with pytest.raises(Conflict):
        settle_appeal(cast.dana, appeal_id, "overturned")


@pytest.mark.parametrize("who", ["mina", "jun", "hyun", "visitor"])
def test_only_moderators_settle_appeals(cast, rejected, who):
    appeal_id = appeal(cast.mina, rejected.id)
    with pytest.raises(Refused):
        settle_appeal(getattr(cast, who), appeal_id, "overturned")
    assert get_idea(rejected.id).state is State.REJECTED


def test_of_two_appeals_sent_at_once_one_is_filed(cast, rejected, monkeypatch):
    """Both had looked before either was written: the rule of the table decides."""
    appeal(cast.mina, rejected.id)
    monkeypatch.setattr(queries, "find_appeal_of", lambda _idea_id: None)
    with pytest.raises(Conflict) as fault:
        appeal(cast.mina, rejected.id)
    assert fault.value.code == "appealed"


def test_an_idea_that_is_no_longer_rejected_is_not_overturned(cast, rejected, noah):
    number = appeal(cast.mina, rejected.id)
    with transaction():
        get_idea(rejected.id).state = State.HIDDEN
    with pytest.raises(Conflict) as fault:
        settle_appeal(noah, number, "overturned")
    assert fault.value.code == "already_decided"
    assert get_idea(rejected.id).state is State.HIDDEN
