"""Two moderators at once: one decision counts, the other hears that things have moved on."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, DomainError
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import RejectCode, State
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation import queries, service
from ideas_app.moderation.rules import Item
from ideas_app.votes.models import Support
from ideas_app.votes.queries import find_wrong_counters
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import (
    WORDS,
    add,
    appeal,
    come_back,
    decide,
    flag_idea,
    join,
    leave,
    settle_appeal,
    split,
    support,
    tags_of,
    take_back,
    take_out,
)
from tests.people import Cast, make_account

pytestmark = pytest.mark.slow


def at_once(app, acts):
    """Runs all acts, let go together; what each gave, or the fault it raised."""
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait(timeout=30)
        with app.app_context():
            try:
                return act()
            except DomainError as fault:
                return fault

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def scene(own_app):
    with own_app.app_context():
        cast = Cast.assemble()
        noah = make_account("Noah", Role.MODERATOR)
        idea_id = make_idea(cast.mina, make_campaign(), state=State.SUBMITTED).id
    return cast, noah, idea_id


def test_of_two_decisions_at_once_one_counts(own_app, scene):
    cast, noah, idea_id = scene
    acts = [
        lambda: decide("publish", cast.sora, idea_id),
        lambda: decide("reject", noah, idea_id, RejectCode.PRANK, WORDS),
    ]
    outcomes = at_once(own_app, acts)
    assert [type(one) for one in outcomes].count(Conflict) == 1
    with own_app.app_context():
        assert len(tags_of("idea", idea_id)) == 1


def test_of_two_who_open_an_item_at_once_one_has_it(own_app, scene):
    cast, noah, idea_id = scene

    def look(actor):
        with transaction():
            return service.open_item(actor, Item.IDEA, idea_id)

    everybody = [cast.sora, noah, cast.dana]
    outcomes = at_once(own_app, [lambda who=who: look(who) for who in everybody])
    assert sorted(outcomes) == [False, False, True]
    with own_app.app_context():
        holder = queries.find_lock(Item.IDEA, idea_id)
        assert holder.account_id == everybody[outcomes.index(True)].id


def test_taking_back_twice_at_once_takes_back_once(own_app, scene):
    cast, _, idea_id = scene
    with own_app.app_context():
        decide("publish", cast.sora, idea_id)
        act_id = queries.find_undoable(cast.sora)[0].id

    def take_back():
        with transaction():
            return service.undo(cast.sora, queries.get_act(act_id))

    outcomes = at_once(own_app, [take_back, take_back])
    assert sum(isinstance(one, Conflict) for one in outcomes) == 1
    with own_app.app_context():
        assert tags_of("idea", idea_id) == ["idea:published", "decision:undone"]


def test_an_appeal_sent_twice_at_once_is_one_appeal(own_app, scene):
    cast, noah, idea_id = scene
    with own_app.app_context():
        decide("reject", cast.sora, idea_id, RejectCode.PRANK, WORDS)
    outcomes = at_once(own_app, [lambda: appeal(cast.mina, idea_id)] * 6)
    assert sum(isinstance(one, int) for one in outcomes) == 1
    with own_app.app_context():
        found = queries.find_appeal_of(idea_id).id
    settled = at_once(own_app, [lambda: settle_appeal(noah, found, "overturned")] * 4)
    assert sum(isinstance(one, Conflict) for one in settled) == 3


def test_an_idea_joined_twice_at_once_stands_in_one_family(own_app, scene):
    cast, noah, _ = scene
    with own_app.app_context():
        campaign = make_campaign("ideas-2027")
        ids = [make_idea(author, campaign).id for author in (cast.mina, cast.jun, cast.hyun)]
    acts = [lambda: join(cast.sora, ids[:2]), lambda: join(noah, ids[1:])]
    outcomes = at_once(own_app, acts)
    assert sum(isinstance(one, DomainError) for one in outcomes) == 1
    with own_app.app_context():
        assert get_idea(ids[1]).family_id is not None


def test_a_person_who_flags_many_times_at_once_has_flagged_once(own_app, scene):
    cast, _, _ = scene
    with own_app.app_context():
        idea_id = make_idea(cast.mina, make_campaign("ideas-2028")).id
    at_once(own_app, [lambda: flag_idea(cast.jun, idea_id)] * 8)
    with own_app.app_context():
        assert queries.count_waiting().flags == 1


@pytest.fixture
def crowd(own_app):
    """A moderator, eight voters and four ideas, two of them in a family."""
    with own_app.app_context():
        cast, campaign = Cast.assemble(), make_campaign()
        ids = [make_idea(cast.mina, campaign).id for _ in range(4)]
        voters = [make_account(f"Voter{number}") for number in range(8)]
        return cast.sora, voters, ids, join(cast.sora, ids[:2])


def supports():
    return session().scalar(select(func.count(Support.id)))


def test_votes_are_exact_while_families_form_and_split(own_app, crowd):
    sora, voters, ids, family_id = crowd
    votes = [lambda v=voter, i=idea_id: support(v, i) for voter in voters for idea_id in ids]
    acts = [*votes[:16], lambda: split(sora, family_id), lambda: join(sora, ids[2:]), *votes[16:]]
    outcomes = at_once(own_app, acts)
    counted = sum(outcome is None for outcome in outcomes)
    with own_app.app_context():
        assert find_wrong_counters() == []
        # a vote that met a family in the making was refused whole, and says so
        assert counted == supports()
        assert all(outcome.code == "changed_meanwhile" for outcome in outcomes if is_fault(outcome))


def is_fault(outcome):
    return isinstance(outcome, DomainError)


def test_a_family_that_grows_shrinks_and_is_left_keeps_an_exact_count(own_app, crowd):
    sora, voters, ids, family_id = crowd
    with own_app.app_context():
        for voter in voters:
            support(voter, ids[0])
    acts = [
        *(lambda v=voter: leave(v, family_id) for voter in voters[:4]),
        *(lambda v=voter: support(v, ids[2]) for voter in voters),
        lambda: add(sora, family_id, [ids[2]]),
        *(lambda v=voter: take_back(v, ids[0]) for voter in voters[2:6]),
        *(lambda v=voter: come_back(v, family_id) for voter in voters[:2]),
        lambda: take_out(sora, family_id, ids[2]),
    ]
    at_once(own_app, acts)
    with own_app.app_context():
        assert find_wrong_counters() == []
