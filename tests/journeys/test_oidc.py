"""Jun logs in with an account elsewhere: turns back, comes anew, comes again; Mina links hers to the one she has."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Page, Route, expect

from config import OidcProvider
from ideas_app.adapters import oidc
from ideas_app.cli.doctor import examine
from tests.browser.eye import look
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import PHONE, Windows, sideways
from tests.browser_fixtures.words import Words
from tests.people import PASSWORD, make_account

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # the provider is somebody else's program, with its own care about its library
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def there(house: House) -> Iterator[str]:
    """A real provider on this machine, known to the house as Kakao; who lives there has a proved address."""
    oidc.forget()
    with run_server_in_thread(require_nonce=True) as server:
        address = f"http://localhost:{server.server_port}"
        for name in ("jun", "mina"):
            said = {"email": f"{name}@there.org", "email_verified": True}
            httpx.put(f"{address}/users/{name}", json=said).raise_for_status()
        house.app.config["OIDC"] = (OidcProvider("kakao", address, "ideas", "secret"),)
        yield address
    house.app.config["OIDC"] = ()


def test_jun_turns_back_then_joins_on_one_page_and_is_in_at_once_the_next_time(
    windows: Windows, house: House, ko: Words, there: str
) -> None:
    # turning back changes nothing
    page = windows.open(size=PHONE)
    go_there(page, ko)
    page.get_by_role("button", name="Deny").click()
    expect(
        page.get_by_text(ko("You came back without logging in there. Nothing was changed."))
    ).to_be_visible()

    # the first time: one page, then in
    go_there(page, ko)
    be(page, "jun")
    page.wait_for_url(f"{house.address}/register/with")
    assert sideways(page) == 0
    assert not look(page, "joining", colours=False)
    page.locator("#nickname").fill("전주의 준")
    page.locator("#born_on").fill("2001-02-03")
    page.locator("input[name=tie]").first.check()
    page.locator("#consent_terms").check()
    page.locator("#consent_privacy").check()
    page.get_by_role("button", name=ko("Agree and join")).click()
    expect(page.get_by_text(ko("Welcome! You are in."))).to_be_visible()

    # again, in a browser without scripts: in at once
    again = windows.open(scripts=False)
    go_there(again, ko)
    be(again, "jun")
    again.goto("/me/settings")
    expect(again.locator("#nickname")).to_have_value("전주의 준")


def test_an_address_alone_opens_no_account_mina_logs_in_once_and_links(
    windows: Windows, house: House, ko: Words, there: str
) -> None:
    with house.inside():
        make_account("Mina", email="mina@there.org")
    mina = windows.open(size=PHONE)
    go_there(mina, ko)
    be(mina, "mina")
    expect(mina.get_by_role("heading", level=1)).to_have_text(
        ko("You have an account here already")
    )
    assert not look(mina, "link instead", colours=False)
    mina.get_by_role("link", name=ko("Log in and link")).click()
    mina.locator("#email").fill("mina@there.org")
    mina.locator("#password").fill(PASSWORD)
    mina.get_by_role("main").get_by_role("button", name=ko("Log in"), exact=True).click()
    mina.get_by_role("button", name=ko("Link", context="account"), exact=True).click()
    expect(mina.get_by_text(ko("Linked. From now on you can log in this way too."))).to_be_visible()
    assert sideways(mina) == 0
    assert not look(mina, "settings", colours=False)
    mina.get_by_role("main").get_by_role("button", name=ko("Log out"), exact=True).click()
    expect(mina.get_by_text(ko("You are logged out."))).to_be_visible()
    go_there(mina, ko)
    be(mina, "mina")
    mina.goto("/me/settings")
    expect(mina.locator("#nickname")).to_have_value("Mina")
    with house.inside():
        assert examine() == []


def test_an_answer_for_another_nonce_or_a_second_time_opens_nothing(
    windows: Windows, house: House, ko: Words, there: str
) -> None:
    nothing = ko("Logging in with %(provider)s did not work", provider="카카오")
    # somebody else's answer: the provider signs another nonce than this browser asked with
    page = windows.open(size=PHONE)
    go_there(page, ko)
    page.goto(re.sub(r"nonce=[^&]+", "nonce=of-somebody-else", page.url))
    be(page, "jun")
    expect(page.get_by_role("heading", level=1)).to_have_text(nothing)

    # the same answer twice: by whoever kept the address, in this browser and in another
    answers: list[str] = []
    page.on("request", lambda one: answers.append(one.url) if "code=" in one.url else None)
    go_there(page, ko)
    be(page, "jun")
    page.wait_for_url(f"{house.address}/register/with")
    (answer,) = (url for url in answers if url.startswith(house.address))
    for browser in (page, windows.open()):
        browser.goto(answer)
        expect(browser.get_by_role("heading", level=1)).to_have_text(nothing)
        browser.goto("/me")
        expect(browser).to_have_url(re.compile("/login"))
    with house.inside():
        assert examine() == []


def go_there(page: Page, ko: Words) -> None:
    # the other page looks for a style sheet and an icon where no network is
    page.route(re.compile("^https:|/favicon"), give_nothing)
    page.goto("/login")
    page.get_by_role("link", name="카카오로 계속하기").click()
    page.wait_for_url("http://localhost:*/oauth2/authorize*")


def give_nothing(route: Route) -> None:
    anybody = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/css"}
    route.fulfill(body="", headers=anybody)


def be(page: Page, name: str) -> None:
    """Logs in over there."""
    page.locator("input[name=sub]").fill(name)
    page.get_by_role("button", name="Authorize", exact=True).click()
    page.wait_for_url("http://127.0.0.1:*/**")
