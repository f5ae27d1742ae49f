"""What a page can do to ideas and ballots, a program can do by the same rules."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from ideas_app.campaigns.models import PhaseKind
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import Follow, Idea, State
from ideas_app.moderation import service as desk
from ideas_app.moderation.models import Flag
from ideas_app.moderation.rules import Item
from ideas_app.votes import queries as votes
from ideas_app.votes.models import Ballot, Support
from tests.api.doing import Doer, faults, refusal
from tests.factories import make_campaign, make_idea
from tests.votes.scenes import cast as vote
from tests.votes.scenes import close_phase, prepare_ballot

SLUG = "ideas-2026"
DRAFT = {
    "campaign": SLUG,
    "title": "산단에서 시내로 가는 막차를 늦춰 주세요",
    "why": "밤 열 시에 일을 마치면 버스가 없어요.",
    "field": "move",
}
WORDS = "글 안에 휴대전화 번호가 있어 싣지 않았습니다."


@pytest.fixture
def campaign(app):
    return kept(make_campaign())


@pytest.fixture
def doer(app):
    return lambda person=None, *scopes: Doer(app, person, *scopes)


def kept(campaign):
    # only its id: a request of a program ends the session that made it
    return SimpleNamespace(id=campaign.id)


def count(kind):
    return session().scalar(select(func.count()).select_from(kind))


def idea_in(campaign, author, state=State.PUBLISHED):
    return make_idea(author, campaign, state=state).id


# -- sending and changing ----------------------------------------------------------------------------


def test_a_sent_idea_waits_at_the_desk_and_its_author_alone_reads_it(cast, campaign, doer):
    mina = doer(cast.mina)
    answer = mina.ask("POST", "/ideas", json={**DRAFT, "neighbourhood": "오식도동"})
    made = answer.json
    assert answer.headers["Location"].endswith(f"/api/v1/ideas/{made['id']}")
    assert (made["state"], made["author"], made["field"]["key"]) == ("submitted", "Mina", "move")
    assert made["neighbourhood"] == "오식도동"
    assert mina.get(f"/ideas/{made['id']}").json["title"] == DRAFT["title"]
    for other in (None, cast.jun):
        assert refusal(doer(other).get(f"/ideas/{made['id']}")) == (404, "no_idea")


def test_what_nobody_may_set_is_refused_by_name(cast, campaign, doer):
    mina, idea_id = doer(cast.mina), idea_in(campaign, cast.mina)
    other = idea_in(campaign, cast.jun)
    for field in ("author", "author_id", "state", "votes", "supports", "id"):
        for method, path, body in (
            ("POST", "/ideas", {**DRAFT, field: 1}),
            ("PATCH", f"/ideas/{idea_id}", {field: 1}),
            ("PUT", f"/ideas/{other}/support", {field: 999}),
        ):
            assert faults(mina.ask(method, path, json=body)) == [(field, "unknown_field")]
    assert (count(Idea), count(Support)) == (2, 0)


def test_every_fault_of_an_idea_is_told_at_its_field(cast, campaign, doer):
    wrong = {**DRAFT, "title": "막", "why": " ", "field": "moon", "programme": "none"}
    assert faults(doer(cast.mina).ask("POST", "/ideas", json=wrong)) == [
        ("title", "title_short"), ("why", "why_empty"), ("field", "unknown_field"),
        ("programme", "unknown_programme"),
    ]  # fmt: skip
    assert count(Idea) == 0


def test_what_is_closed_is_a_conflict_and_says_when(cast, doer):
    make_campaign(phase=PhaseKind.BALLOT)
    answer = doer(cast.mina).ask("POST", "/ideas", json=DRAFT)
    assert refusal(answer) == (409, "closed")
    assert answer.json["detail"]


def test_a_change_touches_what_it_names_and_nothing_else(cast, campaign, doer):
    idea_id = idea_in(campaign, cast.mina)
    before = doer(cast.mina).get(f"/ideas/{idea_id}").json
    changed = doer(cast.mina).ask("PATCH", f"/ideas/{idea_id}", json={"how": "주말만이라도요."})
    differs = {name for name, value in changed.json.items() if value != before[name]}
    assert differs == {"how", "revision"}


def test_a_change_of_what_was_changed_meanwhile_overwrites_nothing(cast, campaign, doer):
    mina, idea_id = doer(cast.mina), idea_in(campaign, cast.mina)
    seen = mina.get(f"/ideas/{idea_id}").json["revision"]
    first = mina.ask("PATCH", f"/ideas/{idea_id}", json={"why": "처음 고친 글", "revision": seen})
    late = mina.ask("PATCH", f"/ideas/{idea_id}", json={"why": "늦은 글", "revision": seen})
    assert refusal(late) == (409, "changed_meanwhile")
    now = mina.get(f"/ideas/{idea_id}").json
    assert (now["why"], now["revision"]) == ("처음 고친 글", first.json["revision"])


def test_only_the_author_changes_and_takes_back(cast, campaign, doer):
    public, waiting = idea_in(campaign, cast.mina), idea_in(campaign, cast.mina, State.SUBMITTED)
    for method, body in (("PATCH", {"title": "남의 제안을 고칩니다"}), ("DELETE", None)):
        for person in (cast.jun, cast.sora):
            answer = doer(person).ask(method, f"/ideas/{public}", json=body)
            assert refusal(answer) == (403, "not_author")
        assert refusal(doer(cast.jun).ask(method, f"/ideas/{waiting}", json=body)) == (
            404, "no_idea",
        )  # fmt: skip
    taken = doer(cast.mina).ask("DELETE", f"/ideas/{public}")
    assert taken.json["state"] == "withdrawn"
    assert refusal(doer(cast.mina).ask("DELETE", f"/ideas/{public}")) == (409, "withdrawn")
    assert doer().get(f"/ideas/{public}").json["why"] is None


# -- supporting, following, flagging -----------------------------------------------------------------


def test_a_support_counts_once_and_can_be_taken_back(cast, campaign, doer):
    jun, path = doer(cast.jun), f"/ideas/{idea_in(campaign, cast.mina)}/support"
    for method, told in (
        ("PUT", {"supports": 1, "supported": True}),
        ("PUT", {"supports": 1, "supported": True}),
        ("DELETE", {"supports": 0, "supported": False}),
        ("DELETE", {"supports": 0, "supported": False}),
    ):
        assert jun.ask(method, path).json == told


def test_supports_are_told_only_where_the_page_tells_them(cast, doer):
    campaign = kept(make_campaign(settings={"source": "supports"}))
    jun, path = doer(cast.jun), f"/ideas/{idea_in(campaign, cast.mina)}/support"
    assert jun.ask("PUT", path).json == {"supports": 1, "supported": True}
    assert jun.ask("DELETE", path).json == {"supports": None, "supported": False}


def test_nothing_is_supported_that_a_page_would_not_support(cast, campaign, doer):
    jun = doer(cast.jun)
    for state, told in (
        (State.SUBMITTED, (404, "not_found")),
        (State.HIDDEN, (404, "not_found")),
        (State.WITHDRAWN, (409, "not_open_for_support")),
        (State.REJECTED, (409, "not_open_for_support")),
    ):
        path = f"/ideas/{idea_in(campaign, cast.mina, state)}/support"
        assert refusal(jun.ask("PUT", path)) == told
    assert refusal(jun.ask("PUT", "/ideas/2000000000/support")) == (404, "not_found")
    idea_id = idea_in(campaign, cast.mina)
    assert refusal(doer(cast.mina).ask("PUT", f"/ideas/{idea_id}/support")) == (403, "own_idea")
    close_phase(campaign.id, PhaseKind.GATHERING)
    for method in ("PUT", "DELETE"):
        assert refusal(jun.ask(method, f"/ideas/{idea_id}/support")) == (409, "closed")
    assert count(Support) == 0


def test_following_and_flagging(cast, campaign, doer):
    jun, idea_id = doer(cast.jun), idea_in(campaign, cast.mina)
    for method, follows in (("PUT", True), ("PUT", True), ("DELETE", False), ("DELETE", False)):
        assert jun.ask(method, f"/ideas/{idea_id}/follow").json == {"following": follows}
        assert count(Follow) == follows
    flag = {"code": "abuse", "note": "두 번째 문장"}
    told = jun.ask("POST", f"/ideas/{idea_id}/flags", json=flag).json
    assert (told["idea"], told["comment"], told["code"]) == (idea_id, None, "abuse")
    again = jun.ask("POST", f"/ideas/{idea_id}/flags", json=flag)
    assert refusal(again) == (409, "already_flagged")
    own = doer(cast.mina).ask("POST", f"/ideas/{idea_id}/flags", json=flag)
    assert refusal(own) == (403, "own")
    assert count(Flag) == 1


# -- deciding ----------------------------------------------------------------------------------------


def test_moderators_decide_and_the_author_reads_why(cast, campaign, doer):
    sora, idea_id = doer(cast.sora), idea_in(campaign, cast.mina, State.SUBMITTED)
    path = f"/ideas/{idea_id}/decisions"
    for body, state in (
        ({"decision": "return", "reason": WORDS}, "returned"),
        ({"decision": "publish"}, "published"),
        ({"decision": "hide", "code": "personal_data", "reason": WORDS}, "hidden"),
        ({"decision": "restore", "reason": "다시 보았습니다."}, "published"),
    ):
        assert sora.ask("POST", path, json=body).json["state"] == state
    assert refusal(sora.ask("POST", path, json={"decision": "publish"})) == (
        409, "already_decided",
    )  # fmt: skip
    other = idea_in(campaign, cast.mina, State.SUBMITTED)
    body = {"decision": "reject", "code": "duplicate", "reason": WORDS, "duplicate_of": idea_id}
    told = sora.ask("POST", f"/ideas/{other}/decisions", json=body).json
    assert (told["state"], told["code"]) == ("rejected", "duplicate")
    assert doer(cast.mina).get(f"/ideas/{other}").json["reason"] == WORDS
    assert doer(cast.jun).get(f"/ideas/{other}").json["reason"] is None


def test_a_decision_says_what_it_lacks_and_changes_nothing(cast, campaign, doer):
    idea_id = idea_in(campaign, cast.mina, State.SUBMITTED)
    sora, told = doer(cast.sora), {"reason": WORDS}
    for body, fault in (
        ({"decision": "publish", **told}, ("reason", "not_for_decision")),
        ({"decision": "return", "code": "unclear"}, ("code", "not_for_decision")),
        ({"decision": "return"}, ("reason", "reason_missing")),
        ({"decision": "reject", **told}, ("code", "unknown_code")),
        ({"decision": "reject", "code": "unclear"}, ("reason", "reason_missing")),
        ({"decision": "hide", "code": "unclear", **told}, ("code", "code_not_hiding")),
        (
            {"decision": "reject", "code": "duplicate", "duplicate_of": 2**31 - 1, **told},
            ("duplicate_of", "no_original"),
        ),
        ({"decision": "burn"}, ("decision", "not_one_of")),
    ):
        assert faults(sora.ask("POST", f"/ideas/{idea_id}/decisions", json=body)) == [fault]
    assert sora.get(f"/ideas/{idea_id}").json["state"] == "submitted"


def test_nobody_decides_about_an_own_idea_nor_what_a_colleague_has_open(cast, campaign, doer):
    own = idea_in(campaign, cast.sora, State.SUBMITTED)
    publish = {"decision": "publish"}
    answer = doer(cast.sora).ask("POST", f"/ideas/{own}/decisions", json=publish)
    assert refusal(answer) == (403, "own")
    other = idea_in(campaign, cast.mina, State.SUBMITTED)
    with transaction():
        desk.open_item(cast.dana, Item.IDEA, other)
    answer = doer(cast.sora).ask("POST", f"/ideas/{other}/decisions", json=publish)
    assert refusal(answer) == (409, "locked")


# -- voting ------------------------------------------------------------------------------------------


@pytest.fixture
def lines(cast):
    """The ideas of an open ballot: four of Mina's, one of Jun's."""
    campaign = make_campaign(phase=PhaseKind.PREPARING, settings={"ballot_min": 2, "ballot_max": 3})
    entries = prepare_ballot(cast.sora, campaign, [cast.mina] * 4 + [cast.jun])
    return entries, list(session().scalars(select(Idea.id).order_by(Idea.id)))


def test_a_voter_reads_and_casts_the_own_ballot(cast, lines, doer):
    _entries, ideas = lines
    jun, path = doer(cast.jun), f"/campaigns/{SLUG}/ballot"
    told = jun.get(path).json
    assert (told["may"]["allowed"], told["least"], told["most"]) == (True, 2, 3)
    assert {line["idea"]: line["may_tick"] for line in told["lines"]} == {
        idea_id: idea_id != ideas[-1] for idea_id in ideas
    }
    assert (told["ideas"], told["cast_at"]) == ([], None)
    assert [line["idea"] for line in jun.get(path).json["lines"]] == [
        line["idea"] for line in told["lines"]
    ]
    for ticks in ([ideas[1], ideas[0]], [ideas[2], ideas[3], ideas[2]]):
        told = jun.ask("PUT", path, json={"ideas": ticks}).json
        assert told["ideas"] == sorted(set(ticks))
        assert told["cast_at"]
    assert count(Ballot) == 1
    assert doer(cast.mina).get(path).json["ideas"] == []


def test_a_wrong_ballot_casts_nothing(cast, lines, doer):
    _entries, ideas = lines
    jun, path = doer(cast.jun), f"/campaigns/{SLUG}/ballot"
    for ticks, code in (
        (ideas[:1], "too_few"),
        (ideas[:4], "too_many"),
        ([*ideas[:2], ideas[-1]], "not_on_ballot"),
        ([*ideas[:2], 2**31 - 1], "not_on_ballot"),
    ):
        assert faults(jun.ask("PUT", path, json={"ideas": ticks})) == [("ideas", code)]
    assert refusal(doer(cast.sora).ask("PUT", path, json={"ideas": ideas[:2]})) == (403, "staff")
    close_phase(votes.get_idea(ideas[0]).campaign_id, PhaseKind.BALLOT)
    assert refusal(jun.ask("PUT", path, json={"ideas": ideas[:2]})) == (409, "closed")
    assert session().scalar(select(func.count(Ballot.id)).where(Ballot.cast_at.is_not(None))) == 0


def test_a_line_that_was_taken_off_stays_without_a_tick_and_leads_nowhere(cast, lines, doer):
    _entries, ideas = lines
    doer(cast.mina).ask("DELETE", f"/ideas/{ideas[0]}")
    told = doer(cast.jun).get(f"/campaigns/{SLUG}/ballot").json["lines"]
    shown = {line["idea"]: (line["may_tick"], line["url"] is None) for line in told}
    assert shown[ideas[0]] == (False, True)
    assert shown[ideas[1]] == (True, False)
    answer = doer(cast.jun).ask("PUT", f"/campaigns/{SLUG}/ballot", json={"ideas": ideas[:2]})
    assert faults(answer) == [("ideas", "not_on_ballot")]


def test_a_ballot_tells_nobody_elses_votes(cast, lines, doer):
    entries, ideas = lines
    path = f"/campaigns/{SLUG}/ballot"
    doer(cast.jun).get(path)
    before = doer(cast.jun).get(path).json
    vote(cast.mina, SLUG, entries[4:])
    assert doer(cast.jun).get(path).json == before
    close_phase(votes.get_idea(ideas[0]).campaign_id, PhaseKind.BALLOT)
    after = doer(cast.jun).get(path).json
    assert after["may"]["code"] == "closed"
    assert {**after, "may": None, "closes_at": None} == {**before, "may": None, "closes_at": None}


def test_before_it_opens_a_ballot_shows_no_lines(cast, doer):
    campaign = make_campaign(phase=PhaseKind.PREPARING)
    prepare = idea_in(campaign, cast.mina)
    told = doer(cast.jun).get(f"/campaigns/{SLUG}/ballot").json
    assert (told["lines"], told["may"]["allowed"], prepare in told["ideas"]) == ([], False, False)
    assert count(Ballot) == 0
