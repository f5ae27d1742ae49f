"""Who may read, send, change, take back and follow: by person, state and phase."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from ideas_app.campaigns.models import PhaseKind
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.ideas import policy
from ideas_app.ideas.models import Idea, RejectCode, State
from ideas_app.ideas.queries import get_idea, readable_clause
from ideas_app.ideas.rules import HIDDEN_CODES, LISTED, MAY_WITHDRAW
from tests.factories import make_campaign, make_idea

PEOPLE = ("visitor", "mina", "jun", "sora", "hyun", "dana")


def idea_in(cast, state: State, code: RejectCode | None = None, **more) -> Idea:
    made = make_idea(cast.mina, make_campaign(), state=state)
    with transaction():
        idea = get_idea(made.id)
        idea.code = code
        for name, value in more.items():
            setattr(idea, name, value)
    return get_idea(made.id)


def readers_of(cast, idea: Idea) -> set[str]:
    """By the policy, which must say the same as its SQL."""
    by_policy = {name for name in PEOPLE if policy.may_read(getattr(cast, name), idea)}
    by_query = {
        name
        for name in PEOPLE
        if session().scalar(
            select(Idea.id).where(Idea.id == idea.id, readable_clause(getattr(cast, name)))
        )
    }
    assert by_policy == by_query
    return by_policy


@pytest.mark.parametrize("state", sorted(LISTED | {State.WITHDRAWN}))
def test_everybody_reads_public_ideas(cast, state):
    assert readers_of(cast, idea_in(cast, state)) == set(PEOPLE)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED, State.HIDDEN])
def test_only_the_author_and_moderators_read_the_others(cast, state):
    assert readers_of(cast, idea_in(cast, state)) == {"mina", "sora", "dana"}


@pytest.mark.parametrize("code", RejectCode)
def test_a_rejected_idea_is_hidden_only_for_three_codes(cast, code):
    readers = {"mina", "sora", "dana"} if code in HIDDEN_CODES else set(PEOPLE)
    assert readers_of(cast, idea_in(cast, State.REJECTED, code)) == readers


def test_an_idea_from_paper_has_no_author_here(cast):
    idea = idea_in(cast, State.HIDDEN, pen_name="밤버스")
    assert readers_of(cast, idea) == {"sora", "dana"}
    assert not policy.is_author(cast.mina, idea)


def test_the_text_of_a_withdrawn_idea_is_for_author_and_moderators(cast):
    idea = idea_in(cast, State.WITHDRAWN)
    may = {name for name in PEOPLE if policy.may_read_text(getattr(cast, name), idea)}
    assert may == {"mina", "sora", "dana"}


@pytest.mark.parametrize("phase", PhaseKind)
@pytest.mark.parametrize("who", PEOPLE)
def test_sending_needs_an_account_and_an_open_phase(cast, phase, who):
    verdict = policy.may_submit(getattr(cast, who), make_campaign(phase=phase), now=clock.now())
    assert bool(verdict) is (phase is PhaseKind.GATHERING and who != "visitor")
    assert verdict or str(verdict.reason)


def test_sending_needs_a_confirmed_address_but_no_age(cast):
    campaign, now = make_campaign(), clock.now()
    assert policy.may_submit(replace(cast.mina, born_on=None), campaign, now=now)
    unconfirmed = replace(cast.mina, is_verified=False)
    assert policy.may_submit(unconfirmed, campaign, now=now).code == "not_verified"


@pytest.mark.parametrize("state", State)
def test_only_the_author_changes_and_takes_back(cast, state):
    idea, now = idea_in(cast, state), clock.now()
    for name in set(PEOPLE) - {"mina"}:
        actor = getattr(cast, name)
        assert not policy.may_edit(actor, idea, now=now)
        assert not policy.may_withdraw(actor, idea, now=now)
    open_states = {State.SUBMITTED, State.PUBLISHED, State.RETURNED}
    assert bool(policy.may_edit(cast.mina, idea, now=now)) is (state in open_states)
    assert bool(policy.may_withdraw(cast.mina, idea, now=now)) is (state in MAY_WITHDRAW)


def test_a_stranger_does_not_even_learn_that_an_idea_waits(cast):
    idea = idea_in(cast, State.SUBMITTED)
    assert policy.may_edit(cast.jun, idea, now=clock.now()).code == "no_idea"
    assert policy.may_follow(cast.jun, idea).code == "no_idea"


def test_a_returned_idea_can_be_mended_until_the_end_of_the_seventh_day(cast):
    idea = idea_in(cast, State.RETURNED, RejectCode.UNCLEAR)
    over = clock.day_start(clock.local_date(idea.decided_at) + timedelta(days=8))
    assert policy.may_edit(cast.mina, idea, now=over - timedelta(seconds=1))
    assert policy.may_edit(cast.mina, idea, now=over).code == "too_late"


def test_everybody_signed_in_follows_what_they_may_read(cast):
    idea = idea_in(cast, State.PUBLISHED)
    assert policy.may_follow(cast.jun, idea)
    assert policy.may_follow(cast.visitor, idea).sign_in
