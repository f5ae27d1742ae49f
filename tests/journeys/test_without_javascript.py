"""Everything a youth does works in a browser that runs no script: plain forms and pages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core.db import transaction
from ideas_app.ideas.queries import get_idea
from ideas_app.votes.service import set_entries
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import PHONE, Windows, sideways
from tests.browser_fixtures.words import Words
from tests.journeys.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "청년센터에 밤 열 시까지 여는 공부방을 만들어 주세요"
WORDS = "여섯 시에 닫으면 일하는 사람은 갈 수가 없어요."
OTHERS = (
    "자격증 응시료를 합격과 상관없이 지원해 주세요",
    "혼자 사는 청년이 함께 고치는 집수리 모임을 열어요",
    "읍면에서 시내 학원까지 저녁에 함께 타는 차를 만들어요",
)


def test_everything_a_youth_does_works_without_a_script(
    windows: Windows, house: House, ko: Words
) -> None:
    year = Scene.begin(windows, house, ko, slug="ideas-2026", titles=OTHERS)
    jun = windows.open(year.cast.jun, size=PHONE, scripts=False)
    send_an_idea(year, jun)
    support_and_take_back(year, jun)
    comment(year, jun)
    year.move_to(PhaseKind.PREPARING)
    numbers = [year.idea_id(title) for title in OTHERS]
    with house.inside(), transaction():
        ideas = [get_idea(number) for number in numbers]
        set_entries(year.cast.sora, get_campaign(year.slug), ideas)
    year.move_to(PhaseKind.BALLOT)
    vote(year, jun)


def send_an_idea(year: Scene, page: Page) -> None:
    page.goto("/ideas/new")
    year.press(page, "Go and check it")
    # nothing was written: the page names what is missing, and leads there
    expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    year.field(page, "Title").fill(TITLE)
    year.field(page, "Why is it needed, and for whom?").fill(WORDS)
    page.get_by_role("radio", name="주거").check()
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    year.press(page, "Go and check it")
    year.press(page, "Send the idea", context="button")
    expect(page.get_by_role("heading", level=1)).to_have_text(year.ko("Your idea is sent"))


def support_and_take_back(year: Scene, page: Page) -> None:
    page.goto(f"/ideas/{year.idea_id(OTHERS[0])}")
    for supports, pressed in (("1", "true"), ("0", "false"), ("1", "true")):
        page.get_by_role("main").locator("button[aria-pressed]").first.click()
        expect(page.locator("[data-supports]").first).to_have_attribute("data-supports", supports)
        button = page.get_by_role("button", name=re.compile(OTHERS[0]))
        expect(button).to_have_attribute("aria-pressed", pressed)


def comment(year: Scene, page: Page) -> None:
    page.get_by_role("radio", name=year.ko("I have concerns", context="stance")).check()
    year.field(page, "Comment").fill(WORDS)
    year.press(page, "Post", context="button")
    expect(page.get_by_role("listitem").filter(has_text=WORDS).first).to_be_visible()


def vote(year: Scene, page: Page) -> None:
    page.goto(f"/ballot/{year.slug}")
    page.get_by_role("checkbox", name=re.compile(OTHERS[0])).check()
    # nothing is lost on the way through another view, and another entry is ticked while comparing
    page.get_by_role(
        "button", name=re.compile(rf"^{year.ko('Picked', context='ballot view')} \d")
    ).click()
    page.get_by_role("button", name=re.compile(f"^{OTHERS[0]}: ")).click()
    page.get_by_label(year.ko("Second entry")).select_option(label=OTHERS[1])
    year.press(page, "Compare the two chosen above", context="button")
    page.get_by_role("checkbox", name=re.compile(OTHERS[1])).check()
    assert sideways(page) == 0
    year.press(page, "Back to the list")
    waits = "Your ticks are kept for you. They do not count yet: they count once you vote."
    expect(page.get_by_text(year.ko(waits))).to_be_visible()
    year.press(page, "Vote", context="button")
    year.press(page, "Back to the list")
    expect(page.get_by_role("checkbox", name=re.compile(OTHERS[0]))).to_be_checked()
    year.press(page, "Vote", context="button")
    year.press(page, "Cast my ballot", context="button")
    expect(page).to_have_url(f"{year.house.address}/ballot/{year.slug}/receipt")
    expect(page.get_by_role("listitem").filter(has_text=OTHERS[1])).to_be_visible()
