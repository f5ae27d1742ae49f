"""The one browser of a worker of the test run: a second one could not be driven beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser_fixtures.windows import PATIENCE
from tools.chromium import ADVICE, FLAGS, find_chromium

# some seven per cent of the processor's time less. Not `--disable-threaded-compositing`, which would save twice that:
# without frames a click waits in vain for its button to stand still
LEAN = (
    "--in-process-gpu",
    "--num-raster-threads=1",
    # a page lives for a second: little of what other threads compile for it is ever run
    "--js-flags=--single-threaded --min-semi-space-size=64 --max-semi-space-size=128",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium. Without one the tests are skipped, or fail where one is required."""
    path = find_chromium()
    if path is None and os.environ.get("IDEAS_REQUIRE_BROWSER") == "1":
        pytest.fail(ADVICE)
    if path is None:
        pytest.skip(ADVICE)
    # left to itself it gives up after five seconds, also where a press may take three times that
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=[*FLAGS, *LEAN])
        yield browser
        browser.close()
