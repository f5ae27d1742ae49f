"""Preparing a ballot, voting in it, reading it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from ideas_app.audit.models import AuditEntry
from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, NotFound, Refused
from ideas_app.ideas.models import Idea, State
from ideas_app.votes import policy, queries, service
from ideas_app.votes.models import Ballot, BallotEntry
from ideas_app.votes.service import ballots
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.votes.scenes import (
    ballot_of,
    close,
    counted_statements,
    make_family,
    move_to,
    prepare_ballot,
)
from tests.votes.scenes import cast as vote

SLUG = "ideas-2026"
FEW = {"ballot_min": 2, "ballot_max": 3}


@pytest.fixture
def campaign(app):
    return make_campaign(phase=PhaseKind.PREPARING, settings=FEW)


@pytest.fixture
def lines(cast, campaign):
    """Five lines: four of Mina, one of Jun. The ballot is open."""
    return prepare_ballot(cast.sora, campaign, [cast.mina] * 4 + [cast.jun])


def set_entries(actor, ids):
    with transaction():
        things = [queries.get_idea(idea_id) for idea_id in ids]
        service.set_entries(actor, get_campaign(SLUG), things)


def state_of(idea_id):
    return session().scalars(select(Idea.state).where(Idea.id == idea_id)).one()


# -- preparing --------------------------------------------------------------------------------------


def test_a_moderator_puts_ideas_onto_the_ballot_and_the_log_says_so(cast, campaign):
    ids = [make_idea(cast.mina, campaign, title=f"제안 {number}").id for number in range(3)]
    set_entries(cast.sora, ids)
    assert [state_of(idea_id) for idea_id in ids] == [State.ON_BALLOT] * 3
    assert [entry.title for entry in queries.list_entries(campaign)] == [
        "제안 0",
        "제안 1",
        "제안 2",
    ]
    logged = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert logged.tag == "ballot:entries_set"
    assert logged.diff["entries"] == [0, 3]


def test_what_goes_off_the_ballot_is_published_again(cast, campaign):
    ids = [make_idea(cast.mina, campaign).id for _ in range(3)]
    set_entries(cast.sora, ids)
    kept = queries.list_entries(campaign)[0].id
    set_entries(cast.sora, ids[:2])
    assert [state_of(idea_id) for idea_id in ids] == [
        State.ON_BALLOT,
        State.ON_BALLOT,
        State.PUBLISHED,
    ]
    assert queries.list_entries(campaign)[0].id == kept


@pytest.mark.parametrize("name", ["jun", "mina", "hyun", "visitor"])
def test_nobody_else_prepares_the_ballot(cast, campaign, name):
    ids = [make_idea(cast.mina, campaign).id for _ in range(3)]
    with pytest.raises(Refused):
        set_entries(getattr(cast, name), ids)
    assert queries.count_entries(campaign) == 0


def test_once_the_ballot_is_open_its_lines_stand(cast, campaign, lines):
    with pytest.raises(Conflict):
        set_entries(cast.sora, [])
    assert queries.count_entries(campaign) == 5


def test_an_idea_that_is_not_published_cannot_stand_on_the_ballot(cast, campaign):
    ids = [make_idea(cast.mina, campaign).id for _ in range(2)]
    hidden = make_idea(cast.mina, campaign, state=State.HIDDEN).id
    with pytest.raises(Invalid):
        set_entries(cast.sora, [*ids, hidden])
    assert queries.count_entries(campaign) == 0


def test_an_idea_of_another_campaign_cannot_stand_on_the_ballot(cast, campaign):
    ids = [make_idea(cast.mina, campaign).id for _ in range(2)]
    foreign = make_idea(cast.mina, make_campaign("other")).id
    with pytest.raises(Invalid):
        set_entries(cast.sora, [*ids, foreign])


def test_a_ballot_with_fewer_lines_than_ticks_needed_is_refused(cast, campaign):
    with pytest.raises(Invalid):
        set_entries(cast.sora, [make_idea(cast.mina, campaign).id])


def test_a_family_stands_as_one_line_and_its_members_not_apart(cast, campaign):
    first, second, third = (make_idea(cast.mina, campaign) for _ in range(3))
    make_family(campaign, [first, second], title="함께 쓴 글")
    with pytest.raises(Invalid):
        set_entries(cast.sora, [first.id, third.id])
    with transaction():
        candidates = queries.list_candidates(get_campaign(SLUG))
        service.set_entries(cast.sora, get_campaign(SLUG), queries.load_subjects(candidates))
    assert {entry.title for entry in queries.list_entries(campaign)} == {"함께 쓴 글", third.title}
    assert state_of(first.id) == state_of(second.id) == State.ON_BALLOT


def test_the_entries_take_two_statements_however_many(cast, campaign, lines):
    session().expire_all()
    campaign = get_campaign(SLUG)
    with counted_statements() as seen:
        assert len(queries.list_entries(campaign)) == 5
    assert len(seen) <= 2


# -- voting -----------------------------------------------------------------------------------------


def test_a_ballot_is_cast_and_read_back(cast, lines):
    vote(cast.jun, SLUG, lines[:3])
    own = ballot_of(cast.jun, SLUG)
    assert own is not None
    assert own.cast_at is not None
    assert queries.picks_of(own) == set(lines[:3])


def test_a_later_ballot_takes_the_place_of_the_earlier_one(cast, campaign, lines):
    vote(cast.jun, SLUG, lines[:3])
    vote(cast.jun, SLUG, lines[1:3])
    assert queries.ballots_as_lists(campaign) == [lines[1:3]]
    assert queries.turnout(campaign) == 1


def test_a_ballot_that_was_only_opened_does_not_count(cast, campaign, lines):
    with transaction():
        service.open_ballot(cast.jun, get_campaign(SLUG))
    assert queries.turnout(campaign) == 0
    assert queries.ballots_as_lists(campaign) == []


def test_a_ballot_keeps_its_pseudonym_and_so_its_order(cast, lines):
    with transaction():
        first = service.open_ballot(cast.jun, get_campaign(SLUG)).pseudonym
    vote(cast.jun, SLUG, lines[:2])
    own = ballot_of(cast.jun, SLUG)
    assert own is not None
    assert own.pseudonym == first


@pytest.mark.parametrize("picks", [slice(0, 1), slice(0, 4), slice(0, 0)])
def test_too_few_or_too_many_ticks_change_nothing(cast, campaign, lines, picks):
    vote(cast.jun, SLUG, lines[:2])
    with pytest.raises(Invalid):
        vote(cast.jun, SLUG, lines[picks])
    assert queries.ballots_as_lists(campaign) == [lines[:2]]


def test_nobody_ticks_an_idea_of_their_own(cast, campaign, lines):
    with pytest.raises(Invalid):
        vote(cast.jun, SLUG, [lines[0], lines[4]])
    assert queries.turnout(campaign) == 0


def test_an_author_of_most_lines_votes_among_the_rest(cast, campaign, lines):
    vote(cast.mina, SLUG, [lines[4]])
    assert queries.ballots_as_lists(campaign) == [[lines[4]]]


@pytest.mark.parametrize("name", ["visitor", "sora", "hyun", "dana"])
def test_visitors_and_staff_do_not_vote(cast, campaign, lines, name):
    with pytest.raises(Refused):
        vote(getattr(cast, name), SLUG, lines[:2])
    assert queries.turnout(campaign) == 0


def test_someone_who_never_confirmed_the_address_does_not_vote(campaign, lines):
    with pytest.raises(Refused):
        vote(make_account("Fresh", verified=False), SLUG, lines[:2])
    assert queries.turnout(campaign) == 0


def test_after_the_close_nothing_is_cast_or_changed(cast, campaign, lines):
    vote(cast.jun, SLUG, lines[:2])
    close(campaign, PhaseKind.BALLOT)
    with pytest.raises(Conflict):
        vote(cast.jun, SLUG, lines[1:3])
    with pytest.raises(Conflict):
        vote(make_account("Late"), SLUG, lines[:2])
    assert queries.ballots_as_lists(campaign) == [lines[:2]]


def test_before_the_opening_nothing_is_cast(cast, campaign):
    with pytest.raises(Conflict):
        vote(cast.jun, SLUG, [1, 2])


def test_a_line_withdrawn_since_is_not_counted_and_not_ticked_anew(cast, campaign, lines):
    vote(cast.jun, SLUG, lines[:2])
    with transaction() as current:
        gone = current.get_one(BallotEntry, lines[0]).idea_id
        current.execute(update(Idea).where(Idea.id == gone).values(state=State.WITHDRAWN))
    assert queries.ballots_as_lists(campaign) == [[lines[1]]]
    with pytest.raises(Invalid):
        vote(make_account("Bada"), SLUG, lines[:2])


def test_published_ballots_are_sorted_by_content_alone(campaign, lines):
    for name, picks in (("Aa", [3, 2]), ("Bb", [0, 1]), ("Cc", [1, 0, 2])):
        vote(make_account(name), SLUG, [lines[pick] for pick in picks])
    a, b, c, d, _ = lines
    assert queries.ballots_as_lists(campaign) == [[a, b], [a, b, c], [c, d]]


def test_a_pseudonym_says_nothing_of_the_person(cast, lines):
    vote(cast.jun, SLUG, lines[:2])
    vote(make_account("Bada"), SLUG, lines[:2])
    pseudonyms = session().scalars(select(Ballot.pseudonym)).all()
    assert len(set(pseudonyms)) == 2
    assert all(len(pseudonym) == 32 for pseudonym in pseudonyms)


def test_turnout_is_told_to_moderators_at_once_and_to_others_after_the_close(cast, lines):
    now = clock.now()
    assert policy.may_see_turnout(cast.sora, get_campaign(SLUG), now=now)
    assert not policy.may_see_turnout(cast.jun, get_campaign(SLUG), now=now)
    assert not policy.may_see_turnout(cast.hyun, get_campaign(SLUG), now=now)
    move_to(SLUG, PhaseKind.SHORTLISTING)
    assert policy.may_see_turnout(cast.visitor, get_campaign(SLUG), now=clock.now())


def test_a_ballot_that_cannot_be_opened_is_told(cast, campaign, monkeypatch):
    monkeypatch.setattr(queries, "find_ballot", lambda *_asked: None)
    with pytest.raises(NotFound) as fault, transaction():
        ballots.make_ballot(cast.jun, get_campaign(SLUG))
    assert fault.value.code == "no_ballot"
