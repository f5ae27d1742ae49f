"""Mina logs in over a slow line: the page's scripts arrive while she is typing, and take nothing from her."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import PHONE, Windows, started
from tests.browser_fixtures.words import Words
from tests.people import PASSWORD, make_account

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_what_is_typed_while_the_scripts_arrive_is_all_there(
    windows: Windows, house: House, ko: Words
) -> None:
    with house.inside():
        make_account("Mina", email="mina@example.org")
    page = windows.open(size=PHONE)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/behaviours/password.js*", hold)
    with page.expect_request("**/behaviours/password.js*"):
        page.goto("/login")
    page.locator("#email").fill("mina@example.org")
    page.locator("#password").focus()
    page.keyboard.type(PASSWORD[:4])
    (late,) = held
    late.continue_()
    started(page)
    reveal = page.get_by_role("button", name=ko("Show"), exact=True)
    expect(reveal).to_be_visible()
    page.keyboard.type(PASSWORD[4:])
    expect(page.locator("#password")).to_have_value(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{house.address}/")
    page.goto("/me/settings")
    expect(page.locator("#nickname")).to_have_value("Mina")
