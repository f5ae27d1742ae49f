"""Where Chromium is on this machine and how it is started: for the browser tests and the screenshots.

Must not download one: the machine's own package manager does that better.
"""

from __future__ import annotations

import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first draws the same pages without the windows around them, for half of the processor's time."""
ADVICE = "no Chromium found: install one, on Debian by `apt-get install chromium-headless-shell`, on others `chromium`"
FLAGS = (
    "--no-sandbox",  # containers and CI run as root, where its sandbox does not start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # it must ask for nothing but our pages
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """The path of the first browser of `NAMES` that is installed, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)
