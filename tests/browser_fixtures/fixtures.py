"""The fixtures of windows and houses. A module of tests has one house; the browser is that of the whole run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser_fixtures.house import House, open_house
from tests.browser_fixtures.windows import Windows
from tests.browser_fixtures.words import Words


@pytest.fixture(scope="module")
def house(
    make_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The service with nothing in it, before a browser's eyes."""
    with open_house(make_database("house"), tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def windows(chromium: Browser, house: House) -> Iterator[Windows]:
    """Opens windows; at the end none of their pages may have complained, nor the policy have stopped anything."""
    opened = Windows(chromium, house)
    yield opened
    opened.close()
    assert opened.complaints() == []


@pytest.fixture(scope="session")
def ko() -> Words:
    """What the Korean pages say."""
    return Words("ko")
