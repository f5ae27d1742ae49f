"""The browser and the house, for this folder."""

from tests.browser_fixtures.fixtures import chromium, house, ko, windows

__all__ = ["chromium", "house", "ko", "windows"]
