"""The reading stack: what is dealt, what an answer does, who is counted."""

from __future__ import annotations

import pytest

from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.cli.doctor import examine
from ideas_app.core.db import is_sqlite, session, transaction
from ideas_app.core.errors import Conflict, Refused
from ideas_app.ideas.models import Idea, Reading
from ideas_app.votes import queries, service
from ideas_app.votes.rules import HAND, Said, place_in_hand
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.statements import plans, statements
from tests.votes.scenes import close, counter_of, make_family, support, take_back

SLUG = "ideas-2026"


def say(actor, idea_id, said=Said.PASSED):
    with transaction():
        return service.answer_reading(actor, queries.get_idea(idea_id), said)


def dealt(actor, **more):
    return queries.deal(actor, get_campaign(SLUG), **more)


def set_readers(**counts):
    with transaction():
        for idea_id, count in counts.items():
            session().get_one(Idea, int(idea_id[1:])).readers_count = count


@pytest.fixture
def ideas(cast):
    campaign = make_campaign()
    return [make_idea(cast.mina, campaign).id for _turn in range(4)]


def row(idea_id):
    session().expire_all()
    return session().get_one(Idea, idea_id)


def test_the_least_read_idea_is_dealt_first(cast, ideas):
    first, second, third, fourth = ideas
    set_readers(**{f"i{first}": 30, f"i{second}": 19, f"i{third}": 4, f"i{fourth}": 20})
    seen = []
    while (hand := dealt(cast.jun)).idea_id is not None:
        seen.append(hand.idea_id)
        say(cast.jun, hand.idea_id)
    assert seen == [third, second, fourth, first]
    assert dealt(cast.jun).answered == 4


def test_equally_read_ideas_come_in_an_order_of_each_readers_own(cast, ideas):
    readers = [make_account(f"Reader{number}") for number in range(25)]
    firsts = {dealt(reader).idea_id for reader in readers}
    assert firsts == set(ideas)
    assert dealt(readers[0]).idea_id == dealt(readers[0]).idea_id


def test_own_supported_answered_and_closed_ideas_are_left_out(cast, ideas):
    support(cast.jun, ideas[0])
    say(cast.jun, ideas[1], Said.UNSURE)
    assert dealt(cast.jun).left == 2
    assert dealt(cast.mina).idea_id is None
    assert dealt(cast.visitor, without=ideas[:3]).idea_id == ideas[3]
    make_idea(cast.mina, get_campaign("ideas-2026"), state="submitted")
    assert dealt(cast.jun).left == 2


def test_a_family_is_dealt_once(cast, ideas):
    make_family(get_campaign(SLUG), [queries.get_idea(idea_id) for idea_id in ideas[:3]])
    assert dealt(cast.jun).left == 2
    say(cast.jun, ideas[1])
    assert dealt(cast.jun).idea_id == ideas[3]
    assert dealt(cast.visitor, without=ideas[:1]).left == 1


def test_so_many_are_left_as_are_dealt_until_the_end(cast, ideas):
    campaign, other = get_campaign(SLUG), make_campaign("ideas-2027")
    more = [make_idea(cast.sora, campaign).id for _turn in range(6)]
    own, answered = make_idea(cast.jun, campaign).id, make_idea(cast.mina, other).id
    make_family(campaign, [queries.get_idea(one) for one in (*more[:2], own)])
    make_family(campaign, [queries.get_idea(one) for one in (*more[2:4], ideas[0])])
    make_idea(cast.mina, campaign, state="rejected")
    with transaction():
        session().get_one(Idea, more[5]).pen_name = "갈매기"
    support(cast.jun, ideas[0])
    say(cast.jun, answered)
    for actor, passed, expected in (
        (cast.jun, None, 3 + 2 + 1),
        (cast.sora, None, 3 + 1 + 1 + 1),
        (cast.hyun, None, 3 + 2 + 2),
        (cast.visitor, [more[0], ideas[1]], 2 + 2 + 1),
    ):
        told = []
        while (hand := dealt(actor, without=passed or ())).idea_id is not None:
            told.append(hand.left)
            if passed is None:
                say(actor, hand.idea_id)
            else:
                passed.append(hand.idea_id)
        assert hand.left == 0
        assert told == list(range(expected, 0, -1)), actor.nickname


