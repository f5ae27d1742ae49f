"""Takes the pictures of the README and the guides: the demo year on a database of its own, seen by Chromium.

Run it as `make screenshots`, or `python -m tools.screenshots`; it takes about a minute. Must not touch
the data in `instance/`, nor go on with a picture too large for a README.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

from tools.chromium import ADVICE, FLAGS, find_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "img"
MOST_BYTES = 400_000
PATIENCE = 60.0
"""Seconds that the service may take to answer for the first time."""


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
        _service(Path(folder)) as (address, sign_ins),
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


@contextmanager
def _service(folder: Path) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """The service with the demo year on a database in `folder`, while the block lasts: its address, and by
    role the address and password of somebody who can sign in.
    """
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environ = {
        **os.environ,
        "ENVIRONMENT": "test",  # reads no .env: the pictures are the same everywhere
        "DEMO": "1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PERSON_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": f"sqlite:///{folder / 'ideas.db'}",
        "MAIL_URL": f"file:{folder / 'mail'}",
        "BASE_URL": address,
    }
    flask = (sys.executable, "-m", "flask", "--app", "ideas_app")
    said = ""
    for command in (("db", "upgrade"), ("demo", "load")):
        print(f"flask {' '.join(command)} ...")
        done = subprocess.run(
            (*flask, *command), cwd=ROOT, env=environ, check=True, capture_output=True, text=True
        )
        said = done.stdout
    lines = (line.split() for line in said.splitlines())
    sign_ins = {
        words[0]: (words[1], words[2]) for words in lines if len(words) > 2 and "@" in words[1]
    }
    server = subprocess.Popen(
        (*flask, "run", "--port", str(port)),
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"{address}/healthz")
        yield address, sign_ins
    finally:
        server.terminate()
        server.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _wait_for(address: str) -> None:
    """Returns when the address answers. Raises `URLError` when it still does not after `PATIENCE`."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(address, timeout=5):  # noqa: S310  # our own server
                return
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
