"""Giving a support and taking it back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from ideas_app.campaigns.models import PhaseKind
from ideas_app.core import clock
from ideas_app.core.actor import Actor
from ideas_app.core.db import is_sqlite, session, transaction
from ideas_app.core.errors import Conflict, NotFound, Refused
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.ideas.queries import get_idea
from ideas_app.votes import policy, queries, service
from ideas_app.votes.models import Support
from ideas_app.votes.rules import Subject
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.votes.scenes import (
    close,
    counted_statements,
    counter_of,
    family_counter,
    make_family,
    rows_of,
    support,
    take_back,
)


@pytest.fixture
def idea(cast):
    return make_idea(cast.mina, make_campaign())


def people(number):
    return [make_account(f"Voter{index}") for index in range(number)]


def test_a_support_counts_one(cast, idea):
    assert support(cast.jun, idea.id) == 1
    assert (counter_of(idea.id), rows_of(idea.id)) == (1, 1)


def test_a_second_support_by_the_same_person_counts_once(cast, idea):
    support(cast.jun, idea.id)
    assert support(cast.jun, idea.id) == 1
    assert (counter_of(idea.id), rows_of(idea.id)) == (1, 1)


def test_an_account_without_a_role_supports_nothing(cast, idea):
    nobody = Actor(id=cast.jun.id)
    asked = policy.may_support(nobody, get_idea(idea.id), now=clock.now())
    assert asked.code == "not_permitted"


def test_a_support_taken_back_leaves_nothing(cast, idea):
    support(cast.jun, idea.id)
    assert take_back(cast.jun, idea.id) == 0
    assert (counter_of(idea.id), rows_of(idea.id)) == (0, 0)


def test_taking_back_what_was_never_given_changes_nothing(cast, idea):
    assert take_back(cast.jun, idea.id) == 0
    assert counter_of(idea.id) == 0


def test_taking_back_leaves_the_supports_of_others(cast, idea):
    other = make_account("Bada")
    support(cast.jun, idea.id)
    support(other, idea.id)
    assert take_back(cast.jun, idea.id) == 1


def test_a_visitor_is_led_to_the_log_in(cast, idea):
    with pytest.raises(Refused) as refusal:
        support(cast.visitor, idea.id)
    assert refusal.value.sign_in
    assert rows_of(idea.id) == 0


def test_an_author_does_not_support_the_own_idea(cast, idea):
    with pytest.raises(Refused) as refusal:
        support(cast.mina, idea.id)
    assert refusal.value.code == "own_idea"
    assert rows_of(idea.id) == 0


def test_someone_who_never_confirmed_the_address_is_refused(app, idea):
    with pytest.raises(Refused):
        support(make_account("Fresh", verified=False), idea.id)
    assert rows_of(idea.id) == 0


@pytest.mark.parametrize("name", ["sora", "hyun", "dana"])
def test_staff_do_not_support_by_default(cast, idea, name):
    with pytest.raises(Refused):
        support(getattr(cast, name), idea.id)
    assert rows_of(idea.id) == 0


def test_staff_support_where_the_campaign_lets_them(cast):
    campaign = make_campaign(
        settings={"staff_may_vote": True}, eligibility={"age_from": 0, "age_to": 99}
    )
    assert support(cast.sora, make_idea(cast.mina, campaign).id) == 1


def test_somebody_too_old_is_told_why(app, idea):
    elder = make_account("Elder", born_on=date(1950, 1, 1))
    with pytest.raises(Refused) as refusal:
        support(elder, idea.id)
    assert str(refusal.value.message)
    assert rows_of(idea.id) == 0


def test_nothing_is_given_or_taken_after_the_close(cast):
    campaign = make_campaign()
    idea = make_idea(cast.mina, campaign)
    support(cast.jun, idea.id)
    close(campaign, PhaseKind.GATHERING)
    with pytest.raises(Conflict):
        support(make_account("Late"), idea.id)
    with pytest.raises(Conflict):
        take_back(cast.jun, idea.id)
    assert (counter_of(idea.id), rows_of(idea.id)) == (1, 1)


def test_nothing_is_given_before_the_opening(cast):
    idea = make_idea(cast.mina, make_campaign(phase=PhaseKind.ANNOUNCED))
    with pytest.raises(Conflict):
        support(cast.jun, idea.id)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED, State.HIDDEN])
def test_what_one_may_not_read_looks_as_if_it_did_not_exist(cast, state):
    idea = make_idea(cast.mina, make_campaign(), state=state)
    with pytest.raises(NotFound):
        support(cast.jun, idea.id)
    assert rows_of(idea.id) == 0


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.ANSWERED, State.DONE])
def test_an_idea_that_is_over_takes_no_support(cast, state):
    idea = make_idea(cast.mina, make_campaign(), state=state)
    with pytest.raises(Conflict):
        support(cast.jun, idea.id)
    assert rows_of(idea.id) == 0


def test_an_unknown_idea_is_not_found(cast):
    with pytest.raises(NotFound):
        support(cast.jun, 99_999)


def latched(idea_id):
    return session().scalars(select(Idea.answer_due_latched_at).where(Idea.id == idea_id)).one()


def test_enough_supports_make_an_answer_due_and_taking_one_back_does_not_undo_it(cast):
    idea = make_idea(cast.mina, make_campaign(settings={"answer_supports": 3}))
    voters = people(3)
    for voter in voters[:2]:
        support(voter, idea.id)
    assert latched(idea.id) is None
    with clock.at(clock.now() + timedelta(hours=1)) as later:
        support(voters[2], idea.id)
    assert latched(idea.id) == later
    take_back(voters[0], idea.id)
    support(voters[0], idea.id)
    assert latched(idea.id) == later


def test_a_family_counts_each_person_once(cast):
    campaign = make_campaign()
    first, second = make_idea(cast.mina, campaign), make_idea(cast.mina, campaign)
    family_id = make_family(campaign, [first, second])
    bada = make_account("Bada")
    support(cast.jun, first.id)
    support(cast.jun, second.id)
    support(bada, second.id)
    assert family_counter(family_id) == 2
    take_back(cast.jun, second.id)
    assert family_counter(family_id) == 2
    take_back(cast.jun, first.id)
    assert family_counter(family_id) == 1
    assert queries.find_wrong_counters() == []


def test_a_family_formed_of_supported_ideas_starts_with_their_distinct_supporters(cast):
    campaign = make_campaign()
    first, second = make_idea(cast.mina, campaign), make_idea(cast.mina, campaign)
    support(cast.jun, first.id)
    support(cast.jun, second.id)
    assert family_counter(make_family(campaign, [first, second])) == 1


def test_a_family_with_enough_supporters_makes_an_answer_due_for_each_member(cast):
    campaign = make_campaign(settings={"answer_supports": 2})
    first, second = make_idea(cast.mina, campaign), make_idea(cast.mina, campaign)
    make_family(campaign, [first, second])
    support(cast.jun, first.id)
    assert latched(first.id) is None
    support(make_account("Bada"), second.id)
    assert latched(first.id) is not None
    assert latched(second.id) is not None


def test_a_family_formed_with_enough_supporters_makes_an_answer_due_at_once(cast):
    campaign = make_campaign(settings={"answer_supports": 2})
    first, second = make_idea(cast.mina, campaign), make_idea(cast.mina, campaign)
    support(cast.jun, first.id)
    support(make_account("Bada"), second.id)
    make_family(campaign, [first, second])
    assert latched(first.id) is not None


def test_the_doctor_finds_and_mends_a_wrong_counter(cast, idea):
    family_id = make_family(make_campaign("other"), [make_idea(cast.mina, make_campaign("third"))])
    support(cast.jun, idea.id)
    with transaction() as current:
        current.execute(update(Idea).where(Idea.id == idea.id).values(supports_count=7))
        current.execute(update(Family).where(Family.id == family_id).values(supports_count=3))
    assert len(queries.find_wrong_counters()) == 2
    with transaction():
        service.recount()
    assert queries.find_wrong_counters() == []
    assert counter_of(idea.id) == 1


def test_a_person_sees_only_the_own_supports(cast, idea):
    support(cast.jun, idea.id)
    assert queries.supported_ids(cast.jun.id, [idea.id, 5]) == {idea.id}
    assert queries.supported_ids(cast.mina.id, [idea.id]) == set()
    assert queries.supported_ids(None, [idea.id]) == set()


def test_supports_as_approvals_hold_no_trace_of_persons_or_times(cast):
    campaign = make_campaign()
    first, second, third = (make_idea(cast.mina, campaign) for _ in range(3))
    family_id = make_family(campaign, [second, third])
    bada = make_account("Bada")
    for voter, idea in ((bada, second), (bada, third), (bada, first), (cast.jun, first)):
        support(voter, idea.id)
    subjects = [Subject(idea_id=first.id), Subject(family_id=family_id)]
    assert queries.supports_as_lists(campaign, subjects) == [[0], [0, 1]]


def test_a_support_takes_few_statements_even_within_a_family(cast):
    campaign = make_campaign()
    first, second = make_idea(cast.mina, campaign), make_idea(cast.mina, campaign)
    make_family(campaign, [first, second])
    first_id = first.id
    with counted_statements() as seen:
        support(cast.jun, first_id)
    # PostgreSQL holds the phase, the person and the family by statements of their own
    assert len(seen) <= (6 if is_sqlite() else 9), "\n".join(seen)


def test_a_support_row_remembers_when_it_was_given(cast, idea):
    with clock.at(clock.now()) as now:
        support(cast.jun, idea.id)
    assert session().scalars(select(Support.given_at)).one() == now
