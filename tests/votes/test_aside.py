"""Suspicious supports are set aside by marks and come back exactly as they were; every act leaves a trace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from ideas_app.audit import queries as audit
from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.cli.doctor import examine
from ideas_app.core import clock, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, Refused
from ideas_app.ideas.models import Idea
from ideas_app.votes import queries, service
from ideas_app.votes.models import SetAsideCause, Support
from ideas_app.votes.rules import Subject, Suspicion
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.votes.scenes import close, counter_of, family_counter, make_family, support, take_back

SLUG = "ideas-2026"
BOTS = Suspicion(domain="bots.example")


def set_aside(actor, suspicion=BOTS, *, reason="같은 시각에 만든 계정들이에요.", expected=None):
    with transaction():
        campaign = get_campaign(SLUG)
        count = len(queries.list_suspects(campaign, suspicion)) if expected is None else expected
        cause = SetAsideCause.MANY_ACCOUNTS
        act = service.set_aside(
            actor, campaign, suspicion, cause=cause, reason=reason, expected=count
        )
        return act.id


def restore(actor, act_id, reason="본인이 누른 것이 맞아요."):
    with transaction():
        return service.restore(actor, queries.get_set_aside(act_id), reason)


def make_bots(count, *, days_old=0):
    return [
        make_account(f"Bot{number}", email=f"b{number}@bots.example", days_old=days_old)
        for number in range(count)
    ]


def rows():
    found = session().execute(select(Support.idea_id, Support.account_id, Support.given_at))
    return sorted(tuple(row) for row in found)


@pytest.fixture
def ideas(cast):
    campaign = make_campaign(settings={"answer_supports": 3})
    return [make_idea(cast.mina, campaign).id for _turn in range(3)]


def test_supports_that_are_set_aside_count_nowhere_and_come_back_exactly(cast, ideas):
    family_id = make_family(get_campaign(SLUG), [queries.get_idea(one) for one in ideas[:2]])
    support(cast.jun, ideas[0])
    for bot in make_bots(3):
        support(bot, ideas[0])
        support(bot, ideas[2])
    before = rows()
    act_id = set_aside(cast.sora)
    assert [counter_of(one) for one in ideas] == [1, 0, 0]
    assert family_counter(family_id) == 1
    campaign = get_campaign(SLUG)
    subjects = [Subject(family_id=family_id), Subject(idea_id=ideas[2])]
    assert queries.supports_as_lists(campaign, subjects) == [[0]]
    assert queries.list_opinions(campaign) == [(cast.jun.id, ideas[0], 1)]
    assert examine() == []
    assert restore(cast.sora, act_id) == 6
    assert rows() == before
    assert family_counter(family_id) == 4
    assert examine() == []


def test_an_answer_that_was_owed_only_because_of_them_is_owed_no_longer(cast, ideas):
    from ideas_app.answers.queries import find_of_idea

    for bot in make_bots(3):
        support(bot, ideas[0])
    support(cast.jun, ideas[0])
    outbox.drain()
    latched = queries.get_idea(ideas[0]).answer_due_latched_at
    assert find_of_idea(queries.get_idea(ideas[0]), published=False) is not None
    act_id = set_aside(cast.sora)
    outbox.drain()
    session().expire_all()
    assert queries.get_idea(ideas[0]).answer_due_latched_at is None
    assert find_of_idea(queries.get_idea(ideas[0]), published=False) is None
    restore(cast.sora, act_id)
    outbox.drain()
    session().expire_all()
    assert queries.get_idea(ideas[0]).answer_due_latched_at == latched
    assert find_of_idea(queries.get_idea(ideas[0]), published=False) is not None


def test_an_answer_that_real_supports_had_earned_stays_owed(cast, ideas):
    people = [make_account(f"Real{number}") for number in range(3)]
    (bot,) = make_bots(1)
    for person in (*people, bot):
        support(person, ideas[0])
    take_back(people[0], ideas[0])
    take_back(people[1], ideas[0])
    set_aside(cast.sora)
    session().expire_all()
    assert counter_of(ideas[0]) == 1
    assert queries.get_idea(ideas[0]).answer_due_latched_at is not None


@pytest.mark.parametrize(
    ("suspicion", "found"),
    [
        (Suspicion(domain="bots.example"), 2),
        (Suspicion(domain="example"), 0),
        (Suspicion(age_hours=1), 1),
        (Suspicion(age_hours=24 * 4), 2),
        (Suspicion(never_read=True), 3),
        (Suspicion(never_read=True, domain="example.org"), 1),
        (Suspicion(since=clock.now() + timedelta(days=1)), 0),
        (Suspicion(until=clock.now() + timedelta(days=1)), 3),
    ],
)
def test_all_marks_must_be_true_of_a_support(cast, ideas, suspicion, found):
    (young,) = make_bots(1)
    old = make_account("Old", email="old@bots.example", days_old=3)
    for person in (young, old, cast.jun):
        support(person, ideas[0])
    assert len(queries.list_suspects(get_campaign(SLUG), suspicion)) == found


def test_only_moderators_set_aside_and_only_with_mark_reason_and_a_true_preview(cast, ideas):
    for bot in make_bots(2):
        support(bot, ideas[0])
    for stranger in (cast.jun, cast.hyun, cast.visitor):
        with pytest.raises(Refused):
            set_aside(stranger)
    with pytest.raises(Invalid):
        set_aside(cast.sora, reason="  ")
    with pytest.raises(Invalid):
        set_aside(cast.sora, Suspicion(idea_id=ideas[0]))
    with pytest.raises(Conflict):
        set_aside(cast.sora, expected=1)
    assert counter_of(ideas[0]) == 2
    act_id = set_aside(cast.sora)
    with pytest.raises(Refused):
        restore(cast.jun, act_id)
    restore(cast.sora, act_id)
    with pytest.raises(Conflict):
        restore(cast.sora, act_id)


def test_each_act_stands_in_the_log_with_counts_and_without_names(cast, ideas):
    for bot in make_bots(2):
        support(bot, ideas[0])
    act_id = set_aside(cast.sora)
    restore(cast.dana, act_id)
    entries = [one for one in audit.list_public() if one.tag.startswith("supports:")]
    assert [one.tag for one in entries] == ["supports:restored", "supports:set_aside"]
    assert entries[1].actor_id == cast.sora.id
    assert entries[1].diff["supports"] == 2
    assert entries[1].diff["numbers"] == {f"i{ideas[0]}": [2, 0]}
    assert "Bot" not in str(entries[1].diff)


def test_the_people_concerned_see_it_and_cannot_give_it_again(cast, ideas):
    bot, other = make_bots(2)
    for each in (bot, other):
        support(each, ideas[0])
    act_id = set_aside(cast.sora)
    (own,) = queries.list_aside_of(bot.id)
    assert (own.row.id, own.cause) == (ideas[0], SetAsideCause.MANY_ACCOUNTS)
    assert queries.list_aside_of(cast.jun.id) == []
    with pytest.raises(Conflict) as refused:
        support(bot, ideas[0])
    assert refused.value.code == "set_aside"
    take_back(bot, ideas[0])
    assert restore(cast.sora, act_id) == 1
    assert counter_of(ideas[0]) == 1


def test_after_the_close_supports_can_still_be_set_aside(cast, ideas):
    for bot in make_bots(2):
        support(bot, ideas[0])
    close(get_campaign(SLUG), PhaseKind.GATHERING)
    set_aside(cast.sora)
    assert session().get_one(Idea, ideas[0]).supports_count == 0
