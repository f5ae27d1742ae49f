"""Ballots on paper: who may bring one, two moderators who read the same, one vote a person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from ideas_app.audit.models import AuditEntry
from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, NotFound, Refused
from ideas_app.core.permissions import Role
from ideas_app.core.verdict import ALLOWED
from ideas_app.programmes.models import Person
from ideas_app.votes import policy, queries, service
from ideas_app.votes.models import Ballot, PaperBallot, PaperState
from ideas_app.votes.service import papers
from tests.factories import make_campaign
from tests.people import make_account
from tests.votes.scenes import (
    BORN,
    close,
    count_paper,
    enter,
    given,
    make_person,
    move_to,
    prepare_ballot,
    take_in,
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


@pytest.fixture
def taeo(cast):
    """A second moderator."""
    return make_account("Taeo", Role.MODERATOR, born_on=date(1990, 1, 1))


def paper_of(number):
    return session().scalars(select(PaperBallot).where(PaperBallot.id == number)).one()


def log_of_papers():
    query = select(AuditEntry).where(AuditEntry.tag.startswith("ballot:paper"))
    return session().scalars(query.order_by(AuditEntry.id)).all()


# -- two readings -----------------------------------------------------------------------------------


def test_a_paper_counts_once_two_moderators_have_read_the_same(cast, taeo, campaign, lines):
    number = take_in(cast.sora, SLUG)
    assert enter(cast.sora, number, lines[:2]) is PaperState.ENTERED
    assert queries.turnout(campaign) == 0
    assert enter(taeo, number, lines[:2]) is PaperState.COUNTED
    assert queries.ballots_as_lists(campaign) == [lines[:2]]


def test_one_moderator_alone_never_makes_a_paper_count(cast, campaign, lines):
    number = take_in(cast.sora, SLUG)
    for _ in range(3):
        assert enter(cast.sora, number, lines[:2]) is PaperState.ENTERED
    assert queries.turnout(campaign) == 0


def test_whoever_was_first_may_correct_before_the_second_has_read(cast, taeo, campaign, lines):
    number = take_in(cast.sora, SLUG)
    enter(cast.sora, number, lines[:2])
    enter(cast.sora, number, lines[1:3])
    assert enter(taeo, number, lines[1:3]) is PaperState.COUNTED
    assert queries.ballots_as_lists(campaign) == [lines[1:3]]


def test_where_they_differ_neither_counts_until_they_agree(cast, taeo, campaign, lines):
    number = take_in(cast.sora, SLUG)
    enter(cast.sora, number, lines[:2])
    assert enter(taeo, number, lines[1:3]) is PaperState.DIFFERS
    assert queries.turnout(campaign) == 0
    assert enter(cast.sora, number, lines[:3]) is PaperState.DIFFERS
    assert enter(taeo, number, lines[:3]) is PaperState.COUNTED
    assert queries.ballots_as_lists(campaign) == [lines[:3]]


def test_a_third_moderator_does_not_settle_what_two_read_differently(cast, taeo, lines):
    number = take_in(cast.sora, SLUG)
    enter(cast.sora, number, lines[:2])
    enter(taeo, number, lines[1:3])
    third = make_account("Umi", Role.MODERATOR)
    with pytest.raises(Refused):
        enter(third, number, lines[:2])


def test_once_it_counts_the_paper_knows_neither_the_person_nor_the_ticks(cast, taeo, lines):
    count_paper((cast.sora, taeo), SLUG, lines[:2])
    paper = session().scalars(select(PaperBallot)).one()
    assert paper.state is PaperState.COUNTED
    assert (paper.voter_key, paper.account_id, paper.person_id) == (None, None, None)
    assert (paper.first_picks, paper.second_picks) == (None, None)
    with pytest.raises(Conflict):
        enter(taeo, paper.id, lines[:2])


def test_the_log_tells_each_step_and_no_tick_and_no_voter(cast, taeo, lines):
    who = given(born_on=cast.jun.born_on, account="Jun")
    count_paper((cast.sora, taeo), SLUG, lines[:2], who)
    told = log_of_papers()
    assert [entry.tag for entry in told] == [
        "ballot:paper_registered",
        "ballot:paper_entered",
        "ballot:paper_entered",
        "ballot:paper_counted",
    ]
    assert {entry.subject_type for entry in told} == {"paper_ballot"}
    assert [entry.diff for entry in told] == [{}, {"reading": 1}, {"reading": 2}, {}]
    assert not any(entry.is_public for entry in told)


@pytest.mark.parametrize("picks", [slice(0, 1), slice(0, 4), slice(0, 0)])
def test_a_paper_obeys_the_same_bounds_as_the_screen(cast, campaign, lines, picks):
    number = take_in(cast.sora, SLUG)
    with pytest.raises(Invalid):
        enter(cast.sora, number, lines[picks])
    assert paper_of(number).state is PaperState.REGISTERED


def test_a_paper_set_aside_says_why_and_its_voter_may_vote_again(cast, taeo, campaign, lines):
    number = take_in(cast.sora, SLUG)
    enter(cast.sora, number, lines[:2])
    with pytest.raises(Invalid), transaction():
        service.set_aside_paper(taeo, number, " ")
    with transaction():
        service.set_aside_paper(taeo, number, "찢어졌습니다.")
    assert paper_of(number).first_picks is None
    assert log_of_papers()[-1].reason == "찢어졌습니다."
    assert count_paper((cast.sora, taeo), SLUG, lines[:2]) is PaperState.COUNTED


# -- one vote a person ------------------------------------------------------------------------------


def test_the_same_person_brings_no_second_paper(cast, taeo, campaign, lines):
    take_in(cast.sora, SLUG)
    with pytest.raises(Conflict, match="paper_known"):
        take_in(taeo, SLUG, given(name="홍 길 동", phone="01099998888"))
    with transaction():
        told = service.look_up_voter(taeo, get_campaign(SLUG), given()).verdict
    assert told.code == "paper_known"
    count_paper((cast.sora, taeo), SLUG, lines[:2], given(name="김바다"))
    with pytest.raises(Conflict, match="voted_on_paper"):
        take_in(cast.sora, SLUG, given(name="김바다"))
    assert queries.turnout(campaign) == 1


def test_another_person_of_that_name_born_another_day_may_vote(cast, taeo, campaign, lines):
    count_paper((cast.sora, taeo), SLUG, lines[:2])
    count_paper((cast.sora, taeo), SLUG, lines[:2], given(born_on=date(2001, 3, 15)))
    assert queries.turnout(campaign) == 2


def test_a_key_says_nothing_in_another_campaign(cast, taeo, campaign, lines):
    count_paper((cast.sora, taeo), SLUG, lines[:2])
    other = make_campaign("other", PhaseKind.PREPARING, settings=FEW)
    theirs = prepare_ballot(cast.sora, other, [cast.mina] * 3)
    count_paper((cast.sora, taeo), "other", theirs[:2])
    keys = session().scalars(select(Ballot.voter_key)).all()
    assert len(keys) == len(set(keys)) == 2


def test_after_an_online_ballot_the_paper_is_refused(cast, campaign, lines):
    vote(cast.jun, SLUG, lines[:2])
    with pytest.raises(Conflict, match="voted_online"):
        take_in(cast.sora, SLUG, given(born_on=cast.jun.born_on, account="Jun"))


def test_after_a_paper_the_online_ballot_is_refused(cast, taeo, campaign, lines):
    with transaction():
        service.open_ballot(cast.jun, get_campaign(SLUG))
    who = given(born_on=cast.jun.born_on, account="jun@example.org")
    count_paper((cast.sora, taeo), SLUG, lines[:2], who)
    with pytest.raises(Conflict, match="voted_on_paper"):
        vote(cast.jun, SLUG, lines[1:3])
    with pytest.raises(Conflict), transaction():
        service.save_draft(cast.jun, get_campaign(SLUG), lines[:1])
    assert queries.ballots_as_lists(campaign) == [lines[:2]]


def test_whoever_votes_online_while_the_paper_waits_has_voted_online(cast, taeo, campaign, lines):
    number = take_in(cast.sora, SLUG, given(born_on=cast.jun.born_on, account="Jun"))
    enter(cast.sora, number, lines[:2])
    vote(cast.jun, SLUG, lines[1:3])
    assert enter(taeo, number, lines[:2]) is PaperState.SET_ASIDE
    assert queries.ballots_as_lists(campaign) == [lines[1:3]]


def test_a_link_with_the_rosters_finds_the_account_and_stops_the_second_vote(
    cast, taeo, campaign, lines
):
    make_person("홍길동", cast.jun.born_on, account=cast.jun)
    number = take_in(cast.sora, SLUG, given(born_on=cast.jun.born_on))
    assert paper_of(number).account_id == cast.jun.id
    vote(cast.jun, SLUG, lines[:2])
    enter(cast.sora, number, lines[:2])
    assert enter(taeo, number, lines[:2]) is PaperState.SET_ASIDE


def test_a_link_made_after_the_paper_stops_the_online_vote(cast, taeo, campaign, lines):
    person_id = make_person("홍길동")
    number = take_in(cast.sora, SLUG, given(phone="01012345678"))
    enter(cast.sora, number, lines[:2])
    enter(taeo, number, lines[:2])
    with transaction() as current:
        current.execute(update(Person).where(Person.id == person_id).values(account_id=cast.jun.id))
    with pytest.raises(Conflict, match="voted_on_paper"):
        vote(cast.jun, SLUG, lines[1:3])


def test_the_voters_own_idea_cannot_be_ticked_on_paper_either(cast, lines):
    number = take_in(cast.sora, SLUG, given(born_on=cast.jun.born_on, account="Jun"))
    with pytest.raises(Invalid):
        enter(cast.sora, number, [lines[0], lines[4]])


# -- who may ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (given(account="nobody@example.org"), "account_unknown"),
        (given(account="Jun"), "another_birth_date"),
    ],
)
def test_particulars_that_do_not_fit_together_are_named(cast, lines, who, code):
    with pytest.raises(Invalid) as caught:
        take_in(cast.sora, SLUG, who)
    assert caught.value.code == code


def test_the_rosters_link_and_the_named_account_must_be_one(cast, lines):
    make_person("홍길동", cast.mina.born_on, account=cast.mina)
    with pytest.raises(Invalid) as caught:
        take_in(cast.sora, SLUG, given(born_on=cast.jun.born_on, account="Jun"))
    assert caught.value.code == "another_account"


def test_the_campaigns_rule_of_age_holds_on_paper(cast, lines):
    with pytest.raises(Refused):
        take_in(cast.sora, SLUG, given(born_on=date(1960, 1, 1)))


def test_staff_do_not_vote_on_paper(cast, taeo, lines):
    with pytest.raises(Refused):
        take_in(cast.sora, SLUG, given(born_on=taeo.born_on, account="Taeo"))


@pytest.mark.parametrize("name", ["jun", "hyun", "visitor"])
def test_nobody_but_moderators_touches_papers(cast, lines, name):
    stranger = getattr(cast, name)
    number = take_in(cast.sora, SLUG)
    with pytest.raises(Refused):
        take_in(stranger, SLUG, given(name="김바다"))
    with pytest.raises(Refused):
        enter(stranger, number, lines[:2])
    with pytest.raises(Refused), transaction():
        service.set_aside_paper(stranger, number, "이유")
    assert paper_of(number).state is PaperState.REGISTERED


def test_papers_are_taken_only_while_the_ballot_is_open(cast, campaign, lines):
    number = take_in(cast.sora, SLUG)
    close(campaign, PhaseKind.BALLOT)
    with pytest.raises(Conflict):
        enter(cast.sora, number, lines[:2])
    with pytest.raises(Conflict):
        take_in(cast.sora, SLUG, given(name="김바다"))
    with pytest.raises(NotFound):
        enter(cast.sora, 99999, lines[:2])


def test_days_of_grace_let_papers_in_that_arrived_in_time(cast, taeo):
    campaign = make_campaign(phase=PhaseKind.PREPARING, settings={**FEW, "paper_grace_days": 2})
    lines = prepare_ballot(cast.sora, campaign, [cast.mina] * 3)
    close(campaign, PhaseKind.BALLOT)
    now = clock.now()
    assert not policy.may_see_turnout(cast.jun, get_campaign(SLUG), now=now)
    count_paper((cast.sora, taeo), SLUG, lines[:2])
    ballot = session().scalars(select(Ballot)).one()
    assert ballot.cast_at < now
    with clock.at(now + timedelta(days=2, minutes=1)):
        assert policy.may_see_turnout(cast.jun, get_campaign(SLUG), now=clock.now())
        with pytest.raises(Conflict):
            take_in(cast.sora, SLUG, given(name="김바다"))


def test_looking_somebody_up_stands_in_the_log_without_the_person(cast, lines):
    vote(cast.jun, SLUG, lines[:2])
    with transaction():
        who = given(born_on=cast.jun.born_on, account="Jun")
        found = service.look_up_voter(cast.sora, get_campaign(SLUG), who)
        missing = service.look_up_voter(cast.sora, get_campaign(SLUG), given(account="nobody"))
    assert found.verdict.code == "voted_online"
    assert missing.fault
    told = log_of_papers()
    assert {(entry.tag, entry.subject_type) for entry in told} == {
        ("ballot:paper_looked_up", "campaign")
    }
    assert [entry.diff["outcome"] for entry in told] == ["voted_online", "account_unknown"]


# -- the pages --------------------------------------------------------------------------------------


DATA = {"name": "홍길동", "born_on": BORN.isoformat(), "has_document": "y"}


def test_two_moderators_bring_a_paper_into_the_count_on_pages(cast, taeo, lines, browser_of):
    sora, other = browser_of(cast.sora), browser_of(taeo)
    looked = sora.post(f"/ballot/{SLUG}/papers", data=DATA)
    assert looked.status_code == 200
    assert 'value="take"' in looked.text
    taken = sora.post(f"/ballot/{SLUG}/papers", data={**DATA, "step": "take"})
    assert taken.status_code == 303
    page = sora.post(taken.location, data={"entry": lines[:2]})
    assert page.location.endswith("/papers")
    blind = other.get(taken.location).text
    assert " checked" not in blind
    assert other.post(taken.location, data={"entry": lines[1:3]}).location == taken.location
    settle = other.get(f"{taken.location}?lang=en").text
    assert settle.count(" checked") == 2
    assert settle.count("<td>ticked</td>") == 2
    assert other.post(taken.location, data={"entry": lines[:2]}).location.endswith("/papers")
    assert queries.turnout(get_campaign(SLUG)) == 1


def test_the_form_says_what_is_missing_and_takes_nothing(cast, lines, browser_of):
    answer = browser_of(cast.sora).post(f"/ballot/{SLUG}/papers", data={"name": "홍길동"})
    assert answer.status_code == 422
    answer = browser_of(cast.sora).post(
        f"/ballot/{SLUG}/papers", data={**DATA, "account": "nobody@example.org"}
    )
    assert answer.status_code == 422
    assert session().scalars(select(PaperBallot)).all() == []


def test_a_wrong_reading_comes_back_with_its_ticks(cast, lines, browser_of):
    number = take_in(cast.sora, SLUG)
    answer = browser_of(cast.sora).post(f"/ballot/paper/{number}", data={"entry": lines[:1]})
    assert answer.status_code == 422
    assert answer.text.count(" checked") == 1


def test_strangers_reach_no_page_of_papers(cast, lines, browser_of, visitor):
    number = take_in(cast.sora, SLUG)
    for place in (f"/ballot/{SLUG}/papers", f"/ballot/paper/{number}"):
        assert "/login" in visitor.get(place).location
        for stranger in (cast.jun, cast.hyun):
            assert browser_of(stranger).get(place).status_code == 403
            assert browser_of(stranger).post(place, data=DATA).status_code == 403
    aside = f"/ballot/paper/{number}/aside"
    assert browser_of(cast.jun).post(aside, data={"reason": "이유"}).status_code == 403
    assert paper_of(number).state is PaperState.REGISTERED


def test_the_voter_reads_on_the_receipt_what_was_counted_from_paper(cast, taeo, lines, browser_of):
    who = given(born_on=cast.jun.born_on, account="Jun")
    count_paper((cast.sora, taeo), SLUG, lines[:2], who)
    jun = browser_of(cast.jun)
    page = jun.get(f"/ballot/{SLUG}/receipt?lang=en").text
    assert page.count("c-picked__i") == 2
    assert "two moderators" in page
    ballot = jun.get(f"/ballot/{SLUG}?lang=en").text
    assert "Your ballot on paper has been counted" in ballot
    assert 'name="entry"' not in ballot
    assert jun.post(f"/ballot/{SLUG}", data={"entry": lines[:2]}).status_code == 409


def test_a_setting_aside_needs_its_reason_on_the_page_too(cast, lines, browser_of):
    number = take_in(cast.sora, SLUG)
    sora = browser_of(cast.sora)
    assert sora.post(f"/ballot/paper/{number}/aside", data={}).status_code == 422
    done = sora.post(f"/ballot/paper/{number}/aside", data={"reason": "찢어졌습니다."})
    assert done.status_code == 303
    assert paper_of(number).state is PaperState.SET_ASIDE


def test_papers_are_linked_where_ballots_are_prepared(cast, lines, browser_of, visitor):
    move_to(SLUG, PhaseKind.BALLOT)
    sora = browser_of(cast.sora)
    for place in ("/ballot/entries", f"/ballot/{SLUG}/entries"):
        assert f"/ballot/{SLUG}/papers" in sora.get(place).text


def test_nobody_enters_a_ballot_of_their_own(cast):
    paper = PaperBallot(state=PaperState.REGISTERED, account_id=cast.sora.id)
    assert policy.may_enter_paper(cast.sora, paper).code == "own_paper"
    assert policy.may_enter_paper(cast.dana, paper)


def test_of_two_who_take_one_paper_in_at_once_one_has(cast, lines, monkeypatch):
    """Both had looked before either was written: the rule of the table decides."""
    take_in(cast.sora, SLUG)
    monkeypatch.setattr(papers, "_may_bring", lambda *_asked: ALLOWED)
    with pytest.raises(Conflict) as fault:
        take_in(cast.dana, SLUG)
    assert fault.value.code == "paper_known"
