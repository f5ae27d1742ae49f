"""The fixtures themselves. A module of tests shares one browser and one house."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser_fixtures.house import House, open_house
from tests.browser_fixtures.windows import Windows
from tests.browser_fixtures.words import Words
from tools.chromium import ADVICE, FLAGS, find_chromium


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def house(
    make_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The service with nothing in it, before a browser's eyes."""
    with open_house(make_database("house"), tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def windows(chromium: Browser, house: House) -> Iterator[Windows]:
    """Opens windows; at the end none of their consoles may have complained."""
    opened = Windows(chromium, house)
    yield opened
    opened.close()
    assert not opened.complaints


@pytest.fixture(scope="session")
def ko() -> Words:
    """What the Korean pages say."""
    return Words("ko")
