"""What is asked of every page: axe finds nothing, nothing runs over at 360 pixels, no console complains."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from ideas_app.core.actor import VISITOR, Actor
from tests.browser.state import FullHouse
from tests.browser_fixtures.windows import DESK, PHONE, Windows, sideways

AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
_RUN = """async (colours) => {
  const found = await axe.run(document, {
    resultTypes: ["violations"],
    rules: {"target-size": {enabled: true}, "color-contrast": {enabled: colours}},
  });
  return found.violations.map(one =>
    `${one.id}: ${one.help}\\n` + one.nodes.map(node => `    ${node.html}\\n    ${node.failureSummary}`).join("\\n"));
}"""
_TOO_WIDE = """() => {
  const scrolls = (element) => element !== document.body
    && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
    .filter((element) => !scrolls(element.parentElement))
    .map((element) => element.outerHTML.slice(0, 120));
}"""


@dataclass(frozen=True)
class Sight:
    """One page type: who looks, where, and what is done there before the look."""

    name: str
    who: str
    path: str
    then: Callable[[Page], None] | None = None
    status: int = 200


def look(page: Page, where: str, *, colours: bool) -> list[str]:
    """What axe finds on a page as it stands; all of its rules, and the size of touch targets."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)  # as an order to the browser: the page's own policy stays in force
    return [f"{where}: {fault}" for fault in page.evaluate(_RUN, colours)]


class Eye:
    """Keeps one window for each person and language: files are fetched once."""

    def __init__(self, windows: Windows, full: FullHouse) -> None:
        self._windows = windows
        self._full = full
        self._pages: dict[tuple[str, str], Page] = {}

    def faults_of(self, sight: Sight, lang: str) -> list[str]:
        """Everything that is wrong with a page in a language, one line or paragraph each."""
        page = self.page_of(sight.who, lang)
        self.complaints()
        faults = self._arrive(page, sight)
        # measuring colours takes half of the time, and they change neither with the language nor the width:
        # they are measured where all that is on the page is in sight
        faults += look(page, "at 1280", colours=lang == "ko")
        if lang == "ko":
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            faults += look(page, "at 360", colours=False)
            if over := sideways(page):
                wide = "\n    ".join(page.evaluate(_TOO_WIDE))
                faults.append(f"at 360: the page runs over by {over} pixels\n    {wide}")
            page.set_viewport_size(DESK)  # type: ignore[arg-type]
        return faults + self.complaints()

    def faults_in_words(self, sight: Sight, lang: str) -> list[str]:
        """What is wrong with a page in a language without looking at it: the frame is that of the other one."""
        client = self._windows.house.app.test_client()
        cookie = self._windows.house.cookie_of(self._actor(sight.who), lang)
        client.set_cookie(str(cookie["name"]), str(cookie["value"]))
        answer = client.get(sight.path.format_map(self._full.ids), follow_redirects=True)
        faults = [] if answer.status_code == sight.status else [f"answered {answer.status_code}"]
        wanted = (f'<html lang="{lang}"', "<title>")
        head = answer.text.partition("</head>")[0]  # a picture in the page may have a title too
        faults += [f"{sight.path}: no {one}" for one in wanted if head.count(one) != 1]
        if (heads := len(re.findall(r"<h1[ >]", answer.text))) != 1:
            faults.append(f"{heads} headings of level 1")
        return faults

    def complaints(self) -> list[str]:
        """What the pages complained of since this was asked last."""
        return self._windows.complaints()

    def _actor(self, who: str) -> Actor:
        return VISITOR if who == "visitor" else getattr(self._full.cast, who)

    def page_of(self, who: str, lang: str) -> Page:
        """The window of a person in a language."""
        if (who, lang) not in self._pages:
            # as an init script: the page's own policy stays in force
            self._pages[who, lang] = self._windows.open(
                self._actor(who), lang=lang, init_script=AXE
            )
        return self._pages[who, lang]

    def next_report(self) -> str:
        """Waits for what a browser reports to the house: that comes a moment after the page."""
        return self._windows.house.stopped.get(timeout=10)

    def page_without_scripts(self) -> Page:
        """A visitor's window in which no script runs."""
        return self._windows.open(scripts=False)

    def address(self, path: str) -> str:
        """An address with the ids of what stands in the house."""
        return path.format_map(self._full.ids)

    def _arrive(self, page: Page, sight: Sight) -> list[str]:
        answer = page.goto(sight.path.format_map(self._full.ids))
        status = answer.status if answer else 0
        faults = [] if status == sight.status else [f"{page.url} answered {status}"]
        if sight.then:
            sight.then(page)
        heads = page.locator("h1").count()
        return faults if heads == 1 else [*faults, f"{heads} headings of level 1"]