def test_dealing_walks_along_readers_and_an_answer_deals_nothing(cast, ideas, browser_of):
    campaign = get_campaign(SLUG)
    support(cast.jun, ideas[0])
    with plans() as dealing, statements() as dealt_by:
        queries.deal(cast.jun, campaign)
    with statements() as answered_by:
        answer = browser_of(cast.jun).post(
            f"/read/{SLUG}", data={"idea": ideas[1], "said": "passed"}
        )
    assert answer.status_code == 303
    assert any("ORDER BY idea.readers_count" in sql for sql in dealt_by)
    assert not any("ORDER BY idea.readers_count" in sql for sql in answered_by)
    if is_sqlite():  # with so few rows PostgreSQL takes whichever index it likes
        walks = [plan for plan in dealing if "ix_idea_listed_least_read" in plan]
        assert walks
        assert "TEMP B-TREE" not in walks[0], walks[0]
    assert queries.said_of(cast.jun.id, ideas[1]) is Said.PASSED


def test_what_was_only_read_on_its_page_comes_last(cast, ideas):
    from ideas_app.ideas import service as ideas_service

    with transaction():
        ideas_service.note_reading(cast.jun, queries.get_idea(ideas[0]))
    set_readers(**{f"i{ideas[0]}": 0, **{f"i{one}": 9 for one in ideas[1:]}})
    assert dealt(cast.jun).left == 4
    assert dealt(cast.jun).idea_id != ideas[0]


def test_an_answer_counts_a_reader_once_and_can_be_changed(cast, ideas):
    idea_id = ideas[0]
    assert say(cast.jun, idea_id, Said.UNSURE)
    assert (row(idea_id).readers_count, row(idea_id).unsure_count) == (1, 1)
    assert not say(cast.jun, idea_id, Said.SUPPORT)
    assert (counter_of(idea_id), row(idea_id).unsure_count) == (1, 0)
    assert queries.said_of(cast.jun.id, idea_id) is Said.SUPPORT
    assert not say(cast.jun, idea_id, Said.PASSED)
    assert (counter_of(idea_id), row(idea_id).readers_count) == (0, 1)
    assert queries.said_of(cast.jun.id, idea_id) is Said.PASSED
    assert examine() == []


def test_pressing_twice_is_answering_once(cast, ideas):
    for said in (Said.UNSURE, Said.UNSURE, Said.SUPPORT, Said.SUPPORT):
        say(cast.jun, ideas[0], said)
    assert counter_of(ideas[0]) == 1
    assert row(ideas[0]).readers_count == 1
    assert examine() == []


def test_the_support_button_takes_the_doubt_back(cast, ideas):
    say(cast.jun, ideas[0], Said.UNSURE)
    support(cast.jun, ideas[0])
    assert row(ideas[0]).unsure_count == 0
    assert queries.list_opinions(get_campaign(SLUG)) == [(cast.jun.id, ideas[0], 1)]
    take_back(cast.jun, ideas[0])
    assert dealt(cast.jun).left == 4


def test_visitors_and_authors_answer_nothing_and_staff_only_read_on(cast, ideas):
    with pytest.raises(Refused) as refused:
        say(cast.visitor, ideas[0])
    assert refused.value.sign_in
    with pytest.raises(Refused):
        say(cast.mina, ideas[0], Said.UNSURE)
    with pytest.raises(Refused):
        say(cast.sora, ideas[0], Said.SUPPORT)
    assert say(cast.sora, ideas[0], Said.PASSED)
    assert row(ideas[0]).readers_count == 1


def test_after_the_close_nothing_is_answered(cast, ideas):
    close(get_campaign(SLUG), PhaseKind.GATHERING)
    for said in Said:
        with pytest.raises(Conflict):
            say(cast.jun, ideas[0], said)
    assert session().query(Reading).count() == 0


def test_moderators_see_what_lacks_readers(cast, ideas):
    set_readers(**{f"i{ideas[0]}": 20, f"i{ideas[1]}": 19})
    campaign = get_campaign(SLUG)
    assert queries.count_short_of_readers(campaign) == 3
    assert [one.readers for one in queries.list_reach(campaign)] == [0, 0, 19, 20]
    assert [one.missing for one in queries.list_reach(campaign, short_only=True)] == [20, 20, 1]


def test_own_answers_are_told_to_the_reader_alone(cast, ideas):
    say(cast.jun, ideas[0], Said.UNSURE)
    say(cast.jun, ideas[1], Said.SUPPORT)
    assert [(one.row.id, one.said) for one in queries.list_said_by(cast.jun.id)] == [
        (ideas[0], Said.UNSURE)
    ]
    assert queries.list_said_by(cast.mina.id) == []


@pytest.mark.parametrize(
    ("answered", "left", "place"),
    [(0, 100, (1, 20)), (6, 50, (7, 20)), (19, 3, (20, 20)), (20, 5, (1, 5)), (3, 1, (4, 4))],
)
def test_a_hand_has_twenty_cards_and_the_last_one_what_is_left(answered, left, place):
    assert place_in_hand(answered, left) == place
    assert HAND == 20
