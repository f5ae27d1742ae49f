"""Two alike ideas with overlapping supporters become a family by keyboard, and are split again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ideas_app.ideas.queries import get_idea
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import PHONE, Windows, sideways, started
from tests.browser_fixtures.words import Words
from tests.journeys.scene import Scene
from tests.people import make_account
from tests.votes.scenes import support

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLES = (
    "수송동에서 국가산단까지 가는 청년 통근버스",
    "야간조도 탈 수 있는 산단 통근버스가 있어야 해요",
    "청년센터 공부방을 밤 열 시까지 열어 주세요",
)
TOGETHER = "주간도 야간도 함께 타는 산단 통근버스"
REASON = "두 제안 모두 산단 출퇴근 시간에 통근버스를 바랍니다."


def test_alike_ideas_are_joined_and_split_and_no_support_is_lost(
    windows: Windows, house: House, ko: Words
) -> None:
    year = Scene.begin(windows, house, ko, slug="ideas-2026", titles=TITLES)
    first, second = (year.idea_id(title) for title in TITLES[:2])
    with house.inside():
        voters = [make_account(f"voter-{number}") for number in range(4)]
        for voter in voters[:3]:
            support(voter, first)
        for voter in voters[1:]:
            support(voter, second)
    desk = windows.open(year.cast.sora)
    make_a_family(year, desk)
    leave_and_come_back(year, windows.open(voters[0], size=PHONE), first)
    split(year, desk)
    with house.inside():
        found = [get_idea(idea_id) for idea_id in (first, second)]
        assert [(idea.supports_count, idea.family_id) for idea in found] == [(3, None), (3, None)]


def make_a_family(year: Scene, page: Page) -> None:
    page.goto("/moderation/families/clusters")
    group = page.locator("form[data-keys]")
    expect(group).to_have_count(1)
    expect(group.locator("mark").filter(has_text="통근버스")).to_have_count(2)
    started(page).keyboard.press("m")
    expect(page).to_have_url(
        f"{year.house.address}/moderation/families?campaign=ideas-2026&numbers=2026-001,+2026-002"
    )
    year.field(page, "Common title").fill(TOGETHER)
    started(page).keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.get_by_role("table").filter(has_text=TOGETHER)).to_be_visible()
    # four people gave six supports: two of them support both
    counts = page.get_by_role("table").filter(has_text=year.ko("Distinct people"))
    expect(counts.locator("tfoot td")).to_have_text("4")
    expect(page.locator(".s-diff del").first).to_be_visible()
    year.field(page, "Why are they joined? (public)").fill(REASON)
    started(page).keyboard.press("Control+Enter")
    expect(page.locator(".s-figs dd").first).to_contain_text("4")


def leave_and_come_back(year: Scene, page: Page, idea_id: int) -> None:
    page.goto(f"/ideas/{idea_id}")
    expect(page.get_by_role("main")).to_contain_text(
        year.ko("This idea is part of the family “%(family)s”.", family=TOGETHER)
    )
    page.get_by_role("link", name=year.ko("Why they were joined")).click()
    expect(page.get_by_role("main")).to_contain_text(REASON)
    assert sideways(page) == 0
    for words, people in (("Leave the family", "3"), ("Count me again", "4")):
        year.press(page, words)
        expect(page.locator(".c-fig__n").first).to_contain_text(people)


def split(year: Scene, page: Page) -> None:
    year.field(page, "Why is it split? (public)").fill("두 글쓴이의 요청으로 나눕니다.")
    year.press(page, "Split the family")
    expect(page.get_by_role("main").locator(".s-figs dd").first).to_contain_text("0")
    expect(page.get_by_role("main")).to_contain_text("두 글쓴이의 요청으로 나눕니다.")
