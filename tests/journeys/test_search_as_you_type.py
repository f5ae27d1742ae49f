"""Searching in a real browser: the list follows the typing, half-typed Hangul is left alone."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import PHONE, Windows, started
from tests.browser_fixtures.words import Words
from tests.journeys.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLES = (
    "버스 막차를 밤 열한 시 반까지 늦춰 주세요",
    "혼자 사는 청년이 함께 고치는 집수리 모임을 열어요",
    "읍면에서 시내 학원까지 저녁에 함께 타는 차를 만들어요",
)


def test_the_list_follows_the_typing(windows: Windows, house: House, ko: Words) -> None:
    Scene.begin(windows, house, ko, slug="ideas-2026", titles=TITLES)
    page = windows.open(size=PHONE)
    page.goto("/ideas")
    expect(started(page).locator("#found .c-card__title")).to_have_count(3)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(unquote(request.url)))
    compose(page, "ㅁ", "마", "막")
    assert not [url for url in asked if "q=" in url]
    page.locator("#q").dispatch_event("compositionend", {"data": "막차"})
    expect(page.locator("#found .c-card__title mark")).to_have_text(["막차"])
    assert "q=막차" in unquote(page.url)
    page.locator("#q").fill("wlqtnfl")
    expect(page.locator("#found .c-card__title mark")).to_have_text(["집수리"])
    expect(page.locator("#q")).to_be_focused()
    page.locator("#q").fill("우주정거장")
    expect(page.locator(".c-ways")).to_be_visible()


def compose(page: Page, *steps: str) -> None:
    """Types as a Korean keyboard does: each step is a half-made syllable; at last the word stands there."""
    for step in (*steps, "막차"):
        page.locator("#q").evaluate(
            """(input, text) => {
                input.value = text;
                input.dispatchEvent(new InputEvent("input", {isComposing: true, bubbles: true}));
            }""",
            step,
        )
    # longer than the pause of the behaviour: a request would have left by now
    page.evaluate("new Promise((done) => setTimeout(done, 400))")
