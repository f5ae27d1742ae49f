"""The browser, the house, and the eye that looks at each page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.eye import Eye
from tests.browser.state import fill
from tests.browser_fixtures.fixtures import house
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import Windows

__all__ = ["house"]


@pytest.fixture(scope="module")
def eye(chromium: Browser, house: House) -> Iterator[Eye]:
    """Looks at a house in which every page type has something to show."""
    windows = Windows(chromium, house)
    yield Eye(windows, fill(house))
    windows.close()


@pytest.fixture(autouse=True)
def nothing_is_stopped(eye: Eye) -> Iterator[None]:
    """Whatever a test does besides looking: no page complains, and the policy stops nothing."""
    yield
    assert eye.complaints() == []
