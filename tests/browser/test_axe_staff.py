"""Every page type of the desks, in Korean at both widths and in English."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.eye import Eye, Sight, look
from tests.browser_fixtures.windows import DESK, PHONE, started
from tests.programmes.scenes import csv_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def upload(page: Page) -> None:
    data = csv_of(12) + "13,김가나,1999-13-40,010,,,,,,\r\n".encode("cp949")
    file = {"name": "명단.csv", "mimeType": "text/csv", "buffer": data}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    with page.expect_navigation():
        page.locator("main form[enctype] button[type=submit]").click()


def open_help(page: Page) -> None:
    started(page).keyboard.press("?")
    page.get_by_role("dialog").wait_for()


def preview(page: Page) -> None:
    with page.expect_navigation():
        page.locator("button[value=preview]").click()


SIGHTS = (
    Sight("desk", "sora", "/moderation"),
    Sight("desk-keys", "sora", "/moderation", open_help),
    Sight("desk-comments", "sora", "/moderation?tab=comments"),
    Sight("desk-pause", "sora", "/moderation?pause=1"),
    Sight("desk-bulk", "sora", "/moderation/bulk?ids={waiting}&decision=reject&code=prank"),
    Sight("synonyms", "sora", "/moderation/synonyms"),
    Sight("desk-flags", "sora", "/moderation?tab=flags"),
    Sight("item", "sora", "/moderation/{waiting}"),
    Sight("item-taken", "dana", "/moderation/{waiting}"),
    Sight("beside", "sora", "/moderation/{waiting}/beside/{published}"),
    Sight("fix", "sora", "/moderation/{waiting}/fix"),
    Sight("paper", "sora", "/moderation/paper"),
    Sight("item-published", "sora", "/moderation/{published}"),
    Sight("return", "sora", "/moderation/{waiting}/return"),
    Sight("reject", "sora", "/moderation/{waiting}/reject"),
    Sight("hide", "sora", "/moderation/{published}/hide"),
    Sight("flag", "sora", "/moderation/flags/{flag}"),
    Sight("appeal", "dana", "/moderation/appeals/{appeal}"),
    Sight("families", "sora", "/moderation/families"),
    Sight("family", "sora", "/moderation/families/{family}"),
    Sight("alike", "sora", "/moderation/families/clusters"),
    Sight("family-of-two", "sora", "/moderation/families?campaign=ideas-2026&numbers=1,2"),
    Sight("ballots", "sora", "/ballot/entries"),
    Sight("entries", "sora", "/ballot/ideas-2026/entries"),
    Sight("papers", "sora", "/ballot/ballot-2026/papers"),
    Sight("paper", "sora", "/ballot/paper/{paper}"),
    Sight("readers", "sora", "/ballot/ideas-2026/readers"),
    Sight("supports", "sora", "/moderation/supports/ideas-2026?never_read=y", preview),
    Sight("rounds", "sora", "/shortlists"),
    Sight("round-not-public", "sora", "/shortlists/{draft_round}"),
    Sight("round-at-work", "sora", "/shortlists/{draft_round}/work"),
    Sight("round-being-counted", "sora", "/shortlists/{asked_round}"),
    Sight("opinion-to-be-computed", "hyun", "/opinion/ideas-2026"),
    Sight("programmes", "sora", "/programmes"),
    Sight("programme-edit", "sora", "/programmes/ai-pot-2/edit"),
    Sight("programme-counts", "sora", "/programmes/ai-pot-2/tallies"),
    Sight("rosters", "sora", "/rosters"),
    Sight("roster", "sora", "/rosters/ai-pot-2"),
    Sight("roster-preview", "sora", "/rosters/smart-farm", upload),
    Sight("meetings", "sora", "/rosters/ai-pot-2/meetings"),
    Sight("participants", "sora", "/rosters/ai-pot-2/persons"),
    Sight("exports", "hyun", "/exports"),
    Sight("report-desk", "hyun", "/reports/desk"),
    Sight("template", "sora", "/exports/template"),
    Sight("answers", "hyun", "/desk"),
    Sight("answer", "hyun", "/desk/{owed}"),
    Sight("answer-looked-over", "dana", "/desk/{owed}"),
    Sight("answer-hand", "hyun", "/desk/hand?ids={owed}"),
    Sight("answers-together", "hyun", "/desk/publish?ids={owed}"),
    Sight("answer-templates", "hyun", "/desk/templates"),
    Sight("second-factor", "hyun", "/me/second-factor"),
    Sight("answer-change", "hyun", "/desk/{answer}"),
    Sight("promises", "hyun", "/desk/promises"),
    Sight("promise", "hyun", "/desk/promises/{promise}"),
    Sight("evaluation-to-score", "hyun", "/desk/evaluations/{unscored}"),
    Sight("evaluation-to-write", "hyun", "/desk/evaluations/{scored}"),
    Sight("evaluations-of-an-idea", "sora", "/desk/evaluations/idea/{published}"),
    Sight("evaluation-to-ask", "sora", "/desk/evaluations/new?idea={published}"),
    Sight("people", "dana", "/admin/people"),
    Sight("data-requests", "dana", "/admin/requests"),
    Sight("data-request", "dana", "/admin/requests/{request}"),
    Sight("jobs", "dana", "/admin/jobs"),
    Sight("periods", "dana", "/admin/retention"),
    Sight("access-log", "dana", "/admin/access"),
    Sight("text-to-write", "dana", "/admin/texts/privacy"),
    Sight("webhook", "dana", "/admin/webhooks/{webhook}"),
)


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_of_the_desk_is_open_to_everybody(eye: Eye, sight: Sight) -> None:
    faults = eye.faults_of(sight, "ko")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_of_the_desk_speaks_english(eye: Eye, sight: Sight) -> None:
    assert eye.faults_in_words(sight, "en") == []


_BAR_OVER = """() => { const bar = document.querySelector(".s-top nav > ul");
  return bar.scrollWidth - bar.clientWidth; }"""


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_bar_of_an_administrator_fits_and_its_fold_leads_on(eye: Eye, lang: str) -> None:
    page = eye.page_of("dana", lang)
    page.goto("/moderation")
    assert page.evaluate(_BAR_OVER) == 0
    if lang == "ko":
        assert look(page, "folded", colours=True) == []
    fold, link = page.locator(".s-more summary"), page.locator('.s-more a[href="/admin/people"]')
    started(page)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        expect(link).to_be_hidden()
        fold.press("Enter")
        box = link.bounding_box()
        assert box
        assert 0 <= box["x"] <= box["x"] + box["width"] <= size["width"]
        if lang == "ko" and size is DESK:
            assert look(page, "unfolded", colours=True) == []
        link.press("Escape")
        expect(fold).to_be_focused()
    fold.click()
    link.click()
    expect(page.locator(".s-more summary.is-on")).to_be_visible()
