"""What is open, row by row; the bundles that are kept; addresses for search engines. Must not change anything."""

from __future__ import annotations

from ideas_app.opendata.queries.addresses import (
    count_idea_pages,
    list_ideas_of_page,
    list_published_rounds,
)
from ideas_app.opendata.queries.bundles import (
    find_bundle,
    find_changed_editions,
    find_newest_edition,
    get_bundle,
    is_wholly_answered,
    is_withheld,
    list_archived,
    list_campaigns_with_data,
    list_present,
    read_content,
)
from ideas_app.opendata.queries.contents import Contents, read_contents

__all__ = [
    "Contents",
    "count_idea_pages",
    "find_bundle",
    "find_changed_editions",
    "find_newest_edition",
    "get_bundle",
    "is_wholly_answered",
    "is_withheld",
    "list_archived",
    "list_campaigns_with_data",
    "list_ideas_of_page",
    "list_present",
    "list_published_rounds",
    "read_content",
    "read_contents",
]
