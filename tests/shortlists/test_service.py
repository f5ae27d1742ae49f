"""From ballots to a published list: frozen, exact, the same every time."""

from __future__ import annotations

import hashlib
from contextlib import suppress

import pytest
from sqlalchemy import delete, func, select

from ideas_app.audit.models import AuditEntry
from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, Refused
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea, State
from ideas_app.shortlists import queries, service
from ideas_app.shortlists.models import Round, RoundState
from ideas_app.shortlists.rules import Ballots, shortlist, tie_order
from ideas_app.votes.models import Ballot, BallotEntry, Support
from tests.factories import make_campaign, make_idea, reload
from tests.people import Cast, make_account
from tests.shortlists.scenes import closed_ballot, computed, make_family, published, signed


def letters(round_: Round, ideas: dict[str, Idea]) -> str:
    names = {idea.id: letter for letter, idea in ideas.items()}
    return "".join(names[entry.idea_id or 0] for entry in queries.list_elected(round_))


def test_both_camps_come_onto_the_list_where_most_votes_would_forget_one(cast: Cast) -> None:
    campaign, ideas = closed_ballot(cast, {"abc": 100, "d": 50})
    assert "d" in letters(computed(cast, campaign), ideas)
    plain = computed(cast, campaign, rule="approval")
    assert sorted(letters(plain, ideas)) == ["a", "b", "c"]
    assert plain.completion == "none"


def test_the_same_ballots_and_question_give_the_same_digest_and_list(cast: Cast) -> None:
    campaign, ideas = closed_ballot(cast)
    rounds = []
    for _time in range(2):
        round_ = computed(cast, campaign)
        rounds.append((round_.id, round_.digest, letters(round_, ideas), round_.result))
    assert rounds[0][0] != rounds[1][0]
    assert rounds[0][1:] == rounds[1][1:]


def test_the_order_in_which_people_voted_leaves_no_trace_in_the_file(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    before = computed(cast, campaign).snapshot
    with transaction() as current:
        # the oldest ballot is cast anew: it becomes the newest row
        oldest = current.scalars(select(Ballot).order_by(Ballot.id).limit(1)).one()
        oldest.cast_at = None
    assert computed(cast, campaign).snapshot != before
    with transaction() as current:
        oldest = current.get_one(Ballot, oldest.id)
        oldest.cast_at = oldest.opened_at
    assert computed(cast, campaign).snapshot == before


def test_the_digest_is_that_of_the_file_and_the_file_alone_gives_the_list(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_ = computed(cast, campaign)
    raw = round_.snapshot.encode()
    assert hashlib.sha256(raw).hexdigest() == round_.digest
    ballots = Ballots.from_pb(raw, canonical=True)
    again = shortlist(ballots, round_.seats, rule=round_.rule, completion=round_.completion)
    assert list(again.winners) == [entry.project for entry in queries.list_elected(round_)]
    assert (again.n, again.empty) == (round_.ballots, round_.empty)


def test_the_file_names_no_person_and_no_time(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    text = computed(cast, campaign).snapshot
    pseudonym = session().scalars(select(Ballot.pseudonym)).first()
    assert str(pseudonym) not in text
    assert "voter_id;vote\n1;" in text
    header = text.split("VOTES")[1].splitlines()[1]
    assert header == "voter_id;vote"


def test_the_order_of_ties_follows_from_the_campaign_and_is_known_before(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_ = computed(cast, campaign)
    projects = [entry.project for entry in round_.entries]
    assert tuple(projects) == tie_order(campaign.slug, sorted(projects))


def test_an_entry_below_the_least_approval_is_neither_elected_nor_in_the_file(cast: Cast) -> None:
    campaign, ideas = closed_ballot(cast)
    round_ = computed(cast, campaign)
    entry = next(one for one in round_.entries if one.idea_id == ideas["f"].id)
    assert (entry.approvals, entry.rank, entry.is_eligible) == (1, None, False)
    assert f"i{ideas['f'].id};" not in round_.snapshot
    assert (round_.ballots, round_.empty) == (150, 1)
    everything = computed(cast, campaign, min_approval_percent=0)
    assert (everything.ballots, everything.empty) == (151, 0)


def test_what_was_withdrawn_since_the_ballot_cannot_be_elected(cast: Cast) -> None:
    campaign, found = closed_ballot(cast)
    with transaction() as current:
        ideas.change_state(current.get_one(Idea, found["a"].id), State.WITHDRAWN)
    assert "a" not in letters(computed(cast, campaign), found)


def test_a_family_stands_as_one_entry(cast: Cast) -> None:
    campaign, found = closed_ballot(cast)
    family = make_family(campaign, [found["a"], found["b"]])
    with transaction() as current:
        entry = current.scalars(
            select(BallotEntry).where(BallotEntry.idea_id == found["a"].id)
        ).one()
        entry.idea_id, entry.family_id = None, family.id
        current.execute(delete(BallotEntry).where(BallotEntry.idea_id == found["b"].id))
    round_ = published(cast, campaign)
    assert f"f{family.id}" in [entry.project for entry in queries.list_elected(round_)]
    assert {reload(Idea, found[name].id).state for name in "ab"} == {State.SHORTLISTED}


def test_without_a_ballot_the_supports_of_the_gathering_are_the_approvals(cast: Cast) -> None:
    campaign = make_campaign(phase=PhaseKind.PREPARING, settings={"seats": 1, "source": "supports"})
    liked = make_idea(cast.mina, campaign)
    make_idea(cast.mina, campaign)
    make_idea(cast.mina, campaign, state=State.SUBMITTED)
    people = [make_account(f"Voter{number}") for number in range(3)]
    with transaction() as current:
        for person in people:
            current.add(
                Support(idea_id=liked.id, account_id=person.id, given_at=campaign.created_at)
            )
    round_ = computed(cast, campaign)
    assert [entry.idea_id for entry in queries.list_elected(round_)] == [liked.id]
    assert (len(round_.entries), round_.ballots) == (2, 3)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"seats": 0}, "seats"),
        ({"seats": 6}, "seats"),
        ({"rule": "borda"}, "rule"),
        ({"completion": "luck"}, "rule"),
        ({"source": "dice"}, "source"),
        ({"min_approval_percent": 101}, "min_approval_percent"),
    ],
)
def test_a_question_that_cannot_be_answered_says_where(
    cast: Cast, question: dict[str, object], field: str
) -> None:
    campaign, _ideas = closed_ballot(cast)
    with pytest.raises(Invalid) as caught:
        computed(cast, campaign, **question)
    assert caught.value.faults[0].field == field
    assert session().scalar(select(func.count(Round.id))) == 0


