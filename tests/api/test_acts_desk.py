"""Comments, families, shortlists and answers by programs: what a page can do, by the same rules."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from ideas_app.answers.models import AnswerWork
from ideas_app.campaigns.models import PhaseKind
from ideas_app.comments.models import Comment
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.shortlists import service as shortlists
from ideas_app.shortlists.models import Round
from tests.answers import scenes as answers
from tests.api.doing import Doer, faults, refusal
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import comment_on, decide, support
from tests.people import make_account
from tests.shortlists.scenes import closed_ballot

SLUG = "ideas-2026"
REASON = "바라는 바가 같습니다."
ANSWER = {
    "decision": "hard",
    "reason": "올해 예산으로는 **어렵습니다**.",
    "department": "교통행정과",
    "post": "버스정책계장",
}


@pytest.fixture
def campaign(app):
    # only its id: a request of a program ends the session that made it
    return SimpleNamespace(id=make_campaign(settings={"answer_needs_second": True}).id)


@pytest.fixture
def doer(app):
    return lambda person=None, *scopes: Doer(app, person, *scopes)


def idea_in(campaign, author, state=State.PUBLISHED):
    return make_idea(author, campaign, state=state).id


def count(kind):
    return session().scalar(select(func.count()).select_from(kind))


# -- comments ----------------------------------------------------------------------------------------


def test_a_comment_is_written_answered_mended_and_deleted(cast, campaign, doer):
    idea_id = idea_in(campaign, cast.mina)
    jun, path = doer(cast.jun), f"/ideas/{idea_id}/comments"
    first = jun.ask("POST", path, json={"text": "저도 필요해요.", "stance": "for"}).json
    assert (first["stance"], first["author"], first["by_staff"]) == ("for", "Jun", False)
    reply = {"text": "고맙습니다.", "parent": first["id"]}
    told = doer(cast.sora).ask("POST", path, json=reply).json
    assert (told["parent"], told["by_staff"]) == (first["id"], True)
    mended = jun.ask("PATCH", f"/comments/{first['id']}", json={"text": "저도 꼭 필요해요."})
    assert mended.json["text"] == "저도 꼭 필요해요."
    decide("hide", cast.sora, idea_id, "abuse", REASON)  # what one wrote is one's own to delete
    gone = jun.ask("DELETE", f"/comments/{first['id']}").json
    assert (gone["deleted"], gone["text"]) == (True, None)
    assert refusal(jun.ask("DELETE", f"/comments/{first['id']}")) == (409, "gone")


def test_comments_are_refused_as_on_the_page(cast, campaign, doer):
    idea_id, hidden = idea_in(campaign, cast.mina), idea_in(campaign, cast.mina, State.HIDDEN)
    other = comment_on(cast.mina, idea_in(campaign, cast.jun))
    jun, path = doer(cast.jun), f"/ideas/{idea_id}/comments"
    before = count(Comment)
    assert faults(jun.ask("POST", path, json={"text": " "})) == [("text", "empty")]
    answer = jun.ask("POST", path, json={"text": "주민번호 990101-1234567"})
    assert faults(answer) == [("text", "resident_number")]
    for field in ("author", "written_at", "highlighted"):
        answer = jun.ask("POST", path, json={"text": "글", field: 1})
        assert faults(answer) == [(field, "unknown_field")]
    assert refusal(jun.ask("POST", path, json={"text": "글", "parent": other}))[0] == 404
    answer = jun.ask("POST", f"/ideas/{hidden}/comments", json={"text": "글"})
    assert refusal(answer) == (404, "no_idea")
    for method, body in (("PATCH", {"text": "남의 글"}), ("DELETE", None)):
        answer = jun.ask(method, f"/comments/{other}", json=body)
        assert refusal(answer) == (403, "not_yours")
    assert count(Comment) == before


def test_a_comment_is_flagged_once_a_person(cast, campaign, doer):
    comment_id = comment_on(cast.jun, idea_in(campaign, cast.mina))
    path, flag = f"/comments/{comment_id}/flags", {"code": "advertising"}
    told = doer(cast.mina).ask("POST", path, json=flag).json
    assert (told["idea"], told["comment"]) == (None, comment_id)
    assert refusal(doer(cast.mina).ask("POST", path, json=flag)) == (409, "already_flagged")
    assert refusal(doer(cast.jun).ask("POST", path, json=flag)) == (403, "own")


# -- families ----------------------------------------------------------------------------------------


def test_ideas_are_joined_and_taken_apart_without_moving_a_support(cast, campaign, doer):
    one, two = idea_in(campaign, cast.mina), idea_in(campaign, cast.mina)
    for idea_id in (one, two):
        support(cast.jun, idea_id)
    sora = doer(cast.sora)
    body = {
        "ideas": [two, one],
        "title": "통근버스를 함께 타는 노선으로",
        "text": "함께.",
        "reason": REASON,
    }
    answer = sora.ask("POST", "/families", json=body)
    family = answer.json
    assert [each["id"] for each in family["ideas"]] == [one, two]
    assert (family["supports"], family["campaign"]) == (1, SLUG)
    assert answer.headers["Location"].endswith(f"/api/v1/families/{family['id']}")
    again = sora.ask("POST", "/families", json=body)
    assert refusal(again) == (409, "in_a_family")
    path = f"/families/{family['id']}"
    assert faults(sora.ask("DELETE", path, json={"reason": " "})) == [("reason", "reason_missing")]
    apart = sora.ask("DELETE", path, json={"reason": REASON}).json
    assert apart["split_reason"] == REASON
    assert refusal(sora.ask("DELETE", path, json={"reason": REASON})) == (409, "family_split")
    assert [sora.get(f"/ideas/{each}").json["supports"] for each in (one, two)] == [1, 1]


def test_a_family_of_what_cannot_be_joined_is_refused(cast, campaign, doer):
    sora, one = doer(cast.sora), idea_in(campaign, cast.mina)
    body = {"title": "통근버스를 함께 타는 노선으로", "text": "함께.", "reason": REASON}
    for ideas, told in (
        ([one, one], [("ideas", "too_few")]),
        ([2**31 - 1, one, 2**31 - 2], [("ideas.0", "unknown_idea"), ("ideas.2", "unknown_idea")]),
        ([one, "2"], [("ideas.1", "not_a_number")]),
    ):
        assert faults(sora.ask("POST", "/families", json={**body, "ideas": ideas})) == told
    waiting = idea_in(campaign, cast.mina, State.SUBMITTED)
    answer = sora.ask("POST", "/families", json={**body, "ideas": [one, waiting]})
    assert refusal(answer) == (409, "not_published")
    own = idea_in(campaign, cast.sora)
    answer = sora.ask("POST", "/families", json={**body, "ideas": [one, own]})
    assert refusal(answer) == (403, "own")
    assert refusal(sora.ask("DELETE", "/families/2000000000", json={"reason": REASON})) == (
        404, "no_family",
    )  # fmt: skip
    assert count(Family) == 0


# -- shortlists --------------------------------------------------------------------------------------


def test_a_shortlist_is_asked_for_and_the_worker_counts_it(cast, doer):
    closed_ballot(cast)
    sora = doer(cast.sora)
    wish = {"seats": 2, "rule": "phragmen", "source": "ballot"}
    answer = sora.ask("POST", f"/campaigns/{SLUG}/shortlists", json=wish)
    assert answer.status_code == 202
    asked = answer.json
    assert (asked["state"], asked["entries"], asked["seats"]) == ("asked", [], 2)
    shortlists.count_round(asked["id"])  # what the worker does with the event
    where = answer.headers["Location"].partition("/api/v1")[2]
    told = sora.get(where).json
    assert (told["state"], told["rule"], len(told["entries"])) == ("computed", "phragmen", 2)
    assert refusal(doer().get(where)) == (404, "no_round")


def test_nothing_is_counted_before_the_close_nor_with_seats_that_cannot_be(cast, doer):
    make_campaign(phase=PhaseKind.BALLOT)
    sora, path = doer(cast.sora), f"/campaigns/{SLUG}/shortlists"
    assert refusal(sora.ask("POST", path, json={"source": "ballot"})) == (409, "still_open")
    closed_ballot(cast, slug="ideas-2025")
    answer = sora.ask("POST", "/campaigns/ideas-2025/shortlists", json={"seats": 900})
    assert faults(answer) == [("seats", "k_out_of_range")]
    for wish in ({"seats": 0}, {"rule": "lottery"}, {"source": "friends"}, {"winners": [1]}):
        assert len(faults(sora.ask("POST", path, json=wish))) == 1
    assert count(Round) == 0


# -- answers -----------------------------------------------------------------------------------------


@pytest.fixture
def owed(cast, campaign):
    """An idea that the city owes an answer, in a campaign where a second pair of eyes is asked for."""
    idea = make_idea(cast.mina, campaign, state=State.SHORTLISTED)
    key = idea.id
    answers.open_for(cast, idea)
    return key


@pytest.fixture
def hana(cast):
    """A second official beside Hyun."""
    return make_account("Hana", Role.OFFICIAL)


def test_an_answer_waits_for_a_second_pair_of_eyes_and_then_goes_out(cast, owed, hana, doer):
    hyun, path = doer(cast.hyun), f"/ideas/{owed}/answers"
    told = hyun.ask("POST", path, json=ANSWER).json
    assert (told["published"], told["answer"]["decision"]) == (False, None)
    assert doer().get(f"/ideas/{owed}").json["answer"]["reason"] is None
    answers.approve(hana, told["answer"]["id"])
    told = hyun.ask("POST", path, json=ANSWER).json
    assert (told["published"], told["answer"]["reason"]) == (True, ANSWER["reason"])
    assert doer().get(f"/ideas/{owed}").json["state"] == "answered"
    assert refusal(hyun.ask("POST", path, json=ANSWER)) == (409, "no_draft")


def test_a_colleagues_draft_is_not_written_over_unread(cast, owed, hana, doer):
    path = f"/ideas/{owed}/answers"
    version = doer(cast.hyun).ask("POST", path, json=ANSWER).json["version"]
    other = {**ANSWER, "reason": "다르게 봅니다."}
    assert refusal(doer(hana).ask("POST", path, json=other)) == (409, "draft_begun")
    stale = {**other, "version": version - 1}
    assert refusal(doer(hana).ask("POST", path, json=stale)) == (409, "draft_changed")
    assert session().scalar(select(AnswerWork.draft))["reason"] == ANSWER["reason"]
    read = {**other, "version": version}
    assert doer(hana).ask("POST", path, json=read).json["version"] == version + 1


def test_alone_only_an_administrator_publishes_and_says_why(cast, owed, hana, doer):
    alone = {**ANSWER, "alone": "오늘이 기한입니다."}
    path = f"/ideas/{owed}/answers"
    told = doer(cast.hyun).ask("POST", path, json=alone).json
    assert told["published"] is False
    alone["version"] = told["version"]
    assert doer(cast.dana).ask("POST", path, json=alone).json["published"] is True


def test_an_answer_says_what_it_lacks(cast, campaign, owed, doer):
    hyun, path = doer(cast.hyun), f"/ideas/{owed}/answers"
    past = (clock.today() - timedelta(days=1)).isoformat()
    for change, told in (
        ({"decision": "adopted"}, [("next_on", "date_missing")]),
        ({"next_on": past}, [("next_on", "date_past")]),
        ({"next_on": "soon"}, [("next_on", "not_a_date")]),
        ({"department": " ", "post": ""}, [("department", "department_missing"), ("post", "post_missing")]),
        ({"promises": [{"text": "차량을 늘립니다."}]}, [("promises.0.due_on", "required")]),
        ({"answered_at": past}, [("answered_at", "unknown_field")]),
    ):  # fmt: skip
        assert faults(hyun.ask("POST", path, json={**ANSWER, **change})) == told
    other = idea_in(campaign, cast.mina)
    answer = hyun.ask("POST", f"/ideas/{other}/answers", json=ANSWER)
    assert refusal(answer) == (404, "no_answer")
    assert (
        session().scalar(
            select(func.count(AnswerWork.answer_id)).where(AnswerWork.draft.is_not(None))
        )
        == 0
    )
    assert session().scalar(select(Idea.state).where(Idea.id == owed)) == State.SHORTLISTED
