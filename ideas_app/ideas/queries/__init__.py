"""Reads of ideas: one with all that its page needs, lists by keyset cursor, likeness, drafts.

Must not change anything.
"""

from __future__ import annotations

from ideas_app.ideas.queries.drafts import find_draft, find_draft_of
from ideas_app.ideas.queries.lists import (
    PAGE,
    STATE_GROUPS,
    Filters,
    IdeaRow,
    Sort,
    list_ideas,
    list_of_author,
    list_rows,
    read_filters,
)
from ideas_app.ideas.queries.one import (
    count_today,
    find_field,
    find_keeper,
    get_idea,
    has_read,
    is_following,
    list_followers,
    list_paper_keys,
    list_revisions,
    next_number,
    readable_clause,
)
from ideas_app.ideas.queries.search import FoundIdeas, list_filtered, search_ideas
from ideas_app.ideas.queries.similar import SIMILAR, Likeness, find_similar, list_clusters

__all__ = [
    "PAGE",
    "SIMILAR",
    "STATE_GROUPS",
    "Filters",
    "FoundIdeas",
    "IdeaRow",
    "Likeness",
    "Sort",
    "count_today",
    "find_draft",
    "find_draft_of",
    "find_field",
    "find_keeper",
    "find_similar",
    "get_idea",
    "has_read",
    "is_following",
    "list_clusters",
    "list_filtered",
    "list_followers",
    "list_ideas",
    "list_of_author",
    "list_paper_keys",
    "list_revisions",
    "list_rows",
    "next_number",
    "read_filters",
    "readable_clause",
    "search_ideas",
]
