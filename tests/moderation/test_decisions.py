"""Publishing, returning, rejecting, hiding and restoring: who, from where, with which traces."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ideas_app.core import clock
from ideas_app.core.errors import Conflict, Invalid, Refused
from ideas_app.ideas.models import RejectCode, State
from ideas_app.ideas.policy import may_read
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation.events import (
    IdeaHidden,
    IdeaPublished,
    IdeaRejected,
    IdeaRestored,
    IdeaReturned,
)
from tests.factories import make_idea
from tests.moderation.scenes import WORDS, decide, flag_idea, last_entry, tags_of

ACTS = [
    ("publish", (), State.SUBMITTED),
    ("return_to_author", (WORDS,), State.SUBMITTED),
    ("reject", (RejectCode.COMPLAINT, WORDS), State.SUBMITTED),
    ("hide", (RejectCode.ABUSE, WORDS), State.PUBLISHED),
    ("restore", (WORDS,), State.HIDDEN),
]
NAMES = [act[0] for act in ACTS]


def test_publishing_lists_the_idea_tells_the_author_and_leaves_an_entry(cast, waiting, told):
    idea = decide("publish", cast.sora, waiting.id)
    assert (idea.state, idea.is_listed) == (State.PUBLISHED, True)
    assert told == [IdeaPublished(idea.id)]
    assert tags_of("idea", idea.id) == ["idea:published"]
    assert last_entry().diff == {"state": ["submitted", "published"]}


def test_a_returned_idea_waits_for_its_author(cast, waiting, told):
    idea = decide("return_to_author", cast.sora, waiting.id, WORDS)
    assert (idea.state, idea.state_reason) == (State.RETURNED, WORDS)
    assert told == [IdeaReturned(idea.id)]
    assert last_entry().reason == WORDS


def test_a_rejection_names_its_code_and_the_idea_that_came_first(cast, waiting, campaign, told):
    first = make_idea(cast.jun, campaign)
    decide(
        "reject",
        cast.sora,
        waiting.id,
        RejectCode.DUPLICATE,
        WORDS,
        duplicate_of=get_idea(first.id),
    )
    idea = get_idea(waiting.id)
    assert (idea.state, idea.code, idea.duplicate_of_id) == (
        State.REJECTED,
        RejectCode.DUPLICATE,
        first.id,
    )
    assert told == [IdeaRejected(idea.id)]


def test_a_complaint_says_where_it_went_in_the_authors_language(cast, waiting):
    idea = decide("reject", cast.sora, waiting.id, "complaint", WORDS, forwarded_to="군산시 도로과")
    assert idea.state_reason.startswith(WORDS)
    assert "군산시 도로과" in idea.state_reason
    assert last_entry().diff["forwarded_to"] == "군산시 도로과"


def test_only_matters_of_others_are_passed_on(cast, waiting):
    with pytest.raises(Invalid) as fault:
        decide(
            "reject", cast.sora, waiting.id, RejectCode.PRANK, WORDS, forwarded_to="군산시 도로과"
        )
    assert fault.value.faults[0].field == "forwarded_to"


@pytest.mark.parametrize("state", [State.SUBMITTED, State.REJECTED])
def test_an_idea_that_came_first_must_be_public(cast, waiting, campaign, state):
    other = make_idea(cast.jun, campaign, state=state)
    with pytest.raises(Invalid) as fault:
        decide(
            "reject",
            cast.sora,
            waiting.id,
            RejectCode.DUPLICATE,
            WORDS,
            duplicate_of=get_idea(other.id),
        )
    assert fault.value.faults[0].field == "duplicate_of"


def test_a_hidden_idea_is_gone_for_strangers_and_its_flags_are_settled(cast, listed, told):
    flag_idea(cast.jun, listed.id)
    idea = decide("hide", cast.sora, listed.id, RejectCode.PERSONAL_DATA, WORDS)
    assert (idea.state, idea.is_listed) == (State.HIDDEN, False)
    assert not may_read(cast.jun, idea)
    assert may_read(cast.mina, idea)
    assert told == [IdeaHidden(idea.id)]


@pytest.mark.parametrize("code", [RejectCode.DUPLICATE, RejectCode.PRANK, "nonsense"])
def test_nothing_is_hidden_for_being_wrong_or_unwanted(cast, listed, code):
    with pytest.raises(Invalid):
        decide("hide", cast.sora, listed.id, code, WORDS)
    assert get_idea(listed.id).state is State.PUBLISHED


def test_restoring_puts_back_state_code_words_and_date(cast, waiting, told):
    rejected = decide("reject", cast.sora, waiting.id, RejectCode.COMPLAINT, WORDS)
    before = (rejected.state, rejected.code, rejected.state_reason, rejected.decided_at)
    with clock.at(clock.now() + timedelta(days=2)):
        decide("hide", cast.sora, waiting.id, RejectCode.ABUSE, "욕설이 있습니다.")
        idea = decide("restore", cast.sora, waiting.id, "욕설이 아니었습니다.")
    assert (idea.state, idea.code, idea.state_reason, idea.decided_at) == before
    assert idea.state_before_hidden is None
    assert told[-1] == IdeaRestored(idea.id)


@pytest.mark.parametrize(("verb", "words", "state"), ACTS, ids=NAMES)
@pytest.mark.parametrize("who", ["mina", "jun", "hyun", "visitor"])
def test_nobody_else_decides(cast, campaign, told, verb, words, state, who):
    idea = make_idea(cast.mina, campaign, state=state)
    with pytest.raises(Refused):
        decide(verb, getattr(cast, who), idea.id, *words)
    assert get_idea(idea.id).state is state
    assert told == []
    assert tags_of("idea", idea.id) == []


@pytest.mark.parametrize(("verb", "words", "state"), ACTS, ids=NAMES)
def test_moderators_do_not_decide_on_their_own_ideas(cast, campaign, noah, verb, words, state):
    idea = make_idea(cast.sora, campaign, state=state)
    with pytest.raises(Refused) as refusal:
        decide(verb, cast.sora, idea.id, *words)
    assert refusal.value.code == "own"
    decide(verb, noah, idea.id, *words)


@pytest.mark.parametrize(("verb", "words", "state"), ACTS[1:], ids=NAMES[1:])
@pytest.mark.parametrize("empty", ["", "  \n\u200b"])
def test_a_reason_is_always_demanded(cast, campaign, told, verb, words, state, empty):
    idea = make_idea(cast.mina, campaign, state=state)
    with pytest.raises(Invalid) as fault:
        decide(verb, cast.sora, idea.id, *words[:-1], empty)
    assert fault.value.faults[0].field == "reason"
    assert get_idea(idea.id).state is state
    assert told == []


@pytest.mark.parametrize(("verb", "words", "state"), ACTS, ids=NAMES)
def test_what_was_decided_meanwhile_is_a_conflict(cast, campaign, noah, verb, words, state):
    idea = make_idea(cast.mina, campaign, state=state)
    decide(verb, noah, idea.id, *words)
    with pytest.raises(Conflict):
        decide(verb, cast.sora, idea.id, *words)


def test_a_returned_idea_is_rejected_only_after_its_time_to_be_mended(cast, waiting):
    decide("return_to_author", cast.sora, waiting.id, WORDS)
    with clock.at(clock.now() + timedelta(days=7)), pytest.raises(Conflict) as early:
        decide("reject", cast.sora, waiting.id, RejectCode.UNCLEAR, WORDS)
    assert early.value.code == "still_mending"
    with clock.at(clock.now() + timedelta(days=8)):
        assert (
            decide("reject", cast.sora, waiting.id, RejectCode.UNCLEAR, WORDS).state
            is State.REJECTED
        )


def test_a_published_idea_is_not_rejected_any_more(cast, listed):
    with pytest.raises(Conflict):
        decide("reject", cast.sora, listed.id, RejectCode.PRANK, WORDS)


def test_a_reason_of_more_than_500_characters_is_too_long(cast, waiting):
    with pytest.raises(Invalid):
        decide("return_to_author", cast.sora, waiting.id, "가" * 501)
    assert decide("return_to_author", cast.sora, waiting.id, "가" * 500).state is State.RETURNED
