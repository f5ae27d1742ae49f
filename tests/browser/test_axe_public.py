"""Every page type for the public, in Korean at both widths and in English: open to everybody's eyes and hands."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.eye import Eye, Sight, look
from tests.browser_fixtures.windows import started

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def write_and_check(page: Page) -> None:
    page.locator("#title").fill("버스 막차를 밤 열한 시 반까지 늦춰 주세요")
    page.locator("#why").fill("야간 근무를 마치면 막차가 이미 떠나서 택시를 타야 해요.")
    page.locator("input[name=field]").first.check()
    page.locator("#is_idea").check()
    page.locator("#is_public").check()
    leave(page, "form[data-behaviour=autosave] button[type=submit]")


def send_empty(page: Page) -> None:
    leave(page, "main form[method=post] button[type=submit].primary")


def tick_and_check(page: Page) -> None:
    for number in (0, 1):
        page.locator(".c-tick__in").nth(number).check()
    leave(page, ".c-sticky button[type=submit]")


def slide_and_unfold(page: Page) -> None:
    started(page).locator("#seats input[type=range]").press("ArrowRight")
    unfold(page)


def keep_two(page: Page) -> None:
    """Of some forty operations that are made alike two are looked at: axe takes its time over each."""
    page.locator(".c-api__op").evaluate_all("all => all.slice(2).forEach(one => one.remove())")


def unfold(page: Page) -> None:
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true; })")


def leave(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).first.click()


SIGHTS = (
    Sight("home", "visitor", "/"),
    Sight("list", "visitor", "/ideas"),
    Sight("list-signed-in", "jun", "/ideas?sort=supported"),
    Sight("list-empty", "visitor", "/ideas?q=없는말"),
    Sight("read", "jun", "/read/ideas-2026"),
    Sight("read-visitor", "visitor", "/read/ideas-2026"),
    Sight("read-closed", "visitor", "/read/ballot-2026"),
    Sight("list-debated", "visitor", "/ideas?sort=debated"),
    Sight("list-found", "visitor", "/ideas?q=버스"),
    Sight("search-elsewhere", "visitor", "/search?q=버스"),
    Sight("idea", "jun", "/ideas/{published}"),
    Sight("idea-own", "mina", "/ideas/{published}"),
    Sight("idea-answered", "visitor", "/ideas/{answered}", unfold),
    Sight("idea-in-family", "visitor", "/ideas/{first}"),
    Sight("idea-withdrawn", "visitor", "/ideas/{withdrawn}"),
    Sight("idea-edit", "mina", "/ideas/{returned}/edit"),
    Sight("idea-flag", "jun", "/ideas/{published}/flag"),
    Sight("family", "visitor", "/families/{family}"),
    Sight("submit", "visitor", "/ideas/new"),
    Sight("submit-faults", "visitor", "/ideas/new", send_empty),
    Sight("check", "jun", "/ideas/new", write_and_check),
    Sight("sent", "mina", "/ideas/{waiting}/sent"),
    Sight("register", "visitor", "/register"),
    Sight("register-faults", "visitor", "/register", send_empty),
    Sight("login", "visitor", "/login"),
    Sight("login-elsewhere-away", "visitor", "/login/with/kakao", status=503),
    Sight("confirm", "mina", "/me/confirm"),
    Sight("ballots", "visitor", "/ballot"),
    Sight("ballot", "jun", "/ballot/ballot-2026"),
    Sight("ballot-check", "jun", "/ballot/ballot-2026", tick_and_check),
    Sight("ballot-fields", "jun", "/ballot/ballot-2026?view=fields"),
    Sight("ballot-compare", "jun", "/ballot/ballot-2026/compare"),
    Sight("ballot-closed", "visitor", "/ballot/done-2026"),
    Sight("ballot-visitor", "visitor", "/ballot/ballot-2026"),
    Sight("receipt", "mina", "/ballot/ballot-2026/receipt"),
    Sight("shortlists", "visitor", "/shortlists"),
    Sight("shortlist", "visitor", "/shortlists/{round}"),
    Sight("shortlist-seats", "visitor", "/shortlists/{round}?seats=2", slide_and_unfold),
    Sight("opinion", "visitor", "/opinion/opinion-2026"),
    Sight("answers", "visitor", "/answers"),
    Sight("promises", "visitor", "/answers?by=promises", unfold),
    Sight("departments", "visitor", "/answers/departments"),
    Sight("reports", "visitor", "/reports"),
    Sight("report", "visitor", "/reports/2026"),
    Sight("statistics", "visitor", "/statistics"),
    Sight("data", "visitor", "/data"),
    Sight("data-campaign", "visitor", "/data/done-2026", unfold),
    Sight("data-year", "visitor", "/data/2026"),
    Sight("programmes", "visitor", "/programmes"),
    Sight("programme", "visitor", "/programmes/ai-pot-2"),
    Sight("campaign", "visitor", "/campaigns/ideas-2026"),
    Sight("me", "mina", "/me"),
    Sight("record", "mina", "/me/record", unfold),
    Sight("notices", "mina", "/me/notices"),
    Sight("channels", "mina", "/me/notices/settings"),
    Sight("settings", "mina", "/me/settings"),
    Sight("my-data", "mina", "/me/privacy", unfold),
    Sight("my-data-words", "mina", "/me/privacy/consents/participation_link/2"),
    Sight("download", "mina", "/me/export"),
    Sight("leave", "mina", "/me/delete"),
    Sight("data-request", "visitor", "/data-requests"),
    Sight("data-request-sent", "visitor", "/data-requests/sent"),
    Sight("tokens", "mina", "/me/settings/tokens"),
    Sight("api", "visitor", "/api/docs", keep_two),
    Sight("audit", "visitor", "/audit"),
    Sight("privacy", "visitor", "/privacy"),
    Sight("error", "visitor", "/no-such-page", status=404),
)

ENGLISH = [
    sight
    for sight in SIGHTS
    if sight.name
    in {
        "home",
        "list",
        "idea-answered",
        "submit",
        "register",
        "ballot",
        "shortlist",
        "answers",
        "report",
    }
]
"""One page of each make is looked at in English as well; the words of all others are read without looking."""


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_public_page_is_open_to_everybody(eye: Eye, sight: Sight) -> None:
    faults = eye.faults_of(sight, "ko")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("sight", ENGLISH, ids=lambda sight: sight.name)
def test_a_public_page_is_open_to_everybody_in_english(eye: Eye, sight: Sight) -> None:
    faults = eye.faults_of(sight, "en")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_public_page_speaks_english(eye: Eye, sight: Sight) -> None:
    assert eye.faults_in_words(sight, "en") == []


def test_the_eye_sees_a_fault_that_was_put_there(eye: Eye) -> None:
    page = eye.page_of("visitor", "ko")
    page.goto("/login")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert any("label" in fault for fault in look(page, "here", colours=True))


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_the_eye_sees_what_the_policy_stopped(eye: Eye, scripts: bool) -> None:
    page = eye.page_of("visitor", "ko") if scripts else eye.page_without_scripts()
    page.route("**/login", colour_a_word)
    page.goto("/login")
    page.unroute("**/login")
    assert eye.next_report() == f"{page.url}: style-src-attr stopped inline"
    assert any("violates the following Content Security Policy" in one for one in eye.complaints())


def colour_a_word(route: Route) -> None:
    """What must never leave the house: a page with a style of its own in it."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("<h1", "<h1 style='color: red'", 1))


class Elsewhere(BaseHTTPRequestHandler):
    """The site of somebody else: its one page shows in a frame whatever address stands behind the question mark."""

    def do_GET(self) -> None:
        body = f"<!doctype html><iframe src='{self.path.partition('?')[2]}' width=320 height=300></iframe>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a server of its own: not the origin of ours."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_others_may_show_the_card_of_an_idea_and_no_other_page(eye: Eye, elsewhere: str) -> None:
    page = eye.page_of("visitor", "ko")
    page.goto(eye.address("/embed/ideas/{published}/en"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert look(page, scheme, colours=True) == []
    card = page.url
    page.goto(f"{elsewhere}?{card}")
    expect(page.frame_locator("iframe").get_by_role("link")).to_be_visible()
    page.goto(f"{elsewhere}?{card.replace('/embed', '').removesuffix('/en')}")
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_count(0)
    page.emulate_media(color_scheme="light")
    # the browser says itself that the other page may stand in no frame
    assert any("frame-ancestors" in one for one in eye.complaints())
