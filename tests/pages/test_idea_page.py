"""The page of an idea: who may see it, what one can do there, what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from ideas_app.answers import queries
from ideas_app.answers import service as answers
from ideas_app.answers.models import Answer, Decision, Promise
from ideas_app.answers.rules import AnswerContent
from ideas_app.campaigns.models import Campaign, PhaseKind
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import Idea, RejectCode, State
from ideas_app.moderation import service as moderation
from tests.comments.scenes import write
from tests.factories import make_campaign, make_idea, reload
from tests.people import Cast
from tests.votes.scenes import support

Browser = Callable[[Any], FlaskClient]
TO_COME = date(2090, 6, 1)
WAITING = (State.SUBMITTED, State.RETURNED, State.HIDDEN)


@pytest.fixture
def campaign(app: Any) -> Campaign:
    return make_campaign()


def page(browser: FlaskClient, idea_id: int, *, lang: str = "en") -> Any:
    return browser.get(f"/ideas/{idea_id}?lang={lang}", follow_redirects=True)


def answer(cast: Cast, idea_id: int) -> None:
    content = AnswerContent(
        decision=Decision.HARD, reason="예산이 없습니다.", department="교통행정과", post="버스팀"
    )
    with transaction():
        opened = answers.open_answer(cast.dana, ideas.get_idea(idea_id), clock.today())
        answers.write_answer(cast.hyun, opened, content)


def add_promise(idea_id: int) -> int:
    with transaction() as current:
        of_idea = current.scalars(select(Answer.id).where(Answer.idea_id == idea_id)).one()
        promise = Promise(answer_id=of_idea, text="엽니다.", due_on=TO_COME, made_at=clock.now())
        current.add(promise)
        current.flush()
        return promise.id


def report_step(cast: Cast, promise_id: int, number: int) -> None:
    with transaction():
        promise = queries.get_promise(promise_id)
        answers.report_step(cast.hyun, promise, f"{number}째 준비를 마쳤습니다.", 10 * number)


@pytest.mark.parametrize("state", list(State))
def test_everybody_sees_what_is_public_and_nobody_else_what_is_not(
    state: State, campaign: Campaign, cast: Cast, visitor: FlaskClient, browser_of: Browser
) -> None:
    idea_id = make_idea(cast.mina, campaign, state=state).id
    stranger = 404 if state in WAITING else 200
    assert page(visitor, idea_id).status_code == stranger
    assert page(browser_of(cast.jun), idea_id).status_code == stranger
    assert page(browser_of(cast.hyun), idea_id).status_code == stranger
    for insider in (cast.mina, cast.sora, cast.dana):
        assert page(browser_of(insider), idea_id).status_code == 200


def test_a_stale_address_leads_to_the_present_one_and_keeps_its_query(
    campaign: Campaign, cast: Cast, visitor: FlaskClient
) -> None:
    idea_id = make_idea(cast.mina, campaign, title="막차를 늦춰 주세요 부탁해요").id
    moved = visitor.get(f"/ideas/{idea_id}-old?lang=en")
    assert moved.status_code == 302
    assert moved.headers["Location"].endswith("?lang=en")
    assert visitor.get(moved.headers["Location"]).status_code == 200


def test_a_visitor_is_invited_to_sign_in_where_support_is_open(
    campaign: Campaign, cast: Cast, visitor: FlaskClient
) -> None:
    idea_id = make_idea(cast.mina, campaign).id
    text = page(visitor, idea_id).text
    assert 'action="/login"' in text
    assert 'data-supports="0"' in text


def test_after_the_gathering_the_page_says_why_support_is_closed(
    app: Any, cast: Cast, browser_of: Browser
) -> None:
    idea_id = make_idea(cast.mina, make_campaign(phase=PhaseKind.BALLOT)).id
    text = page(browser_of(cast.jun), idea_id).text
    assert "Supporting closed on" in text
    assert re.search(r"c-support__btn--big[^>]*disabled", text)


def test_the_button_says_whether_it_is_pressed(
    campaign: Campaign, cast: Cast, browser_of: Browser
) -> None:
    idea_id = make_idea(cast.mina, campaign).id
    support(cast.jun, idea_id)
    text = page(browser_of(cast.jun), idea_id).text
    assert 'aria-pressed="true"' in text
    assert 'data-supports="1"' in text


def test_a_signed_in_reader_counts_once_and_the_author_never(
    campaign: Campaign, cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    idea_id = make_idea(cast.mina, campaign).id
    for browser in (browser_of(cast.jun), browser_of(cast.mina), visitor):
        page(browser, idea_id)
        page(browser, idea_id)
    assert reload(Idea, idea_id).readers_count == 1


def test_a_withdrawn_idea_keeps_its_title_and_hides_its_text(
    campaign: Campaign, cast: Cast, visitor: FlaskClient, browser_of: Browser
) -> None:
    idea = make_idea(cast.mina, campaign, state=State.WITHDRAWN, why="아주 남다른 까닭이에요.")
    idea_id, title = idea.id, idea.title
    text = page(visitor, idea_id).text
    assert title in text
    assert "남다른" not in text
    assert "took this idea back" in text
    assert "남다른" in page(browser_of(cast.mina), idea_id).text


def test_a_rejected_idea_shows_its_code_to_all_and_its_reason_to_the_author(
    campaign: Campaign, cast: Cast, visitor: FlaskClient, browser_of: Browser
) -> None:
    idea_id = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
    with transaction():
        idea = ideas.get_idea(idea_id)
        moderation.reject(cast.sora, idea, RejectCode.COMPLAINT, "민원 창구로 가 주세요.")
    public = page(visitor, idea_id).text
    assert "Not published" in public
    assert "민원 창구로" not in public
    own = page(browser_of(cast.mina), idea_id).text
    assert "민원 창구로" in own
    assert f"/ideas/{idea_id}/appeal" in own


@pytest.mark.parametrize(
    "code", [RejectCode.ABUSE, RejectCode.PERSONAL_DATA, RejectCode.ADVERTISING]
)
def test_what_was_rejected_for_harm_is_not_there_for_others(
    code: RejectCode, campaign: Campaign, cast: Cast, visitor: FlaskClient, browser_of: Browser
) -> None:
    idea_id = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
    with transaction():
        moderation.reject(cast.sora, ideas.get_idea(idea_id), code, "까닭이에요.")
    assert page(visitor, idea_id).status_code == 404
    assert page(browser_of(cast.mina), idea_id).status_code == 200


def test_a_returned_idea_tells_its_author_what_to_mend(
    campaign: Campaign, cast: Cast, browser_of: Browser
) -> None:
    idea_id = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
    with transaction():
        moderation.return_to_author(
            cast.sora, ideas.get_idea(idea_id), "누구에게 필요한지 적어 주세요."
        )
    text = page(browser_of(cast.mina), idea_id).text
    assert "누구에게 필요한지" in text
    assert f"/ideas/{idea_id}/edit" in text


def test_the_answer_and_the_words_of_people_stand_on_the_page(
    campaign: Campaign, cast: Cast, visitor: FlaskClient
) -> None:
    idea_id = make_idea(cast.mina, campaign).id
    write(cast.jun, idea_id, "저도 매일 택시를 타요.")
    answer(cast, idea_id)
    text = page(visitor, idea_id).text
    assert "저도 매일 택시를 타요." in text
    assert "예산이 없습니다." in text


def test_joined_ideas_name_each_other(campaign: Campaign, cast: Cast, visitor: FlaskClient) -> None:
    one, other = (make_idea(cast.mina, campaign).id, make_idea(cast.jun, campaign).id)
    with transaction():
        both = [ideas.get_idea(one), ideas.get_idea(other)]
        moderation.form_family(
            cast.sora, both, "함께 쓴 제목이에요 열 자", "함께 쓴 글", "같은 바람이에요."
        )
    text = page(visitor, one).text
    assert f"/ideas/{other}-" in text
    assert "/families/" in text
