"""Writing an idea in three steps, with and without an account, and what its author does later."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from ideas_app.campaigns.models import Campaign, PhaseKind
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.ideas import queries, service
from ideas_app.ideas.forms import content_of
from ideas_app.ideas.models import Draft, Follow, Idea, State
from tests.factories import make_campaign, make_idea, make_programme, reload
from tests.people import Cast, make_account, sign_in

Browser = Callable[[Any], FlaskClient]

TYPED = {
    "title": "산단에서 시내로 가는 막차를 늦춰 주세요",
    "why": "밤 열 시에 일을 마치면 버스가 없어요.",
    "how": "",
    "field": "move",
    "programme": "",
    "neighbourhood": "오식도동",
    "is_idea": "y",
    "is_public": "y",
}


@pytest.fixture
def campaign(app: Any) -> Campaign:
    return make_campaign()


def count(kind: type[Any]) -> int:
    return session().scalar(select(func.count()).select_from(kind)) or 0


def test_a_visitor_writes_checks_and_is_led_to_the_log_in_with_the_text_kept(
    campaign: Campaign, visitor: FlaskClient
) -> None:
    written = visitor.post("/ideas/new", data=TYPED)
    assert written.headers["Location"] == "/ideas/check"
    assert TYPED["title"] in visitor.get("/ideas/check").text
    asked = visitor.post("/ideas/send", data={"back": "/ideas/check"})
    assert asked.headers["Location"] == "/login?next=/ideas/check"
    assert count(Idea) == 0
    assert count(Draft) == 1


def test_what_a_visitor_typed_is_sent_after_signing_in(
    campaign: Campaign, cast: Cast, visitor: FlaskClient
) -> None:
    visitor.post("/ideas/new", data=TYPED)
    sign_in(visitor, cast.mina)
    answer = visitor.post("/ideas/send")
    idea = session().scalars(select(Idea)).one()
    assert answer.headers["Location"] == f"/ideas/{idea.id}/sent"
    assert (idea.author_id, idea.state, idea.neighbourhood) == (
        cast.mina.id,
        State.SUBMITTED,
        "오식도동",
    )
    assert count(Draft) == 0
    assert "2026-001" in visitor.get(answer.headers["Location"]).text


def test_sending_twice_sends_once(campaign: Campaign, cast: Cast, browser_of: Browser) -> None:
    mina = browser_of(cast.mina)
    mina.post("/ideas/new", data=TYPED)
    mina.post("/ideas/send")
    assert mina.post("/ideas/send").headers["Location"] == "/ideas/new"
    assert count(Idea) == 1


def test_an_incomplete_idea_comes_back_with_all_that_is_missing_and_is_kept(
    campaign: Campaign, visitor: FlaskClient
) -> None:
    answer = visitor.post("/ideas/new?lang=en", data={"title": "막차", "is_idea": "y"})
    assert answer.status_code == 422
    for words in ("too short", "Why it is needed is missing", "Choose the field", "confirm this"):
        assert words in answer.text
    assert "막차" in visitor.get("/ideas/new").text
    assert visitor.get("/ideas/check").headers["Location"] == "/ideas/new?mend=1"


def test_a_resident_number_is_refused_and_not_even_kept_as_a_draft(
    campaign: Campaign, visitor: FlaskClient
) -> None:
    typed = {**TYPED, "why": "제 번호는 960301-1234567 이에요."}
    assert visitor.post("/ideas/new", data=typed).status_code == 422
    assert "message" in visitor.post("/ideas/draft", data=typed).get_json()
    assert count(Draft) == 0


def test_a_telephone_number_is_pointed_out_before_sending(
    campaign: Campaign, visitor: FlaskClient
) -> None:
    visitor.post("/ideas/new", data={**TYPED, "why": "010-1234-5678로 연락 주세요."})
    assert "telephone number" in visitor.get("/ideas/check?lang=en").text


def test_a_draft_is_kept_while_somebody_types(campaign: Campaign, visitor: FlaskClient) -> None:
    kept = visitor.post("/ideas/draft", data=TYPED, headers={"X-Requested-With": "fetch"})
    assert kept.get_json()["saved_at"]
    assert TYPED["title"] in visitor.get("/ideas/new").text
    visitor.post("/ideas/draft/drop")
    assert TYPED["title"] not in visitor.get("/ideas/new").text


def test_somebody_else_does_not_see_the_draft(
    app: Any, campaign: Campaign, cast: Cast, browser_of: Browser
) -> None:
    mina = browser_of(cast.mina)
    mina.post("/ideas/draft", data=TYPED)
    with mina.session_transaction() as cookie:
        token = cookie["draft"]
    stranger = browser_of(cast.jun)
    with stranger.session_transaction() as cookie:
        cookie["draft"] = token
    assert TYPED["title"] not in stranger.get("/ideas/new").text


def test_an_unconfirmed_address_can_write_and_not_send(
    campaign: Campaign, browser_of: Browser
) -> None:
    newcomer = browser_of(make_account("Nari", verified=False))
    newcomer.post("/ideas/new", data=TYPED)
    page = newcomer.get("/ideas/check?lang=en")
    assert "confirm your e-mail address" in page.text
    assert newcomer.post("/ideas/send").status_code == 403


def test_outside_the_gathering_the_form_says_when_it_opens(app: Any, visitor: FlaskClient) -> None:
    make_campaign(phase=PhaseKind.ANNOUNCED)
    page = visitor.get("/ideas/new?lang=en")
    assert "Ideas can be sent from" in page.text
    assert 'name="title"' not in page.text


def test_without_any_campaign_the_form_still_answers(app: Any, visitor: FlaskClient) -> None:
    assert visitor.get("/ideas/new").status_code == 200
    assert visitor.post("/ideas/new", data=TYPED).status_code == 422


def test_a_link_from_a_programme_chooses_it(campaign: Campaign, visitor: FlaskClient) -> None:
    programme = make_programme()
    page = visitor.get(f"/ideas/new?programme={programme.slug}").text
    tag = page[
        page.index(f'value="{programme.slug}"') - 200 : page.index(f'value="{programme.slug}"') + 60
    ]
    assert "checked" in tag


def test_similar_ideas_come_as_a_fragment_or_as_json(
    campaign: Campaign, cast: Cast, visitor: FlaskClient
) -> None:
    idea = make_idea(cast.mina, campaign, title="군산대 앞 막차를 늦춰 주세요")
    hidden = make_idea(
        cast.mina, campaign, title="군산대 앞 막차를 늦춰 주세요 둘", state=State.SUBMITTED
    )
    address = "/ideas/similar?title=군산대 앞 막차를 늦춰"
    idea_id, title, secret = idea.id, idea.title, hidden.title
    fragment = visitor.get(address, headers={"X-Requested-With": "fetch"}).text
    assert title in fragment
    assert "<html" not in fragment
    assert secret not in fragment
    found = visitor.get(address, headers={"Accept": "application/json"}).get_json()
    assert [one["id"] for one in found["items"]] == [idea_id]
    assert visitor.get("/ideas/similar").text.strip() == ""


def test_the_author_changes_an_idea_and_a_stranger_cannot(
    campaign: Campaign, cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    idea = make_idea(cast.mina, campaign)
    idea_id, title, address = idea.id, idea.title, f"/ideas/{idea.id}/edit"
    mina = browser_of(cast.mina)
    assert title in mina.get(address).text
    assert mina.post(address, data={**TYPED, "title": "짧다"}).status_code == 422
    assert mina.post(address, data=TYPED).status_code == 303
    assert reload(Idea, idea_id).title == TYPED["title"]
    for stranger in (browser_of(cast.jun), browser_of(cast.sora), browser_of(cast.hyun)):
        assert stranger.get(address).status_code == 403
        assert stranger.post(address, data=TYPED).status_code == 403
    assert visitor.post(address, data=TYPED).status_code == 303


def test_what_was_changed_meanwhile_is_not_written_over_unseen(
    campaign: Campaign, cast: Cast, browser_of: Browser
) -> None:
    idea_id = make_idea(cast.mina, campaign).id
    address, mina = f"/ideas/{idea_id}/edit", browser_of(cast.mina)

    def seen_in(page: str) -> str:
        return str(re.findall(r'name="seen"[^>]*value="(\w+)"', page)[0])

    seen = seen_in(mina.get(address).text)
    assert mina.post(address, data={**TYPED, "seen": seen}).status_code == 303
    late = mina.post(address, data={**TYPED, "why": "늦게 보낸 글이에요.", "seen": seen})
    assert late.status_code == 422
    assert "늦게 보낸 글이에요." in late.text
    assert reload(Idea, idea_id).why == TYPED["why"]
    again = {**TYPED, "why": "늦게 보낸 글이에요.", "seen": seen_in(late.text)}
    assert mina.post(address, data=again).status_code == 303
    assert reload(Idea, idea_id).why == "늦게 보낸 글이에요."


def test_changing_an_idea_keeps_its_programme_of_an_earlier_year(
    campaign: Campaign, cast: Cast, browser_of: Browser
) -> None:
    programme = make_programme("old", year=2019)
    idea = make_idea(cast.mina, campaign, programme=programme)
    page = browser_of(cast.mina).get(f"/ideas/{idea.id}/edit").text
    assert 'value="old"' in page


def test_the_history_shows_what_each_version_changed(
    campaign: Campaign, cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    idea_id = make_idea(cast.mina, campaign).id
    waiting = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
    gone = make_idea(cast.mina, campaign, state=State.WITHDRAWN).id
    with clock.at(clock.now() + timedelta(hours=2)), transaction():
        service.edit(cast.mina, queries.get_idea(idea_id), content_of(TYPED))
    page = visitor.get(f"/ideas/{idea_id}/history").text
    assert "<ins>" in page
    assert "<del>" in page
    assert visitor.get(f"/ideas/{waiting}/history").status_code == 404
    assert visitor.get(f"/ideas/{gone}/history").status_code == 403


def test_the_author_takes_an_idea_back_after_one_more_question(
    campaign: Campaign, cast: Cast, browser_of: Browser
) -> None:
    idea_id = make_idea(cast.mina, campaign).id
    address = f"/ideas/{idea_id}/withdraw"
    jun, mina = browser_of(cast.jun), browser_of(cast.mina)
    assert (jun.get(address).status_code, jun.post(address).status_code) == (403, 403)
    assert mina.get(address).status_code == 200
    assert reload(Idea, idea_id).state is State.PUBLISHED
    assert mina.post(address).status_code == 303
    assert reload(Idea, idea_id).state is State.WITHDRAWN


def test_following_and_no_longer(
    campaign: Campaign, cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    idea = make_idea(cast.mina, campaign)
    address = f"/ideas/{idea.id}/follow"
    jun = browser_of(cast.jun)
    jun.post(address)
    jun.post(address)
    assert session().scalars(select(Follow.account_id)).all() == [cast.jun.id]
    said = jun.post(address, data={"_method": "DELETE"}, headers={"X-Requested-With": "fetch"})
    assert said.get_json()["following"] is False
    assert count(Follow) == 0
    assert "/login" in visitor.post(address).headers["Location"]


def test_an_idea_that_is_not_public_cannot_be_found_by_following_it(
    campaign: Campaign, cast: Cast, browser_of: Browser
) -> None:
    waiting = make_idea(cast.mina, campaign, state=State.SUBMITTED)
    for what in ("follow", "withdraw"):
        assert browser_of(cast.jun).post(f"/ideas/{waiting.id}/{what}").status_code == 404


def test_only_the_author_sees_the_page_after_sending(
    campaign: Campaign, cast: Cast, browser_of: Browser
) -> None:
    idea = make_idea(cast.mina, campaign, state=State.SUBMITTED)
    assert browser_of(cast.mina).get(f"/ideas/{idea.id}/sent").status_code == 200
    for stranger in (cast.jun, cast.sora, cast.dana):
        assert browser_of(stranger).get(f"/ideas/{idea.id}/sent").status_code in {403, 404}
