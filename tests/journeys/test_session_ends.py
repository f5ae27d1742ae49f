"""Nothing that an official writes is lost when the session ends: warned before, and kept by page and server."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from ideas_app.accounts.models import LoginSession
from ideas_app.answers.models import AnswerWork
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from tests.answers.scenes import answering, owed
from tests.browser.eye import look
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import PHONE, Windows, sideways, started
from tests.browser_fixtures.words import Words
from tests.people import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MINUTE = 60_000
WORDS = "예산을 확보하여 오는 오월부터 막차를 늦추겠습니다."


@pytest.fixture(scope="module")
def cast(house: House) -> Cast:
    """The people of the house."""
    with house.inside():
        return Cast.assemble()


def page_of_an_answer(house: House, cast: Cast, slug: str) -> str:
    """An answer is owed; the page on which it is written."""
    with house.inside():
        return f"/desk/{owed(cast, answering(slug))}"


def pass_time(house: House, minutes: int) -> None:
    """The server's clock: everybody was seen so many minutes earlier."""
    with house.inside(), transaction() as current:
        earlier = clock.now() - timedelta(minutes=minutes)
        current.execute(update(LoginSession).values(seen_at=earlier))


def log_in(page: Page, ko: Words) -> None:
    page.locator("#email").fill("hyun@example.org")
    page.locator("#password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=ko("Log in"), exact=True).click()


def test_whoever_writes_is_warned_stays_and_goes_on_after_a_new_log_in(
    windows: Windows, house: House, ko: Words, cast: Cast
) -> None:
    address = page_of_an_answer(house, cast, "one")
    page = windows.open(cast.hyun)
    page.clock.install()
    page.goto(address)
    started(page)
    dialog = page.get_by_role("alertdialog")
    pass_time(house, 28)
    page.clock.fast_forward(28 * MINUTE + 2000)
    expect(dialog).to_contain_text(ko("You will be logged out soon"))
    stay = dialog.get_by_role("button", name=ko("Stay logged in"))
    expect(stay).to_be_focused()
    assert look(page, "warned", colours=True) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    box = dialog.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    with house.inside():
        assert clock.now() - session().query(LoginSession).one().seen_at < timedelta(minutes=1)
    page.locator("#reason").fill(WORDS)
    pass_time(house, 31)
    page.clock.fast_forward(5000)
    # the draft cannot be saved any more: the page says so instead of going away
    expect(dialog).to_contain_text(ko("Log in in another window"))
    assert page.locator("#reason").input_value() == WORDS
    with page.expect_popup() as opened:
        dialog.get_by_role("link").click()
    log_in(opened.value, ko)
    opened.value.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(dialog).to_be_hidden()
    page.locator("#reason").press("Control+s")
    expect(page.locator("#saved")).to_contain_text(re.compile(ko("Saved %(time)s", time=".+")))
    with house.inside():
        drafts = [work.draft for work in session().query(AnswerWork) if work.draft]
    assert [draft["reason"] for draft in drafts] == [WORDS]
    # a browser tells of every answer that is none: of each try to save while nobody was logged in
    assert all("401" in one for one in windows.complaints())


def test_without_a_script_what_was_sent_too_late_is_sent_after_the_log_in(
    windows: Windows, house: House, ko: Words, cast: Cast
) -> None:
    address = page_of_an_answer(house, cast, "two")
    page = windows.open(cast.hyun, scripts=False, size=PHONE)
    page.goto(address)
    page.locator("#decision-3").check()
    page.locator("#headline").fill("막차를 늦추기 어렵습니다.")
    page.locator("#reason").fill(WORDS)
    pass_time(house, 31)
    page.locator("button[form=answer-form][value=publish]").click()
    expect(page.get_by_role("main")).to_contain_text(
        ko("What you wrote is kept: you can send it right after this.")
    )
    log_in(page, ko)
    expect(page.get_by_role("heading", level=1)).to_have_text(ko("What you wrote is kept"))
    expect(page.get_by_role("main")).to_contain_text(WORDS)
    assert sideways(page) == 0
    page.get_by_role("button", name=ko("Send it now")).click()
    # the department is missing: the form says so and holds what was written
    expect(page.locator("#reason")).to_have_value(WORDS)
    expect(page.get_by_role("main").get_by_role("alert").first).to_be_visible()
