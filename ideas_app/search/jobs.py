"""The index looked after in the background. Must not decide anything itself."""

from __future__ import annotations

from ideas_app.adapters import fulltext
from ideas_app.core import housekeeping, outbox
from ideas_app.search import service
from ideas_app.search.events import IndexGrown


@housekeeping.hourly
def look_after_index() -> None:
    """Asks for the index to be tidied where it is time: a small site never needs it."""
    if fulltext.is_untidy():
        outbox.publish(IndexGrown())


@outbox.handles(IndexGrown, outside=True)
def tidy_index(_event: IndexGrown) -> None:
    """Tidies the index without holding up votes. Running twice does it once."""
    service.tidy_index()