def test_without_entries_there_is_nothing_to_compute(cast: Cast) -> None:
    campaign = make_campaign(phase=PhaseKind.SHORTLISTING)
    with pytest.raises(Invalid, match="no_entries"):
        computed(cast, campaign)


def test_without_ballots_the_list_is_empty_and_cannot_be_signed(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast, {})
    round_id = computed(cast, campaign).id
    assert queries.list_elected(queries.get_round(round_id)) == []
    with pytest.raises(Conflict, match="empty_list"):
        signed(cast, round_id)


def test_nothing_is_computed_while_the_ballot_is_open(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast, phase=PhaseKind.BALLOT)
    with pytest.raises(Refused, match="still_open"):
        computed(cast, campaign)


@pytest.mark.parametrize("person", ["visitor", "mina", "jun", "hyun"])
def test_the_stranger_neither_computes_nor_publishes(cast: Cast, person: str) -> None:
    campaign, _ideas = closed_ballot(cast)
    stranger = getattr(cast, person)
    with pytest.raises(Refused), transaction():
        service.compute_round(stranger, get_campaign(campaign.slug))
    round_id = computed(cast, campaign).id
    with pytest.raises(Refused), transaction():
        service.publish_round(stranger, queries.get_round(round_id))


def test_publishing_settles_every_idea_and_is_logged(cast: Cast) -> None:
    campaign, ideas = closed_ballot(cast)
    round_ = published(cast, campaign)
    assert round_.state is RoundState.PUBLISHED
    states = {letter: reload(Idea, idea.id).state for letter, idea in ideas.items()}
    chosen = set(letters(round_, ideas))
    for letter, state in states.items():
        wanted = State.SHORTLISTED if letter in chosen else State.NOT_SHORTLISTED
        assert state is wanted, letter
    tags = session().scalars(select(AuditEntry.tag).order_by(AuditEntry.id)).all()
    assert tags[-5:] == [
        "round:computed",
        "round:signed",
        "round:signed",
        "round:confirmed",
        "round:published",
    ]
    last = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert last.diff == {"digest": round_.digest, "list": queries.seal_of(round_)}


def test_an_idea_withdrawn_after_the_count_stops_the_publication(cast: Cast) -> None:
    campaign, found = closed_ballot(cast)
    round_ = signed(cast, computed(cast, campaign).id)
    winner = queries.list_elected(round_)[0].idea_id
    with transaction() as current:
        ideas.change_state(current.get_one(Idea, winner), State.WITHDRAWN)
    with pytest.raises(Conflict, match="entry_gone"), transaction():
        service.publish_round(cast.sora, queries.get_round(round_.id))
    assert reload(Idea, found["d"].id).state is State.ON_BALLOT


def test_a_second_round_of_the_same_campaign_stays_in_the_drawer(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    other = computed(cast, campaign, rule="approval")
    published(cast, campaign)
    with pytest.raises(Refused, match="another_published"), transaction():
        service.publish_round(cast.sora, queries.get_round(other.id))


def test_an_undone_publication_starts_no_clock(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_ = signed(cast, computed(cast, campaign).id)
    outbox.drain()
    with suppress(ZeroDivisionError), transaction():
        service.publish_round(cast.sora, queries.get_round(round_.id))
        raise ZeroDivisionError
    assert queries.get_round(round_.id).state is RoundState.CONFIRMED
    assert outbox.drain() == 0
