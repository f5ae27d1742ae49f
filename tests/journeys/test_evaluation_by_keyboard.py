"""An evaluation without a mouse: five keys score the text, the form is filled and closed, colleagues read it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ideas_app.evaluations import queries
from ideas_app.evaluations.rules import Standing
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import Windows, started
from tests.browser_fixtures.words import Words
from tests.evaluations.scenes import REASON, ask
from tests.factories import make_campaign, make_idea
from tests.people import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "청년센터를 토요일 밤에도 열어 주세요"


def test_an_evaluation_is_scored_and_closed_by_keyboard(
    windows: Windows, house: House, ko: Words
) -> None:
    with house.inside():
        cast = Cast.assemble()
        idea = make_idea(cast.mina, make_campaign(), title=TITLE)
        (evaluation_id, _other) = ask(cast.sora, idea, cast.hyun, cast.dana)
    page = windows.open(cast.hyun)
    page.goto("/desk/evaluations")
    started(page).keyboard.press("j")
    leave(page, "Enter")
    score(page)
    with house.inside():
        assert list(queries.get_evaluation(evaluation_id).scores.values()) == [4, 2, 5, 3, 1]
    close(page, ko)
    with house.inside():
        row = queries.get_row(evaluation_id)
        assert row.standing is Standing.CLOSED
    colleague = windows.open(cast.sora)
    colleague.goto(f"/desk/evaluations/idea/{row.idea_id}")
    expect(colleague.locator("main")).to_contain_text(REASON)


def leave(page: Page, keys: str) -> None:
    """Presses keys that lead to another page, once the page listens to them."""
    started(page)
    with page.expect_navigation():
        page.keyboard.press(keys)


def score(page: Page) -> None:
    """Digits go on by themselves; an arrow goes back, and another digit mends."""
    expect(page.locator("main")).not_to_contain_text("Mina")
    started(page)
    for key in ("4", "4", "5", "3", "1"):
        page.keyboard.press(key)
    for _row in range(3):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("2")
    leave(page, "Control+Enter")


def close(page: Page, ko: Words) -> None:
    """Without its reason it does not close, and nothing that was typed is lost."""
    expect(page.locator("main")).to_contain_text("Mina")
    page.locator("input[name=feasibility][value=partly]").check()
    page.locator("select[name=cost]").select_option("under_10m")
    page.locator("select[name=duration]").select_option("at_once")
    page.locator("select[name=law]").select_option("nothing")
    page.locator("input[name=department]").fill("청년정책과")
    leave(page, "Control+Enter")
    expect(page.locator(".c-errors")).to_contain_text(
        ko("Give the reason, in a sentence at least: without it nothing is closed.")
    )
    page.locator("textarea[name=reason]").fill(REASON)
    leave(page, "Control+Enter")
    expect(page.locator("main")).to_contain_text(REASON)
