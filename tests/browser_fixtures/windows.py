"""Windows of the browser: each is one person at one screen, and remembers what was wrong on its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ideas_app.core.actor import VISITOR

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

    from ideas_app.core.actor import Actor
    from tests.browser_fixtures.house import House

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
PATIENCE = 15_000
"""Milliseconds that a step may take on a busy machine; nothing waits that long when all is well."""


@dataclass
class Windows:
    """Opens windows before a house and hears what all their pages complain of, those that they open too."""

    browser: Browser
    house: House
    _heard: list[str] = field(default_factory=list)
    _open: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        who: Actor = VISITOR,
        *,
        size: dict[str, int] = DESK,
        lang: str = "ko",
        scripts: bool = True,
        init_script: str | None = None,
    ) -> Page:
        """A window in which somebody is signed in already, or a visitor's."""
        context = self.browser.new_context(
            base_url=self.house.address,
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            locale="ko-KR",
            reduced_motion="reduce",
        )
        self._open.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([self.house.cookie_of(who, lang)])  # type: ignore[list-item]
        if init_script:
            context.add_init_script(init_script)
        context.on("console", self._listen)
        context.on("weberror", lambda fault: self._heard.append(str(fault.error)))
        return context.new_page()

    def complaints(self) -> list[str]:
        """Errors of scripts, missing files, and whatever the Content-Security-Policy stopped; each is told once.

        What the policy stops stands in the console of a browser that runs no script as well, and is reported
        to the house besides.
        """
        told = self._heard.copy()
        self._heard.clear()
        while not self.house.stopped.empty():
            told.append(self.house.stopped.get())
        return told

    def _listen(self, message: ConsoleMessage) -> None:
        place = message.location["url"]
        # a page that answers 404 or 422 is no fault of its scripts; a file that is missing is one
        is_page_itself = (
            "Failed to load resource" in message.text and place == message.page.url
            if message.page
            else False
        )
        if message.type in {"error", "warning"} and not is_page_itself:
            self._heard.append(f"{place}: {message.text}")

    def close(self) -> None:
        """Closes every window."""
        for context in self._open:
            context.close()
        self._open.clear()


def sideways(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways; 0 is right."""
    width = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(width))


def started(page: Page) -> Page:
    """The page once its behaviours run: before, a press would be answered by the plain form behind them."""
    # a click answers once the next page has begun, which is before its head has been read to the end
    page.wait_for_load_state("domcontentloaded")
    page.evaluate("""async () => {
      const main = document.querySelector("script[type=module]").src;
      const names = [...document.querySelectorAll("[data-behaviour]")]
        .flatMap((element) => element.dataset.behaviour.split(" ").filter(Boolean));
      await import(main);
      for (const name of new Set(names)) await import(new URL(`behaviours/${name}.js`, main));
      // whoever waited for the same modules before us has gone on by now
      await new Promise((done) => setTimeout(done));
    }""")
    return page
