"""Families where votes count: on the ballot, and where supports elect."""

from __future__ import annotations

import pytest

from ideas_app.campaigns.queries import get_campaign
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Invalid
from ideas_app.ideas.models import Family, State
from ideas_app.ideas.queries import get_idea
from ideas_app.ideas.service import withdraw
from ideas_app.votes import queries, service
from ideas_app.votes.rules import Subject
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.votes.scenes import make_family, support

SLUG = "ideas-2026"


@pytest.fixture
def family(cast):
    """A family of Mina's and Jun's ideas; its id and theirs."""
    campaign = make_campaign(SLUG, settings={"ballot_min": 1})
    ideas = [make_idea(author, campaign) for author in (cast.mina, cast.jun)]
    ids = [idea.id for idea in ideas]
    return make_family(campaign, ideas), ids


def set_ballot(actor, family_id):
    with transaction():
        service.set_entries(actor, get_campaign(SLUG), [session().get_one(Family, family_id)])


def take(actor, idea_id):
    with transaction():
        withdraw(actor, get_idea(idea_id))


def test_a_family_on_the_ballot_stands_while_one_of_its_ideas_does(cast, family):
    family_id, ids = family
    set_ballot(cast.sora, family_id)
    assert {get_idea(idea_id).state for idea_id in ids} == {State.ON_BALLOT}
    for author, idea_id, stands in ((cast.mina, ids[0], True), (cast.jun, ids[1], False)):
        take(author, idea_id)
        assert [line.is_standing for line in queries.list_entries(get_campaign(SLUG))] == [stands]


def test_a_family_whose_ideas_were_all_withdrawn_comes_onto_no_ballot(cast, family):
    family_id, ids = family
    take(cast.mina, ids[0])
    take(cast.jun, ids[1])
    with pytest.raises(Invalid) as fault:
        set_ballot(cast.sora, family_id)
    assert fault.value.faults[0].code == "not_fit"


def test_where_supports_elect_who_left_a_family_does_not_approve_it(cast, family):
    family_id, ids = family
    stays, leaves = make_account("stays"), make_account("leaves")
    for voter in (stays, leaves):
        support(voter, ids[0])
    subject = [Subject(family_id=family_id)]
    assert queries.supports_as_lists(get_campaign(SLUG), subject) == [[0], [0]]
    with transaction():
        service.leave_family(leaves, queries.get_family(family_id))
    assert queries.supports_as_lists(get_campaign(SLUG), subject) == [[0]]
