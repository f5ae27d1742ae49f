"""A moderator sets up the second factor and comes in by it: picture and typed key, each code once, a recovery code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from ideas_app.adapters import onetime, qr
from ideas_app.core import clock
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import PHONE, Windows, sideways
from tests.browser_fixtures.words import Words
from tests.people import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STEP = timedelta(seconds=30)


@pytest.fixture
def strict(house: House) -> Iterator[Cast]:
    """As in production: staff come in with a second factor only."""
    house.app.config["STAFF_SECOND_FACTOR"] = "required"
    with house.inside():
        yield Cast.assemble()
    house.app.config["STAFF_SECOND_FACTOR"] = "optional"


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def test_it_is_set_up_and_opens_the_desk_each_code_once(
    windows: Windows, house: House, ko: Words, strict: Cast
) -> None:
    page = windows.open(size=PHONE)
    log_in(page, ko)
    key = read_key(page, ko)
    give(page, ko, "000000", "Set up")
    expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    first = onetime.code_at(key, clock.now())
    give(page, ko, first, "Set up")
    expect(page.get_by_role("heading", level=1)).to_have_text(ko("Your recovery codes"))
    recovery = page.locator(".c-codes code").all_inner_texts()
    assert len(set(recovery)) == 10
    assert sideways(page) == 0
    page.get_by_role("link", name=ko("I have kept them")).click()
    at_the_desk(page)

    log_out_and_in(page, ko)
    give(page, ko, first, "Log in")
    expect(page.locator("#code")).to_have_attribute("aria-invalid", "true")
    give(page, ko, onetime.code_at(key, clock.now() + STEP), "Log in")
    at_the_desk(page)

    log_out_and_in(page, ko)
    give(page, ko, recovery[0].upper(), "Log in")
    at_the_desk(page)
    log_out_and_in(page, ko)
    give(page, ko, recovery[0], "Log in")
    expect(page.locator("#code")).to_have_attribute("aria-invalid", "true")
    page.goto("/moderation")
    expect(page).to_have_url(re.compile("/login"))


def log_in(page: Page, ko: Words) -> None:
    page.goto("/login?next=/moderation")
    page.locator("#email").fill("sora@example.org")
    page.locator("#password").fill(PASSWORD)
    press(page, ko("Log in"))


def log_out_and_in(page: Page, ko: Words) -> None:
    page.context.clear_cookies()
    log_in(page, ko)
    expect(page).to_have_url(re.compile("/login/code"))


def read_key(page: Page, ko: Words) -> str:
    """The key as it is typed; the picture says the same."""
    expect(page).to_have_url(re.compile("/me/second-factor"))
    assert sideways(page) == 0
    key = page.locator(".c-factor__key").inner_text().replace(" ", "")
    picture = page.locator(".c-factor__qr svg path").last.get_attribute("d")
    site = page.context.pages[0].locator(".c-brand__name").inner_text()
    address = onetime.address_of(key, account="sora@example.org", site=site)
    assert picture
    assert picture in qr.draw(address, title="x")
    assert picture not in qr.draw(address.replace(key, key[::-1]), title="x")
    return key


def give(page: Page, ko: Words, code: str, button: str) -> None:
    page.locator("#code").fill(code)
    press(page, ko(button))


def at_the_desk(page: Page) -> None:
    page.goto("/moderation")
    expect(page).to_have_url(re.compile("/moderation$"))
    expect(page.locator(".s-who")).to_contain_text("Sora")
