"""Jun reads through the stack: by keys where scripts run, by plain buttons where none do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ideas_app.cli.doctor import examine
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import PHONE, Windows, started
from tests.browser_fixtures.words import Words
from tests.journeys.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLES = (
    "자격증 응시료를 합격과 상관없이 지원해 주세요",
    "혼자 사는 청년이 함께 고치는 집수리 모임을 열어요",
    "읍면에서 시내 학원까지 저녁에 함께 타는 차를 만들어요",
    "청년센터에 밤 열 시까지 여는 공부방을 만들어 주세요",
)


def test_the_stack_is_read_by_keys_and_by_buttons(
    windows: Windows, house: House, ko: Words
) -> None:
    year = Scene.begin(windows, house, ko, slug="ideas-read", titles=TITLES)
    page = windows.open(year.cast.jun)
    page.goto("/read/ideas-read")
    seen = []
    for key in ("2", "ArrowLeft"):
        seen.append(title_of(page))
        with page.expect_navigation():
            started(page).keyboard.press(key)
    page = windows.open(year.cast.jun, size=PHONE, scripts=False)
    page.goto("/read/ideas-read")
    for words in (ko("I support this"), ko("Pass", context="reading")):
        seen.append(title_of(page))
        page.get_by_role("button", name=words).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ko("You have read them all"))
    assert sorted(seen) == sorted(TITLES)
    page.goto("/me")
    expect(page.get_by_role("heading", name=ko("What I said while reading"))).to_be_visible()
    with house.inside():
        assert examine() == []


def title_of(page: Page) -> str:
    return page.locator("#card-t").inner_text()
