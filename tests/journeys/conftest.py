"""The house and its windows, for this folder."""

from tests.browser_fixtures.fixtures import house, ko, windows

__all__ = ["house", "ko", "windows"]
