"""The desk without a mouse: what waits is decided key by key, a colleague's item is seen to be taken."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from ideas_app.core.db import session
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import Idea, State
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import Windows, started
from tests.browser_fixtures.words import Words
from tests.factories import make_campaign, make_idea
from tests.people import Cast, make_account

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SUBJECTS = ("청년 셔틀", "빈 가게 전시", "면접 정장", "새벽 공부방", "섬 막배", "공유 주방")
WAITING = tuple(f"{subject}에 대해 바라는 점을 적어 보냅니다" for subject in SUBJECTS)


@pytest.fixture
def cast(house: House) -> Cast:
    with house.inside():
        cast = Cast.assemble()
        campaign = make_campaign("ideas-2026")
        for title in WAITING:
            make_idea(cast.mina, campaign, title=title, state=State.SUBMITTED)
        return cast


def press(page: Page, *keys: str) -> None:
    """Presses keys that each lead to another page."""
    for key in keys:
        started(page)
        with page.expect_navigation():
            page.keyboard.press(key)


def states(house: House) -> list[State]:
    with house.inside():
        return list(session().scalars(select(Idea.state).order_by(Idea.id)))


def test_the_queue_is_emptied_by_keyboard_and_items_are_not_decided_twice(
    windows: Windows, house: House, ko: Words, cast: Cast
) -> None:
    sora = windows.open(cast.sora)
    sora.goto("/moderation?field=job")
    a_colleague_waits(windows, house)
    publish_take_back_and_publish(sora, house)
    reject_by_number(sora, house)
    mend_a_typing_error(sora)
    several_for_one_reason(sora)
    assert states(house) == [
        State.PUBLISHED,
        State.REJECTED,
        State.PUBLISHED,
        State.REJECTED,
        State.REJECTED,
        State.SUBMITTED,
    ]


def a_colleague_waits(windows: Windows, house: House) -> None:
    """Noah sees that Sora has the first item, and finds the next one open for himself."""
    with house.inside():
        noah = make_account("Noah", Role.MODERATOR)
        first = session().scalars(select(Idea.id).order_by(Idea.id)).first()
    page = windows.open(noah)
    page.goto(f"/moderation/{first}")
    expect(page.locator(".s-lockbar")).to_contain_text("Sora")
    press(page, "a")
    expect(page.locator(".c-flash")).to_contain_text("Sora")
    assert states(house)[0] is State.SUBMITTED
    page.goto("/moderation")
    expect(page.locator("article h2")).to_have_text(WAITING[1])
    page.locator(".s-lockbar button[value=release]").click()
    page.context.close()


def publish_take_back_and_publish(page: Page, house: House) -> None:
    press(page, "a")
    assert "field=job" in page.url
    expect(page.locator("article h2")).to_have_text(WAITING[1])
    assert states(house)[0] is State.PUBLISHED
    press(page, "z")
    assert states(house)[0] is State.SUBMITTED
    expect(page.locator("article h2")).to_have_text(WAITING[0])
    press(page, "a")


def reject_by_number(page: Page, house: House) -> None:
    press(page, "r", "9")
    expect(page.locator("textarea")).not_to_be_empty()
    press(page, "Control+Enter")
    assert states(house)[1] is State.REJECTED


def mend_a_typing_error(page: Page) -> None:
    press(page, "e")
    page.locator("#title").focus()
    page.keyboard.press("End")
    page.keyboard.type("!")
    press(page, "Control+Enter")
    expect(page.locator("article h2")).to_have_text(WAITING[2] + "!")
    page.keyboard.press("n")
    page.keyboard.type("느낌표를 붙였습니다.")
    press(page, "Control+Enter")
    expect(page.locator(".s-notes").first).to_contain_text("느낌표")
    press(page, "a")


def several_for_one_reason(page: Page) -> None:
    """The first two of the three that are left are ticked; the last one stays."""
    started(page).keyboard.press("Escape")
    page.keyboard.press("Space")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.locator("[data-count]")).to_contain_text("2")
    page.locator(".s-bulk button[value=reject]").focus()
    press(page, "Enter", "9", "Control+Enter")
    expect(page.locator("article h2")).to_have_text(WAITING[5])
