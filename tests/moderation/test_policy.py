"""Who may do what at the desk: every role, on every state."""

from __future__ import annotations

import pytest
from sqlalchemy.orm.attributes import set_committed_value

from ideas_app.accounts.queries import get_account
from ideas_app.comments.models import Comment
from ideas_app.core import clock
from ideas_app.core.actor import Actor
from ideas_app.ideas.models import State
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation import policy
from ideas_app.moderation.rules import DECIDABLE, Decision
from tests.factories import make_idea

STAFF = {"sora": True, "dana": True, "mina": False, "jun": False, "hyun": False, "visitor": False}


@pytest.mark.parametrize("who", STAFF)
@pytest.mark.parametrize("decision", list(Decision))
def test_moderators_decide_in_the_states_that_allow_it_and_nobody_else_ever(
    cast, campaign, who, decision
):
    actor, now = getattr(cast, who), clock.now()
    idea = get_idea(make_idea(cast.mina, campaign).id)
    for state in State:
        set_committed_value(idea, "state", state)
        still_mending = decision is Decision.REJECT and state is State.RETURNED
        expected = STAFF[who] and state in DECIDABLE[decision] and not still_mending
        assert bool(policy.may_decide(actor, idea, decision, now=now)) is expected, state


@pytest.mark.parametrize("who", STAFF)
def test_every_refusal_gives_its_reason(cast, campaign, who):
    idea = get_idea(make_idea(cast.mina, campaign, state=State.WITHDRAWN).id)
    verdict = policy.may_decide(getattr(cast, who), idea, Decision.PUBLISH, now=clock.now())
    assert not verdict
    assert str(verdict.reason)
    assert verdict.sign_in is (who == "visitor")


def test_an_idea_entered_from_paper_is_nobodys_own(cast, campaign):
    made = make_idea(cast.sora, campaign, state=State.SUBMITTED)
    idea = get_idea(made.id)
    idea.pen_name = "소룡동라떼"
    assert policy.may_decide(cast.sora, idea, Decision.PUBLISH, now=clock.now())


@pytest.mark.parametrize(
    ("who", "allowed"),
    [("jun", True), ("hyun", True), ("sora", True), ("mina", False), ("visitor", False)],
)
def test_whoever_has_an_account_may_flag_what_others_wrote(cast, listed, who, allowed):
    assert bool(policy.may_flag_idea(getattr(cast, who), get_idea(listed.id))) is allowed


def test_an_account_without_a_role_flags_nothing(listed):
    assert policy.may_flag_idea(Actor(id=9), get_idea(listed.id)).code == "not_permitted"


def test_trust_that_is_not_given_does_not_end(cast):
    account = get_account(cast.mina.id)
    assert policy.may_end_trust(cast.sora, account).code == "trust_is_so"
    account.trusted_at = clock.now()
    assert policy.may_end_trust(cast.sora, account)
    assert not policy.may_end_trust(cast.jun, account)


@pytest.mark.parametrize(("who", "code"), [("mina", "ok"), ("hyun", "not_a_youth")])
def test_only_young_people_are_trusted(cast, who, code):
    account = get_account(getattr(cast, who).id)
    assert policy.may_trust(cast.sora, account, published=3, now=clock.now()).code == code
    stranger = policy.may_trust(cast.jun, account, published=3, now=clock.now())
    assert stranger.code == "not_moderator"


def test_a_comment_that_is_not_hidden_is_not_restored(cast):
    comment = Comment(author_id=cast.jun.id)
    assert policy.may_restore_comment(cast.sora, comment).code == "already_decided"
    comment.hidden_at = clock.now()
    assert policy.may_restore_comment(cast.sora, comment)
    assert not policy.may_restore_comment(cast.mina, comment)
