"""An official answers five ideas in a row without a mouse and without leaving the screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from ideas_app.answers import service
from ideas_app.answers.models import Answer, AnswerWork, Decision
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import Idea, State
from tests.answers.scenes import answering
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import Windows, sideways, started
from tests.factories import make_idea
from tests.people import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SUBJECTS = ("막차", "공부방", "면접 정장", "자전거 길", "빈 가게")


@pytest.fixture
def cast(house: House) -> Cast:
    """Five ideas are owed an answer by the same day, and there is a template."""
    with house.inside():
        cast = Cast.assemble()
        campaign = answering()
        for subject in SUBJECTS:
            title = f"{subject}에 대해 바라는 점을 적어 보냅니다"
            idea = make_idea(cast.mina, campaign, title=title, state=State.SHORTLISTED)
            with transaction() as current:
                service.open_answer(cast.sora, current.get_one(Idea, idea.id), clock.today())
        with transaction():
            service.save_template(
                cast.hyun, "법령", decision=Decision.HARD, reason="법령 때문에 할 수 없습니다."
            )
        return cast


def press(page: Page, key: str) -> None:
    """Presses a key that leads to another page."""
    started(page)
    with page.expect_navigation():
        page.keyboard.press(key)


def write(page: Page, field: str, words: str) -> None:
    page.locator(f"#{field}").focus()
    page.keyboard.type(words)


def published(house: House) -> list[Decision | None]:
    with house.inside():
        query = select(Answer.decision).where(Answer.answered_at.is_not(None)).order_by(Answer.id)
        return list(session().scalars(query))


def test_five_answers_in_a_row(windows: Windows, house: House, cast: Cast) -> None:
    page = windows.open(cast.hyun)
    page.goto("/desk?whose=mine")
    take_all_five(page)
    page.keyboard.press("j")
    press(page, "Enter")
    write_one_with_a_promise(page, house)
    look_at_the_next_and_come_back(page)
    for number in range(1, len(SUBJECTS)):
        expect(page.locator(".s-src h2")).to_contain_text(SUBJECTS[number])
        write_one_from_the_template(page)
        press(page, "Control+Enter")
        assert len(published(house)) == number + 1
    assert page.url.endswith("/desk?whose=mine")
    assert published(house) == [Decision.ADOPTED, *[Decision.HARD] * 4]


def take_all_five(page: Page) -> None:
    page.goto("/desk")
    started(page)
    for _row in SUBJECTS:
        page.keyboard.press("j")
        page.keyboard.press("Space")
    expect(page.locator("[data-count]")).to_contain_text("5")
    press(page, "i")
    page.goto("/desk?whose=mine")
    started(page)


def write_one_with_a_promise(page: Page, house: House) -> None:
    """The list of what is missing empties while one writes; the draft is kept on the way."""
    started(page)
    expect(page.locator("#needs .s-n")).to_have_count(3)
    page.locator("#decision-0").focus()
    page.keyboard.press("Space")
    write(page, "headline", "막차를 늦추겠습니다.")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.type("예산을 확보했습니다.")
    expect(page.locator("#preview [data-see=reason]")).to_have_text("예산을 확보했습니다.")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).not_to_be_empty()
    expect(page.locator("#reason")).to_be_focused()
    with house.inside():
        kept = session().scalars(select(AnswerWork).where(AnswerWork.draft.is_not(None))).one()
        assert kept.draft is not None
        assert kept.draft["reason"] == "예산을 확보했습니다."
    write(page, "department", "교통행정과")
    write(page, "post", "버스정책계장")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    page.keyboard.type("시범 운행을 시작합니다.")
    day = clock.today() + timedelta(days=60)
    page.locator("#promises-1-due_on").fill(day.isoformat())
    expect(page.locator("#needs .s-n")).to_have_count(0)
    assert sideways(page) == 0
    press(page, "Control+Enter")
    assert published(house) == [Decision.ADOPTED]


def look_at_the_next_and_come_back(page: Page) -> None:
    press(page, "]")
    expect(page.locator(".s-src h2")).to_contain_text(SUBJECTS[2])
    press(page, "[")


def write_one_from_the_template(page: Page) -> None:
    page.locator("#template").select_option(label="법령")
    page.locator("button[value=insert]").focus()
    press(page, "Enter")
    started(page)
    expect(page.locator("#reason")).to_have_value("법령 때문에 할 수 없습니다.")
    write(page, "department", "교통행정과")
    write(page, "post", "버스정책계장")
