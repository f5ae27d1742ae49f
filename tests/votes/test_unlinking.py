"""Some time after the result nobody can tell who cast which ballot, and every count still holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from ideas_app.audit.models import AuditEntry
from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.cli.doctor import examine
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.permissions import Role
from ideas_app.pages.queries import list_ballots_of
from ideas_app.shortlists import jobs as shortlists
from ideas_app.shortlists import queries as rounds
from ideas_app.shortlists import service as shortlists_service
from ideas_app.votes import queries, service
from ideas_app.votes.models import Ballot, BallotUnlinking, PaperBallot
from tests.factories import make_campaign
from tests.people import make_account
from tests.shortlists.scenes import signed
from tests.votes.scenes import ballot_of, count_paper, given, move_to, prepare_ballot, take_in
from tests.votes.scenes import cast as vote

SLUG = "ideas-2026"
MONTH = timedelta(days=30)


@pytest.fixture
def voted(cast):
    """Mina, Jun on paper and somebody without an account have voted; Bada only looked. It is over."""
    settings = {"ballot_min": 2, "ballot_max": 3, "seats": 2, "min_approval_percent": 0}
    campaign = make_campaign(phase=PhaseKind.PREPARING, settings=settings)
    author = make_account("Author")
    lines = prepare_ballot(cast.sora, campaign, [author] * 4)
    moderators = (cast.sora, make_account("Taeo", Role.MODERATOR))
    vote(cast.mina, SLUG, lines[:2])
    who = given("김준", cast.jun.born_on, account="Jun")
    count_paper(moderators, SLUG, lines[1:3], who)
    count_paper(moderators, SLUG, lines[1:3])
    take_in(cast.sora, SLUG, given("김바다"))
    with transaction():
        service.save_draft(make_account("Bada"), get_campaign(SLUG), lines[:1])
    move_to(SLUG, PhaseKind.SHORTLISTING)
    return lines


def destroy():
    with transaction():
        return service.destroy_links(get_campaign(SLUG))


def publish(cast):
    with transaction():
        number = shortlists_service.compute_round(cast.sora, get_campaign(SLUG)).id
    signed(cast, number)
    with transaction():
        shortlists_service.publish_round(cast.sora, rounds.get_round(number))


def tidy(after=timedelta()):
    with clock.at(clock.now() + after), transaction():
        shortlists.destroy_ballot_links()


def is_unlinked():
    return queries.find_unlinking(get_campaign(SLUG)) is not None


def test_no_row_knows_a_voter_afterwards(cast, voted):
    assert destroy() == 3
    ballots = session().scalars(select(Ballot)).all()
    assert len(ballots) == 3
    assert {(one.account_id, one.voter_key, one.draft) for one in ballots} == {(None, None, None)}
    assert session().scalars(select(PaperBallot)).all() == []
    assert ballot_of(cast.mina, SLUG) is None
    assert list_ballots_of(cast.mina.id) == []


def test_every_count_holds(cast, voted):
    campaign = get_campaign(SLUG)
    before = (
        queries.turnout(campaign),
        queries.ballots_as_lists(campaign),
        queries.turnout_by_day(campaign, exact=True),
    )
    destroy()
    campaign = get_campaign(SLUG)
    assert before == (
        queries.turnout(campaign),
        queries.ballots_as_lists(campaign),
        queries.turnout_by_day(campaign, exact=True),
    )
    assert examine() == []


def test_the_instant_of_a_ballot_is_brought_down_to_its_day(voted):
    destroy()
    for ballot in session().scalars(select(Ballot)):
        assert (
            ballot.cast_at == ballot.opened_at == clock.day_start(clock.local_date(ballot.cast_at))
        )


def test_it_happens_once_and_the_log_says_how_many(voted):
    assert destroy() == 3
    assert destroy() == 0
    query = select(AuditEntry).where(AuditEntry.tag == "ballot:links_destroyed")
    (entry,) = session().scalars(query)
    assert entry.diff == {"ballots": 3}
    assert session().scalars(select(BallotUnlinking)).one().ballots == 3


def test_another_campaign_keeps_its_links(cast, voted):
    other = make_campaign("other", PhaseKind.PREPARING, settings={"ballot_min": 2, "ballot_max": 3})
    lines = prepare_ballot(cast.sora, other, [make_account("Other")] * 3)
    vote(cast.mina, "other", lines[:2])
    destroy()
    assert ballot_of(cast.mina, "other") is not None


def test_the_links_go_thirty_days_after_the_first_publication(cast, voted):
    tidy(10 * MONTH)
    assert not is_unlinked()
    publish(cast)
    tidy(MONTH - timedelta(minutes=1))
    assert not is_unlinked()
    tidy(MONTH + timedelta(minutes=1))
    assert is_unlinked()


def test_two_signatures_start_the_clock_whether_the_list_is_public_or_not(cast, voted):
    with transaction():
        number = shortlists_service.compute_round(cast.sora, get_campaign(SLUG)).id
    tidy(10 * MONTH)
    assert not is_unlinked()
    signed(cast, number)
    tidy(MONTH - timedelta(minutes=1))
    assert not is_unlinked()
    tidy(MONTH + timedelta(minutes=1))
    assert is_unlinked()


def test_a_round_that_is_only_computed_starts_no_clock(cast, voted):
    with transaction():
        shortlists_service.compute_round(cast.sora, get_campaign(SLUG))
    tidy(10 * MONTH)
    assert not is_unlinked()


def test_a_campaign_may_set_other_days(cast, voted):
    with transaction():
        campaign = get_campaign(SLUG)
        campaign.settings = {**campaign.settings, "ballot_link_days": 3}
    publish(cast)
    tidy(timedelta(days=4))
    assert is_unlinked()


def test_pages_say_that_the_link_is_gone_and_to_a_stranger_the_same(cast, voted, browser_of):
    publish(cast)
    number = rounds.find_published(get_campaign(SLUG).id).id
    own = f"/shortlists/{number}?lang=en"
    assert "Your ballot as counted" in browser_of(cast.mina).get(own).text
    tidy(2 * MONTH)
    stranger = make_account("Never")
    for person in (cast.mina, cast.jun, stranger):
        browser = browser_of(person)
        receipt = browser.get(f"/ballot/{SLUG}/receipt?lang=en").text
        assert "the links between people and the ballots" in receipt
        assert "c-picked__i" not in receipt
        page = browser.get(own).text
        assert "the links between people and the ballots" in page
        assert "Your ballot as counted" not in page
