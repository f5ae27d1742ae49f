"""A roster as a partner sends it, CSV in CP949: looked at, imported, and taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ideas_app.core.db import session
from ideas_app.programmes.models import Programme
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import Windows, started
from tests.browser_fixtures.words import Words
from tests.factories import make_programme
from tests.journeys.scene import Scene
from tests.programmes.scenes import csv_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "ai-pot-2"
PEOPLE = 12


def test_a_roster_is_looked_at_imported_and_taken_back(
    windows: Windows, house: House, ko: Words
) -> None:
    year = Scene.begin(windows, house, ko, slug="ideas-2026")
    with house.inside():
        make_programme(SLUG)
    sora = windows.open(year.cast.sora)
    sora.goto("/rosters")
    sora.locator(f"a[href='/rosters/{SLUG}']").first.click()
    look_at(year, sora, csv_of(PEOPLE))
    assert records(house) == 0
    import_it(year, sora)
    assert records(house) == PEOPLE
    take_it_back(year, sora)
    assert records(house) == 0


def records(house: House) -> int:
    with house.inside():
        return session().query(Programme).filter_by(slug=SLUG).one().records_count


def look_at(year: Scene, page: Page, data: bytes) -> None:
    file = {"name": "5월 명단.csv", "mimeType": "text/csv", "buffer": data}
    page.get_by_role("main").locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    year.press(page, "Look at the file")
    expect(page.get_by_text("CP949").first).to_be_visible()
    expect(page.get_by_role("main").get_by_role("alert")).to_have_count(0)


def import_it(year: Scene, page: Page) -> None:
    page.locator("button[formaction$='/confirm']").click()
    expect(page.get_by_role("status").filter(has_text=str(PEOPLE))).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="5월 명단.csv")).to_contain_text(str(PEOPLE))


def take_it_back(year: Scene, page: Page) -> None:
    year.field(page, "Reason").fill("다른 과정의 명단이었습니다.")
    year.press(started(page), "Undo the import")
    page.get_by_role("dialog").get_by_role("button", name=year.ko("Undo the import")).click()
    expect(
        page.get_by_role("row").filter(has_text="5월 명단.csv").get_by_role("button")
    ).to_have_count(0)
