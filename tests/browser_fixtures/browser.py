"""The one browser of a worker of the test run: a second one could not be driven beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tools.chromium import ADVICE, FLAGS, find_chromium


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium. Without one the tests are skipped, or fail where one is required."""
    path = find_chromium()
    if path is None and os.environ.get("IDEAS_REQUIRE_BROWSER") == "1":
        pytest.fail(ADVICE)
    if path is None:
        pytest.skip(ADVICE)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()
