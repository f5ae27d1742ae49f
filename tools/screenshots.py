"""Takes the pictures of the README and the guides: the demo year on a database of its own, seen by Chromium.

Run it as `make screenshots`, or `python -m tools.screenshots`; it takes about a minute. Must not touch
the data in `instance/`, nor go on with a picture too large for a README.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tools.chromium import ADVICE, FLAGS, find_chromium
from tools.demo_house import serve_demo

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "img"
MOST_BYTES = 400_000


@dataclass(frozen=True)
class Picture:
    """One picture: where it is taken, following which link from there, and how large, in CSS pixels."""

    name: str
    path: str
    height: int
    link: str = ""
    width: int = 1280
    at: str = ""
    """What is to stand at the top of the picture, as a selector; the top of the page if empty."""
    who: str = ""
    """The role that looks: of the demonstration's sign-ins; a visitor if empty."""


_ROUND = "main a[href^='/shortlists/']"
_OWED = "main tbody th a[href^='/desk/']"
WANTED = (
    Picture("ideas.png", "/ideas", 900),
    Picture("shortlist.png", "/shortlists", 1100, link=_ROUND),
    Picture("shortlist-360.png", "/shortlists", 1800, link=_ROUND, width=360),
    Picture("shortlist-groups.png", "/shortlists", 1900, link=_ROUND, at="#groups"),
    Picture("shortlist-groups-360.png", "/shortlists", 2400, link=_ROUND, width=360, at="#groups"),
    Picture("desk.png", "/desk", 1000, who="official"),
    Picture("desk-360.png", "/desk", 1200, width=360, who="official"),
    Picture("answer.png", "/desk", 1100, link=_OWED, who="official"),
    Picture("answer-360.png", "/desk", 1600, link=_OWED, width=360, who="official"),
)


def main() -> int:
    """Takes all pictures; the exit code."""
    chromium = find_chromium()
    if chromium is None:
        print(ADVICE, file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serve_demo(Path(folder)) as (address, sign_ins),
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        pages = {"": browser.new_page(base_url=address, locale="ko-KR", reduced_motion="reduce")}
        too_large = []
        for picture in WANTED:
            if picture.who not in pages:
                # a context of its own: the visitor stays one
                page = browser.new_page(base_url=address, locale="ko-KR", reduced_motion="reduce")
                pages[picture.who] = _sign_in(page, *sign_ins[picture.who])
            if _take(pages[picture.who], picture) > MOST_BYTES:
                too_large.append(picture.name)
        browser.close()
    if too_large:
        print(f"larger than {MOST_BYTES} bytes: {', '.join(too_large)}", file=sys.stderr)
    return 1 if too_large else 0


def _sign_in(page: Page, address: str, password: str) -> Page:
    """The window in which somebody of the demonstration has signed in."""
    page.goto("/login")
    page.locator("main input[name=email]").fill(address)
    page.locator("main input[name=password]").fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    return page


def _take(page: Page, picture: Picture) -> int:
    """Takes one picture; its size in bytes."""
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    page.goto(picture.path)
    if picture.link:
        page.locator(picture.link).first.click()
        page.wait_for_load_state()
    page.evaluate("document.fonts.ready")
    if picture.at:
        page.locator(picture.at).evaluate("part => part.scrollIntoView()")
    target = PICTURES / picture.name
    page.screenshot(path=target, animations="disabled")
    size = target.stat().st_size
    print(f"{target.relative_to(ROOT)}: {size // 1000} kB")
    return size


if __name__ == "__main__":
    sys.exit(main())
