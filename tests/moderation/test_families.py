"""Families: nobody's vote moves, distinct people are counted, and splitting brings everything back."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select

from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, NotFound, Refused
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation import queries, service
from ideas_app.moderation.events import (
    FamilyFormed,
    FamilySplit,
    ObjectionFiled,
    ObjectionSettled,
)
from ideas_app.votes.models import Support
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import (
    add,
    come_back,
    join,
    leave,
    object_to,
    settle_objection,
    split,
    support,
    tags_of,
    take_back,
    take_out,
)
from tests.people import make_account


@pytest.fixture
def pair(cast, campaign):
    """Ideas of Mina and of Jun."""
    return [make_idea(cast.mina, campaign).id, make_idea(cast.jun, campaign).id]


@pytest.fixture
def trio(cast, campaign, pair):
    return [*pair, make_idea(make_account("Lia"), campaign).id]


stories = count(1)


def snapshot() -> tuple[dict[int, dict[str, object]], list[tuple[int, int]]]:
    """All ideas with all their columns, and every support row."""
    columns = [column.key for column in inspect(Idea).column_attrs]
    session().expire_all()
    ideas = {
        idea.id: {name: getattr(idea, name) for name in columns}
        for idea in session().scalars(select(Idea))
    }
    rows = session().execute(select(Support.idea_id, Support.account_id).order_by(Support.id))
    return ideas, [tuple(row) for row in rows]


def test_a_family_counts_people_who_support_several_of_its_ideas_once(cast, pair, told):
    voters = [make_account(f"voter{number}") for number in range(4)]
    for voter in voters[:3]:
        support(voter, pair[0])
    for voter in voters[1:]:
        support(voter, pair[1])
    told.clear()
    family_id = join(cast.sora, pair)
    view = queries.view_family(family_id)
    assert view.family.supports_count == 4
    assert view.sum_of_supports == 6
    assert told == [FamilyFormed(family_id)]
    assert tags_of("family", family_id) == ["family:formed"]


def test_the_preview_counts_as_the_family_will(cast, pair):
    both, one = make_account("both"), make_account("one")
    for idea_id in pair:
        support(both, idea_id)
    support(one, pair[0])
    overlap = queries.overlap_of([get_idea(idea_id) for idea_id in pair])
    assert (overlap.people, overlap.supports, overlap.several) == (2, 3, 1)
    assert [count for _, count in overlap.only] == [1, 0]


def test_supports_given_within_a_family_move_its_number(cast, pair):
    family_id = join(cast.sora, pair)
    voter = make_account("voter")
    for idea_id in pair:
        support(voter, idea_id)
    session().expire_all()
    assert queries.get_family(family_id).supports_count == 1


@given(st.lists(st.lists(st.integers(0, 2), unique=True), max_size=6))
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_joining_and_splitting_brings_back_every_row_and_number(cast, choices):
    story = next(stories)
    campaign = make_campaign(f"ideas-{story}", settings={"answer_supports": 3})
    ideas = [make_idea(author, campaign).id for author in (cast.mina, cast.jun, cast.hyun)]
    for number, picks in enumerate(choices):
        voter = make_account(f"voter-{story}-{number}")
        for pick in picks:
            support(voter, ideas[pick])
    before = snapshot()
    split(cast.sora, join(cast.sora, ideas))
    assert snapshot() == before


def test_splitting_keeps_the_record_and_names_the_members(cast, pair, told):
    family_id = join(cast.sora, pair)
    split(cast.dana, family_id)
    view = queries.view_family(family_id)
    assert view.family.split_reason
    assert [member.idea.id for member in view.members] == pair
    assert view.family.supports_count == 0
    assert get_idea(pair[0]).family_id is None
    assert told[-1] == FamilySplit(family_id)
    assert tags_of("family", family_id) == ["family:formed", "family:split"]


def test_after_a_split_the_ideas_may_be_joined_anew(cast, pair):
    split(cast.sora, join(cast.sora, pair))
    assert get_idea(pair[0]).family_id is None
    second = join(cast.sora, pair)
    assert queries.find_family_of(get_idea(pair[1])).family.id == second


@pytest.mark.parametrize("who", ["mina", "jun", "hyun", "visitor"])
def test_only_moderators_join_and_split(cast, pair, who):
    with pytest.raises(Refused):
        join(getattr(cast, who), pair)
    family_id = join(cast.sora, pair)
    with pytest.raises(Refused):
        split(getattr(cast, who), family_id)
    assert queries.get_family(family_id).split_at is None


def test_a_moderator_does_not_join_an_own_idea(cast, campaign, pair, noah):
    own = make_idea(cast.sora, campaign)
    with pytest.raises(Refused):
        join(cast.sora, [pair[0], own.id])
    assert join(noah, [pair[0], own.id])


def test_one_idea_is_no_family(cast, pair):
    with pytest.raises(Invalid) as fault:
        join(cast.sora, [pair[0], pair[0]])
    assert fault.value.faults[0].field == "ideas"


def test_ideas_of_two_campaigns_are_not_joined(cast, pair):
    other = make_idea(cast.jun, make_campaign("ideas-2027"))
    with pytest.raises(Invalid):
        join(cast.sora, [pair[0], other.id])


@pytest.mark.parametrize("state", [State.SUBMITTED, State.HIDDEN, State.ON_BALLOT, State.WITHDRAWN])
def test_only_published_ideas_are_joined(cast, campaign, pair, state):
    other = make_idea(cast.jun, campaign, state=state)
    with pytest.raises(Conflict):
        join(cast.sora, [pair[0], other.id])


def test_an_idea_stands_in_one_family(cast, trio):
    join(cast.sora, trio[:2])
    with pytest.raises(Conflict) as conflict:
        join(cast.sora, trio[1:])
    assert conflict.value.code == "in_a_family"


def test_reasons_are_demanded_for_joining_and_splitting(cast, pair):
    with pytest.raises(Invalid):
        join(cast.sora, pair, reason=" ")
    family_id = join(cast.sora, pair)
    with pytest.raises(Invalid):
        split(cast.sora, family_id, reason="")


def test_a_family_that_stands_on_a_ballot_stays_together(cast, pair):
    family_id = join(cast.sora, pair)
    with transaction():
        get_idea(pair[0]).state = State.ON_BALLOT
    with pytest.raises(Conflict) as conflict:
        split(cast.sora, family_id)
    assert conflict.value.code == "family_fixed"


def test_an_author_objects_and_a_second_moderator_keeps_the_idea(cast, pair, told):
    family_id = join(cast.sora, pair)
    objection_id = object_to(cast.jun, family_id, pair[1])
    assert queries.count_waiting().objections == 1
    with pytest.raises(Refused) as refusal:
        settle_objection(cast.sora, objection_id, "kept")
    assert refusal.value.code == "same_moderator"
    settle_objection(cast.dana, objection_id, "kept")
    assert get_idea(pair[1]).family_id == family_id
    assert told == [
        FamilyFormed(family_id),
        ObjectionFiled(objection_id),
        ObjectionSettled(objection_id),
    ]


def test_an_idea_leaves_and_the_others_stay(cast, trio):
    voters = [make_account("ann"), make_account("ben")]
    support(voters[0], trio[0])
    support(voters[1], trio[1])
    family_id = join(cast.sora, trio)
    settle_objection(cast.dana, object_to(cast.jun, family_id, trio[1]), "left")
    assert get_idea(trio[1]).family_id is None
    assert queries.list_member_ids(family_id) == [trio[0], trio[2]]
    assert queries.get_family(family_id).supports_count == 1


@pytest.mark.parametrize("outcome", ["left", "split"])
def test_a_pair_that_loses_one_is_split(cast, pair, told, outcome):
    family_id = join(cast.sora, pair)
    settle_objection(cast.dana, object_to(cast.jun, family_id, pair[1]), outcome)
    assert queries.get_family(family_id).split_at is not None
    assert get_idea(pair[0]).family_id is None
    assert FamilySplit(family_id) in told


@pytest.mark.parametrize("who", ["mina", "sora", "hyun", "visitor"])
def test_only_the_author_of_the_idea_objects(cast, pair, who):
    family_id = join(cast.sora, pair)
    with pytest.raises(Refused):
        object_to(getattr(cast, who), family_id, pair[1])
    assert queries.list_objections(family_id) == []


def test_an_author_objects_once_and_in_time(cast, pair):
    family_id = join(cast.sora, pair)
    day = clock.today()
    with clock.at(clock.day_start(day + timedelta(days=8))), pytest.raises(Refused):
        object_to(cast.jun, family_id, pair[1])
    with clock.at(clock.day_start(day + timedelta(days=7), 23, 58)):
        object_to(cast.jun, family_id, pair[1])
        with pytest.raises(Refused):
            object_to(cast.jun, family_id, pair[1])


def test_a_family_knows_its_hidden_members_but_names_them_to_nobody(cast, pair):
    family_id = join(cast.sora, pair)
    with transaction():
        get_idea(pair[0]).is_listed = False
    session().expire_all()
    assert [member.idea.id for member in queries.view_family(family_id).readable] == [pair[1]]


def test_no_family_row_is_left_behind_by_a_refusal(cast, pair):
    with pytest.raises(Invalid):
        join(cast.sora, pair, reason="")
    assert session().scalars(select(Family)).all() == []


def count_of(family_id):
    session().expire_all()
    return queries.get_family(family_id).supports_count


def test_a_supporter_leaves_keeps_the_support_and_may_come_back(cast, pair):
    voter = make_account("voter")
    for idea_id in pair:
        support(voter, idea_id)
    family_id = join(cast.sora, pair)
    assert leave(voter, family_id) == leave(voter, family_id) == 0
    assert [get_idea(idea_id).supports_count for idea_id in pair] == [1, 1]
    take_back(voter, pair[0])
    support(voter, pair[0])
    assert count_of(family_id) == 0
    assert come_back(voter, family_id) == 1


def test_the_count_of_those_who_stay_is_what_the_desk_shows(cast, pair):
    ann, ben = make_account("ann"), make_account("ben")
    for voter in (ann, ben):
        support(voter, pair[0])
    family_id = join(cast.sora, pair)
    leave(ann, family_id)
    members = [get_idea(idea_id) for idea_id in pair]
    overlap = queries.overlap_of(members, queries.get_family(family_id))
    assert (overlap.people, overlap.left, count_of(family_id)) == (1, 1, 1)


@pytest.mark.parametrize("who", ["jun", "sora", "visitor"])
def test_only_a_supporter_of_a_member_leaves(cast, pair, who):
    family_id = join(cast.sora, pair)
    with pytest.raises(Refused):
        leave(getattr(cast, who), family_id)


def test_nobody_leaves_what_was_decided_on(cast, pair):
    voter = make_account("voter")
    support(voter, pair[0])
    family_id = join(cast.sora, pair)
    with transaction():
        get_idea(pair[1]).state = State.SHORTLISTED
    with pytest.raises(Conflict):
        leave(voter, family_id)
    assert count_of(family_id) == 1


def test_nobody_leaves_what_was_split(cast, pair):
    family_id = join(cast.sora, pair)
    split(cast.sora, family_id)
    with pytest.raises(Conflict, match="family_split"):
        leave(cast.jun, family_id)


def test_an_idea_is_added_with_days_of_its_own_and_taken_out_again(cast, trio, told):
    voter = make_account("voter")
    support(voter, trio[2])
    family_id = join(cast.sora, trio[:2])
    day = clock.today()
    with clock.at(clock.day_start(day + timedelta(days=20), 9)):
        add(cast.sora, family_id, [trio[2]])
        assert count_of(family_id) == 1
        lia = get_idea(trio[2]).author_id
        assert lia
        with pytest.raises(Refused):
            object_to(cast.jun, family_id, trio[1])
        take_out(cast.sora, family_id, trio[2])
    assert count_of(family_id) == 0
    assert get_idea(trio[2]).supports_count == 1
    assert tags_of("family", family_id) == [
        "family:formed",
        "family:idea_added",
        "family:idea_taken_out",
    ]
    assert [member.idea.id for member in queries.view_family(family_id).former] == [trio[2]]


def test_who_was_added_late_may_object_for_as_long_as_the_others_could(cast, campaign, pair):
    lia = make_account("Lia")
    late = make_idea(lia, campaign).id
    family_id = join(cast.sora, pair)
    with clock.at(clock.day_start(clock.today() + timedelta(days=20), 9)):
        add(cast.sora, family_id, [late])
        object_to(lia, family_id, late)


def test_of_two_ideas_none_is_taken_out(cast, pair):
    family_id = join(cast.sora, pair)
    with pytest.raises(Conflict) as conflict:
        take_out(cast.sora, family_id, pair[0])
    assert conflict.value.code == "only_two"


@pytest.mark.parametrize("who", ["mina", "jun", "hyun", "visitor"])
def test_only_moderators_add_and_take_out(cast, campaign, trio, who):
    family_id = join(cast.sora, trio)
    more = make_idea(cast.mina, campaign).id
    with pytest.raises(Refused):
        add(getattr(cast, who), family_id, [more])
    with pytest.raises(Refused):
        take_out(getattr(cast, who), family_id, trio[2])
    assert queries.list_member_ids(family_id) == trio


def test_what_its_own_supports_had_earned_stays_after_a_split(cast, campaign):
    campaign = make_campaign("earned", settings={"answer_supports": 2})
    ideas = [make_idea(cast.mina, campaign).id for _ in range(2)]
    family_id = join(cast.sora, ideas)
    voters = [make_account("ann"), make_account("ben")]
    for voter in voters:
        support(voter, ideas[0])
    take_back(voters[0], ideas[0])
    split(cast.sora, family_id)
    assert get_idea(ideas[0]).answer_due_latched_at is not None
    assert get_idea(ideas[1]).answer_due_latched_at is None


def keep(actor, ideas, title="통근버스", draft=None):
    with transaction():
        found = [get_idea(idea_id) for idea_id in ideas]
        return service.keep_draft(actor, found, title, "", "", draft=draft).id


def test_a_draft_joins_nothing_and_is_everybodys_at_the_desk(cast, pair, told):
    draft_id = keep(cast.sora, pair)
    keep(cast.dana, pair[:1], "함께 타는 버스", queries.get_draft(draft_id))
    assert [(row.draft.title, row.nickname) for row in queries.list_drafts()] == [
        ("함께 타는 버스", "Dana")
    ]
    assert get_idea(pair[0]).family_id is None
    assert told == []
    with transaction():
        service.drop_draft(cast.sora, queries.get_draft(draft_id))
    with pytest.raises(NotFound):
        queries.get_draft(draft_id)


@pytest.mark.parametrize("who", ["mina", "hyun", "visitor"])
def test_only_moderators_keep_drafts(cast, pair, who):
    with pytest.raises(Refused):
        keep(getattr(cast, who), pair)
    assert queries.list_drafts() == []
