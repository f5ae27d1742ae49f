"""What every operation shares: faults, languages, pages, what may be kept, limits."""

from __future__ import annotations

import pytest

from ideas_app.accounts import service
from ideas_app.api.limits import READS
from ideas_app.campaigns.models import Campaign
from ideas_app.core.db import transaction
from ideas_app.web.limits import limiter
from tests.api.programs import Program, token_of
from tests.factories import make_campaign, make_idea, reload


@pytest.fixture
def campaign(app):
    return make_campaign()


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert set(answer.json) == {"type", "title", "status", "detail", "code", "errors"}
    assert answer.json["status"] == status
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json


@pytest.mark.parametrize("path", ["/nothing", "/ideas/2147483648", "/ideas/0x1", "/campaigns/none"])
def test_what_is_not_there_is_a_problem_too(stranger, path):
    problem(stranger.get(path), 404)


def test_a_wrong_method_names_the_right_ones(stranger):
    answer = stranger.ask("PATCH", "/campaigns")
    assert problem(answer, 405)["code"] == "method_not_allowed"
    assert "GET" in answer.headers["Allow"]


def test_an_answer_of_another_kind_is_not_to_be_had(stranger):
    answer = stranger.get("/campaigns", headers={"Accept": "text/html"})
    assert problem(answer, 406)["code"] == "not_acceptable"
    assert stranger.get("/campaigns", headers={"Accept": "*/*"}).status_code == 200


def test_the_pages_that_explain_the_api_are_no_part_of_it(visitor):
    assert visitor.get("/api/docs/nothing").content_type.startswith("text/html")


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("colour=red", "colour", "unknown_field"),
        ("sort=password", "sort", "not_one_of"),
        ("state=submitted", "state", "not_one_of"),
        ("limit=101", "limit", "out_of_range"),
        ("limit=0", "limit", "out_of_range"),
        ("limit=１", "limit", "not_a_number"),
        ("limit=1_0", "limit", "not_a_number"),
        ("sort=new&sort=active", "sort", "repeated"),
        ("q=%00", "q", "bad_characters"),
        ("cursor=abc", "cursor", "cursor"),
        ("lang=en", "lang", "unknown_field"),
    ],
)
def test_what_is_not_understood_is_refused_at_its_field(stranger, query, field, code):
    told = problem(stranger.get(f"/ideas?{query}"), 422)
    assert [(each["field"], each["code"]) for each in told["errors"]] == [(field, code)]
    assert told["errors"][0]["detail"]


def test_every_fault_is_told_at_once(stranger):
    told = problem(stranger.get("/ideas?limit=0&colour=red"), 422)
    assert {each["field"] for each in told["errors"]} == {"limit", "colour"}


def test_people_read_their_own_language(stranger):
    ko = stranger.get("/campaigns/none", headers={"Accept-Language": "ko-KR,ko;q=0.9"})
    en = stranger.get("/campaigns/none", headers={"Accept-Language": "en"})
    assert en.json["detail"] == "There is no such campaign."
    assert ko.json["detail"] != en.json["detail"]
    assert ko.json["code"] == en.json["code"] == "no_campaign"
    assert "Accept-Language" in en.headers["Vary"]


def test_a_public_read_is_sent_once_and_then_confirmed(stranger, campaign):
    first = stranger.get("/campaigns")
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = stranger.get("/campaigns", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    make_campaign("another")
    changed = stranger.get("/campaigns", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_nobody_else_keeps_what_a_token_opened(program_of, cast, campaign):
    answer = program_of(cast.mina).get("/campaigns")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer.headers["Vary"]


def test_pages_stand_still_while_others_write(stranger, cast, campaign):
    key = campaign.id
    ids = [make_idea(cast.mina, campaign).id for _number in range(5)]
    seen, cursor = [], ""
    for _page in range(3):
        page = stranger.get(f"/ideas?sort=new&limit=2{cursor}").json
        seen += [each["id"] for each in page["items"]]
        make_idea(cast.mina, reload(Campaign, key))
        cursor = f"&cursor={page['next']}"
    assert seen == ids[::-1]
    assert page["next"] is None


def test_a_cursor_fits_the_list_that_gave_it_out_and_no_other(stranger, cast, campaign):
    for _number in range(3):
        make_idea(cast.mina, campaign)
    cursor = stranger.get("/ideas?limit=1").json["next"]
    assert stranger.get(f"/ideas?limit=2&cursor={cursor}").status_code == 200
    for other in (f"/ideas?sort=active&cursor={cursor}", f"/ideas?cursor=x{cursor}"):
        assert problem(stranger.get(other), 422)["errors"][0]["code"] == "cursor"


def test_limits_are_told_and_a_refusal_says_when_to_come_again(stranger, monkeypatch, campaign):
    monkeypatch.setitem(READS, "visitor", "2/minute")
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    first = stranger.get("/campaigns")
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("2", "1")
    assert stranger.get("/ideas").headers["RateLimit-Remaining"] == "0"
    answer = stranger.get("/campaigns")
    assert problem(answer, 429)["code"] == "too_many_requests"
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    limiter.reset()


def test_a_fault_of_ours_is_a_problem_without_its_inside(app, stranger, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setattr("ideas_app.campaigns.queries.list_campaigns", lambda: 1 / 0)
    told = problem(stranger.get("/campaigns"), 500)
    assert told["code"] == "internal"
    assert "division" not in str(told)


def test_without_a_wish_a_program_reads_the_language_of_its_owner(app, cast):
    with transaction():
        service.choose_language(cast.jun, "en")
    jun, mina = (Program(app, token_of(person)) for person in (cast.jun, cast.mina))
    assert jun.get("/campaigns/none").json["detail"] == "There is no such campaign."
    assert mina.get("/campaigns/none").json["detail"] != "There is no such campaign."
