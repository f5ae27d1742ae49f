"""What programs read is what pages show: no more of it, and at no higher price for more rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ideas_app.audit.queries import list_of_subject
from ideas_app.campaigns.models import Campaign, PhaseKind
from ideas_app.comments.models import Comment
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.ideas.models import State
from ideas_app.shortlists import service as shortlists
from ideas_app.shortlists.models import Round
from ideas_app.shortlists.queries import get_round
from ideas_app.votes.service import give_support
from tests.api.programs import Program, token_of
from tests.factories import make_campaign, make_idea, make_programme, reload
from tests.moderation.scenes import comment_on
from tests.shortlists.scenes import closed_ballot, computed, published
from tests.statements import statements


@pytest.fixture
def campaign(app):
    return make_campaign()


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED, State.HIDDEN])
def test_what_is_not_public_is_there_for_its_author_and_moderators_only(
    program_of, stranger, cast, campaign, state
):
    idea = make_idea(cast.mina, campaign, state=state)
    unknown = stranger.get("/ideas/2000000000").json
    for program in (stranger, program_of(cast.jun), program_of(cast.hyun)):
        for path in (f"/ideas/{idea.id}", f"/ideas/{idea.id}/comments"):
            assert program.get(path).json == unknown
        assert program.get("/ideas").json["items"] == []
    for person in (cast.mina, cast.sora):
        told = program_of(person).get(f"/ideas/{idea.id}").json
        assert (told["state"], told["reason"]) == (state.value, "")


def test_reasons_for_the_author_are_told_to_nobody_else(program_of, stranger, cast, campaign):
    idea = make_idea(cast.mina, campaign)
    assert stranger.get(f"/ideas/{idea.id}").json["reason"] is None
    assert program_of(cast.jun).get(f"/ideas/{idea.id}").json["reason"] is None


def test_an_idea_that_was_taken_back_keeps_its_title_and_nothing_else(stranger, cast, campaign):
    idea = make_idea(cast.mina, campaign, state=State.WITHDRAWN)
    told = stranger.get(f"/ideas/{idea.id}").json
    assert told["title"]
    assert [told[name] for name in ("why", "how", "neighbourhood")] == [None] * 3
    (row,) = stranger.get("/ideas?state=withdrawn").json["items"]
    assert row["excerpt"] == told["excerpt"] == ""


def test_supports_that_are_votes_are_hidden_as_on_the_page(program_of, stranger, cast):
    campaign = make_campaign("votes", settings={"source": "supports"})
    key = campaign.id
    first = make_idea(cast.mina, campaign).id
    make_idea(cast.mina, reload(Campaign, key))
    for answer in (stranger.get(f"/ideas/{first}").json, *stranger.get("/ideas").json["items"]):
        assert answer["supports"] is None
    by_supports = [row["id"] for row in stranger.get("/ideas?sort=supported").json["items"]]
    assert sorted(by_supports) == sorted(row["id"] for row in stranger.get("/ideas").json["items"])
    with transaction():
        give_support(cast.jun, first)
    told = program_of(cast.jun).get(f"/ideas/{first}").json
    assert (told["supports"], told["supported"]) == (1, True)


def test_a_closed_door_says_why_in_the_words_of_the_page(program_of, stranger, cast, campaign):
    idea = make_idea(cast.mina, campaign)
    told = stranger.get(f"/ideas/{idea.id}", headers={"Accept-Language": "en"}).json["may"]
    assert (told["support"]["allowed"], told["support"]["code"]) == (False, "sign_in")
    mine = program_of(cast.mina).get(f"/ideas/{idea.id}").json["may"]
    assert mine["edit"]["allowed"]
    assert mine["support"] != told["support"]


def test_a_deleted_or_hidden_comment_keeps_its_place_without_words(stranger, cast, campaign):
    idea = make_idea(cast.mina, campaign).id
    deleted, hidden = (
        comment_on(cast.jun, idea, "첫 번째 말"),
        comment_on(cast.jun, idea, "두 번째"),
    )
    with transaction() as session:
        session.get_one(Comment, deleted).deleted_at = clock.now()
        row = session.get_one(Comment, hidden)
        row.hidden_at, row.hidden_code = clock.now(), "abuse"
    found = {each["id"]: each for each in stranger.get(f"/ideas/{idea}/comments").json["items"]}
    for each in found.values():
        assert (each["text"], each["author"]) == (None, None)
    assert (found[deleted]["deleted"], found[hidden]["hidden"]) == (True, "abuse")


def test_comments_come_in_pages_by_stance_and_by_parent(stranger, cast, campaign):
    idea = make_idea(cast.mina, campaign).id
    ids = [comment_on(cast.jun, idea, f"{number}번째 생각이에요.") for number in range(3)]
    first = stranger.get(f"/ideas/{idea}/comments?limit=2&stance=for").json
    rest = stranger.get(f"/ideas/{idea}/comments?stance=for&limit=2&cursor={first['next']}").json
    assert [each["id"] for each in first["items"] + rest["items"]] == ids
    assert stranger.get(f"/ideas/{idea}/comments?stance=against").json["items"] == []
    assert stranger.get(f"/ideas/{idea}/comments?parent={ids[0]}").json["items"] == []
    assert stranger.get(f"/ideas/{idea}/comments?parent=2000000000").status_code == 404


def test_a_round_is_staffs_until_it_is_published(program_of, stranger, cast):
    campaign, _ideas = closed_ballot(cast)
    round_id = computed(cast, campaign).id
    for program in (stranger, program_of(cast.mina)):
        assert program.get(f"/shortlists/{round_id}").json["code"] == "no_round"
        assert program.get(f"/shortlists/{round_id}/ballots.pb").json["code"] == "no_round"
    assert program_of(cast.sora).get(f"/shortlists/{round_id}").json["entries"]
    assert stranger.get("/shortlists").json["items"] == []


def test_few_ballots_are_no_public_file(stranger, cast):
    campaign, _ideas = closed_ballot(cast, {"ab": 3, "c": 2})
    round_id = published(cast, campaign).id
    assert stranger.get(f"/shortlists/{round_id}").json["ballots_url"] is None
    answer = stranger.get(f"/shortlists/{round_id}/ballots.pb")
    assert (answer.status_code, answer.json["code"]) == (403, "too_few_ballots")


def test_the_ballots_are_the_file_of_the_page(stranger, visitor, cast):
    campaign, _ideas = closed_ballot(cast)
    round_id = published(cast, campaign).id
    told = stranger.get(f"/shortlists/{round_id}").json
    assert len(told["entries"]) == told["seats"]
    mine = stranger.get(f"/shortlists/{round_id}/ballots.pb")
    assert mine.data == visitor.get(f"/shortlists/{round_id}/ballots.pb").data


def test_ones_own_things_are_ones_own(program_of, stranger, cast):
    for path in ("/me", "/me/record"):
        assert stranger.get(path).json["code"] == "sign_in"
    told = program_of(cast.jun).get("/me").json
    assert (told["nickname"], told["role"]) == ("Jun", "youth")
    assert "@" not in str(told)
    assert program_of(cast.jun).get("/me/record").json == {"linked": False, "participations": []}


def test_search_finds_what_the_page_finds(stranger, cast, campaign):
    key = campaign.id
    wanted = make_idea(cast.mina, campaign, title="산단 통근버스를 밤에도 다니게 해 주세요").id
    make_idea(cast.mina, reload(Campaign, key), title="도서관을 밤에도 열어 주세요 부탁합니다")
    assert [row["id"] for row in stranger.get("/ideas?q=통근버스").json["items"]] == [wanted]
    similar = stranger.get("/ideas/similar?title=통근버스를 밤에도").json["items"]
    assert similar[0]["idea"]["id"] == wanted


PATHS = ("/ideas?limit=50", "/ideas?limit=50&sort=mixed", "/campaigns", "/programmes", "/answers")


@pytest.mark.parametrize("path", PATHS)
def test_ten_rows_cost_as_many_statements_as_one(app, cast, path):
    program = Program(app, token_of(cast.jun))

    def cost() -> int:
        program.get(path)
        with statements() as seen:
            assert program.get(path).status_code == 200
        return len(seen)

    def grow(number: int) -> None:
        campaign = make_campaign(f"campaign-{number}", PhaseKind.GATHERING)
        make_idea(cast.mina, campaign)
        make_programme(f"programme-{number}")

    grow(0)
    with clock.at(clock.now() + timedelta(minutes=1)):
        before = cost()
        for number in range(1, 4):
            grow(number)
        assert cost() <= before


def test_a_round_that_was_never_counted_has_no_ballots(program_of, cast):
    campaign, _ideas = closed_ballot(cast, {"ab": 3, "c": 2})
    number = computed(cast, campaign).id
    with transaction() as current:
        current.get_one(Round, number).digest = ""
    answer = program_of(cast.sora).get(f"/shortlists/{number}/ballots.pb")
    assert (answer.status_code, answer.json["code"]) == (404, "not_counted")


def test_a_named_auditor_takes_the_ballots_of_a_small_round_and_that_is_noted(program_of, cast):
    campaign, _ideas = closed_ballot(cast, {"ab": 3, "c": 2})
    number = published(cast, campaign).id
    with transaction():
        why = "집계를 다시 세어 보기로 했습니다."
        shortlists.name_auditor(cast.sora, get_round(number), "jun@example.org", why)
    path = f"/shortlists/{number}/ballots.pb"
    assert program_of(cast.mina).get(path).status_code == 403
    assert program_of(cast.jun).get(path).status_code == 200
    last = list_of_subject("round", number)
    assert [one.actor_id for one in last if one.tag == "round:file_read"] == [cast.jun.id]
