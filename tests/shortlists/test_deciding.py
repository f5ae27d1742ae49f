"""People change the computed list, few places and with reasons; two of them sign; then it stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from ideas_app.audit.models import AuditEntry
from ideas_app.campaigns.queries import get_campaign
from ideas_app.cli.doctor import examine
from ideas_app.core import clock, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, NotFound, Refused
from ideas_app.ideas import service as ideas_service
from ideas_app.ideas.models import Idea, State
from ideas_app.shortlists import queries, service
from ideas_app.shortlists.models import ChangeKind, Round, RoundEntry, RoundState
from ideas_app.votes.models import Ballot, BallotChoice
from tests.factories import reload
from tests.people import Actor, Cast, make_account
from tests.shortlists.scenes import closed_ballot, computed, published, signed

Browser = Callable[[Actor], FlaskClient]
OUT, IN = ChangeKind.TAKEN_OUT, ChangeKind.PUT_IN
WHY = "같은 일이 추가 예산에 들어가 이미 이루어집니다."


def projects(round_id: int) -> list[str]:
    return [entry.project for entry in queries.list_elected(queries.get_round(round_id))]


def off(round_id: int) -> list[str]:
    entries = queries.get_round(round_id).entries
    return [one.project for one in entries if one.final_rank is None and one.is_eligible]


def change(who: Actor, round_id: int, project: str, kind: ChangeKind, why: str = WHY) -> int:
    with transaction():
        round_ = queries.get_round(round_id)
        campaign = get_campaign(round_.lot)
        return service.change_list(who, round_, campaign, project, kind, why).id


def undo(who: Actor, round_id: int, change_id: int) -> None:
    round_ = queries.get_round(round_id)
    service.take_change_back(who, round_, get_campaign(round_.lot), change_id)


def sign(who: Actor, round_id: int, seal: str | None = None) -> None:
    with transaction():
        round_ = queries.get_round(round_id)
        service.sign_list(who, round_, queries.seal_of(round_) if seal is None else seal)


@pytest.fixture
def round_id(cast: Cast) -> int:
    campaign, _ideas = closed_ballot(cast)
    found = computed(cast, campaign).id
    service.analyse_round(found)
    return found


def test_a_place_is_changed_with_its_reason_and_the_computed_list_stays_beside_it(
    cast: Cast, round_id: int
) -> None:
    before, spare = projects(round_id), off(round_id)[0]
    change(cast.sora, round_id, before[1], OUT)
    change(cast.sora, round_id, spare, IN)
    assert projects(round_id) == [before[0], before[2], spare]
    round_ = queries.get_round(round_id)
    assert round_.result["chosen"]["winners"] == before
    assert round_.result["final"] == projects(round_id)
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.tag, entry.reason, entry.is_public) == ("round:changed", WHY, True)
    assert entry.diff == {"put_in": spare}
    assert examine() == []


def test_a_change_taken_back_leaves_the_list_as_it_was(cast: Cast, round_id: int) -> None:
    before, spare = projects(round_id), off(round_id)[-1]
    taken = change(cast.sora, round_id, before[0], OUT)
    put = change(cast.sora, round_id, spare, IN)
    with pytest.raises(Conflict, match="list_full"), transaction():
        undo(cast.sora, round_id, taken)
    for one in (put, taken):
        with transaction():
            undo(cast.sora, round_id, one)
    assert projects(round_id) == before
    with pytest.raises(NotFound), transaction():
        undo(cast.sora, round_id, put)


def test_groups_are_measured_for_the_list_as_it_was_changed(cast: Cast) -> None:
    campaign, ideas = closed_ballot(cast, {"abc": 6, "d": 6})
    people = [make_account(f"Voter{number}") for number in range(24)]
    with transaction() as current:
        ballots = current.scalars(select(Ballot).order_by(Ballot.id)).all()
        ticks = {
            ballot.id: current.scalars(
                select(BallotChoice.entry_id).where(BallotChoice.ballot_id == ballot.id)
            ).all()
            for ballot in ballots
        }
        for number, person in enumerate(people):
            mine = Ballot(
                campaign_id=campaign.id,
                account_id=person.id,
                pseudonym=f"p{number}",
                opened_at=clock.now(),
                cast_at=clock.now(),
            )
            current.add(mine)
            current.flush()
            # two thirds like a, b and c, the others only d
            model = ballots[0] if number < 16 else ballots[-1]
            for entry_id in ticks[model.id]:
                current.add(BallotChoice(ballot_id=mine.id, entry_id=entry_id))
    found = computed(cast, campaign).id
    d = f"i{ideas['d'].id}"
    assert d in projects(found)
    assert ages(found) == [24, 24]
    change(cast.sora, found, d, OUT)
    assert ages(found) == [24, 16]


def ages(round_id: int) -> list[int]:
    """People of the one age group, and how many of them have an idea on the list."""
    tables = queries.get_round(round_id).result["groups"]["tables"]
    line = next(table for table in tables if table["name"] == "age")["lines"][0]
    return [line["people"], line["ours"][0]]


@pytest.mark.parametrize("why", ["", "짧음", "가" * 501])
def test_a_change_without_a_reason_that_can_be_read_is_refused(
    cast: Cast, round_id: int, why: str
) -> None:
    with pytest.raises(Invalid, match="bad_reason"):
        change(cast.sora, round_id, projects(round_id)[0], OUT, why)


def test_what_the_list_does_not_allow_is_refused_with_its_reason(cast: Cast, round_id: int) -> None:
    first, spare = projects(round_id)[0], off(round_id)[0]
    below = next(one for one in queries.get_round(round_id).entries if not one.is_eligible).project
    for project, kind, code in [
        (spare, IN, "list_full"),
        (spare, OUT, "not_on_list"),
        (first, IN, "on_list"),
        (below, IN, "below_minimum"),
    ]:
        with pytest.raises(Conflict, match=code):
            change(cast.sora, round_id, project, kind)
    with pytest.raises(NotFound):
        change(cast.sora, round_id, "i999999", OUT)
    change(cast.sora, round_id, first, OUT)
    with pytest.raises(Conflict, match="changed_already"):
        change(cast.sora, round_id, first, IN)


def test_no_more_places_are_changed_than_the_campaign_allows(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast, staff_changes_max=1)
    found = computed(cast, campaign).id
    first, second, _third = projects(found)
    spare = off(found)[0]
    change(cast.sora, found, first, OUT)
    # one out and one in is one place
    change(cast.sora, found, spare, IN)
    with pytest.raises(Conflict, match="too_many_changes"):
        change(cast.sora, found, second, OUT)


def test_what_excludes_an_idea_on_the_list_is_not_put_beside_it(cast: Cast) -> None:
    campaign, found = closed_ballot(cast)
    pair = (f"i{found['a'].id}", f"i{found['b'].id}")
    round_ = computed(cast, campaign, incompatible=[pair], incompatible_reason="한 자리에 둘뿐")
    listed = projects(round_.id)
    assert len(set(pair) & set(listed)) == 1
    assert f"incompatible;{','.join(sorted(pair))}" in round_.snapshot
    beside = next(one for one in listed if one not in pair)
    change(cast.sora, round_.id, beside, OUT)
    with pytest.raises(Conflict, match="incompatible"):
        change(cast.sora, round_.id, next(iter(set(pair) - set(listed))), IN)


@pytest.mark.parametrize(
    ("pair", "why", "code"),
    [
        (("i1", "i1"), "까닭", "same_idea"),
        (("i0", "i999"), "까닭", "unknown_idea"),
        (("i1", "i2"), " ", "reason_missing"),
    ],
)
def test_a_pair_that_cannot_be_is_refused_when_it_is_asked(
    cast: Cast, pair: tuple[str, str], why: str, code: str
) -> None:
    campaign, _ideas = closed_ballot(cast)
    with pytest.raises(Invalid, match=code):
        computed(cast, campaign, incompatible=[pair], incompatible_reason=why)


def test_two_different_people_confirm_and_both_digests_stand_in_the_log(
    cast: Cast, round_id: int
) -> None:
    sign(cast.sora, round_id)
    with pytest.raises(Refused, match="signed_already"):
        sign(cast.sora, round_id)
    assert queries.get_round(round_id).state is RoundState.COMPUTED
    sign(cast.dana, round_id)
    round_ = queries.get_round(round_id)
    assert round_.state is RoundState.CONFIRMED
    assert round_.list_digest == queries.seal_of(round_)
    last = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last.tag == "round:confirmed"
    assert last.diff == {"list": round_.list_digest, "ballots": round_.digest}


def test_a_change_lets_signatures_fall_and_an_old_page_cannot_sign(
    cast: Cast, round_id: int
) -> None:
    old = queries.seal_of(queries.get_round(round_id))
    sign(cast.sora, round_id)
    change(cast.dana, round_id, projects(round_id)[0], OUT)
    assert queries.get_round(round_id).signatures == []
    with pytest.raises(Conflict, match="changed_meanwhile"):
        sign(cast.dana, round_id, old)
    sign(cast.dana, round_id)
    sign(cast.sora, round_id)
    assert queries.get_round(round_id).state is RoundState.CONFIRMED


def test_a_signature_can_be_taken_back_until_the_list_is_confirmed(
    cast: Cast, round_id: int
) -> None:
    sign(cast.sora, round_id)
    with transaction():
        service.unsign_list(cast.sora, queries.get_round(round_id))
    assert queries.get_round(round_id).signatures == []
    sign(cast.sora, round_id)
    sign(cast.dana, round_id)
    with pytest.raises(Refused, match="frozen"), transaction():
        service.unsign_list(cast.sora, queries.get_round(round_id))


@pytest.mark.parametrize("person", ["visitor", "mina", "jun", "hyun"])
def test_the_stranger_neither_changes_nor_signs_nor_names(
    cast: Cast, round_id: int, person: str
) -> None:
    stranger = getattr(cast, person)
    made = change(cast.sora, round_id, projects(round_id)[-1], OUT)
    with pytest.raises(Refused):
        change(stranger, round_id, projects(round_id)[0], OUT)
    with pytest.raises(Refused), transaction():
        undo(stranger, round_id, made)
    with pytest.raises(Refused):
        sign(stranger, round_id)
    with pytest.raises(Refused), transaction():
        service.name_auditor(stranger, queries.get_round(round_id), "jun@example.org", WHY)


def test_the_published_list_is_the_changed_one_everywhere(
    cast: Cast, visitor: FlaskClient, round_id: int
) -> None:
    before, spare = projects(round_id), off(round_id)[0]
    change(cast.sora, round_id, before[0], OUT, "이미 시행하고 있는 일이라 뺍니다.")
    change(cast.sora, round_id, spare, IN, "한 표 차이로 빠져 빈자리를 채웁니다.")
    round_ = signed(cast, round_id)
    with transaction():
        service.publish_round(cast.sora, queries.get_round(round_.id))
    outbox.drain()
    states = {f"i{idea.id}": idea.state for idea in session().scalars(select(Idea)).all()}
    assert states[spare] is State.SHORTLISTED
    assert states[before[0]] is State.NOT_SHORTLISTED
    page = visitor.get(f"/shortlists/{round_id}?lang=en").text
    assert "이미 시행하고 있는 일이라 뺍니다." in page
    assert "한 표 차이로 빠져 빈자리를 채웁니다." in page
    assert "Two people signed this list" in page
    assert "Sora" not in page
    assert visitor.get(f"/shortlists/{round_id}/work").status_code == 303
    # what anybody can take along is what was signed, to the byte
    taken = visitor.get(f"/shortlists/{round_id}/list.json")
    assert hashlib.sha256(taken.data).hexdigest() == queries.get_round(round_id).list_digest
    said = json.loads(taken.data)
    assert said["list"] == projects(round_id)
    assert said["computed"] == before
    assert examine() == []


def test_an_idea_that_is_gone_must_be_taken_out_before_anybody_signs(
    cast: Cast, round_id: int
) -> None:
    first = projects(round_id)[0]
    with transaction() as current:
        ideas_service.change_state(current.get_one(Idea, int(first[1:])), State.WITHDRAWN)
    with pytest.raises(Conflict, match="entry_gone"):
        sign(cast.sora, round_id)
    change(cast.sora, round_id, first, OUT, "제안한 사람이 거두어들였습니다.")
    sign(cast.sora, round_id)


def test_the_doctor_finds_a_round_that_was_changed_behind_its_back(
    app, cast: Cast, round_id: int
) -> None:
    signed(cast, round_id)
    assert examine() == []
    with transaction() as current:
        current.execute(update(Round).values(snapshot=Round.snapshot + "\n"))
    assert "ballots" in examine()[0].found
    with transaction() as current:
        first = projects(round_id)[0]
        current.execute(
            update(RoundEntry).where(RoundEntry.project == first).values(final_rank=None)
        )
    assert {finding.check for finding in examine()} == {"shortlists"}
    assert len(examine()) == 2


def test_the_work_page_takes_a_change_and_says_faults_at_their_field(
    cast: Cast, browser_of: Browser, round_id: int
) -> None:
    sora = browser_of(cast.sora)
    address, first = f"/shortlists/{round_id}", projects(round_id)[0]
    short = {"project": f"taken_out:{first}", "reason": "짧음"}
    assert "10 to 500 characters" in sora.post(f"{address}/changes?lang=en", data=short).text
    full = {"project": f"put_in:{off(round_id)[0]}", "reason": WHY}
    refused = sora.post(f"{address}/changes?lang=en", data=full)
    assert refused.status_code == 422
    assert "All places of the list are taken" in refused.text
    assert WHY in refused.text  # nothing that was typed is lost
    good = {"project": f"taken_out:{first}", "reason": WHY}
    assert sora.post(f"{address}/changes", data=good).status_code == 303
    page = sora.get(f"{address}/work?lang=en").text
    assert "1 / 5" in page
    made = queries.get_round(round_id).changes[0].id
    assert sora.post(f"{address}/changes/{made}/undo").status_code == 303
    assert projects(round_id)[0] == first
    assert sora.post(f"{address}/changes", data={"project": "x", "reason": WHY}).status_code == 422


def test_the_numbers_of_a_published_round_stand_after_a_second_analysis(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_ = published(cast, campaign)
    before = queries.seal_of(round_)
    service.analyse_round(round_.id)
    service.count_round(round_.id)
    again = reload(Round, round_.id)
    assert (again.state, again.list_digest) == (RoundState.PUBLISHED, before)


def test_an_idea_that_was_withdrawn_since_is_not_put_on_the_list(cast: Cast, round_id: int) -> None:
    spare = off(round_id)[0]
    change(cast.sora, round_id, projects(round_id)[0], OUT)
    with transaction() as current:
        ideas_service.change_state(current.get_one(Idea, int(spare[1:])), State.WITHDRAWN)
    with pytest.raises(Conflict, match="entry_gone"):
        change(cast.sora, round_id, spare, IN)


def test_a_signature_is_taken_back_by_its_page(
    cast: Cast, round_id: int, browser_of: Browser
) -> None:
    sign(cast.sora, round_id)
    path = f"/shortlists/{round_id}/signatures/withdraw"
    assert browser_of(cast.hyun).post(path).status_code == 403
    assert browser_of(cast.sora).post(path).status_code == 303
    assert queries.get_round(round_id).signatures == []


def test_a_round_that_was_never_counted_is_no_document(
    cast: Cast, round_id: int, browser_of: Browser
) -> None:
    with transaction() as current:
        current.get_one(Round, round_id).digest = ""
    answer = browser_of(cast.sora).get(f"/shortlists/{round_id}/shortlist.pdf")
    assert answer.status_code == 404
