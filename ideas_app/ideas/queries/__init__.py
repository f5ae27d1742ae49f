"""Reads of ideas: one with all that its page needs, lists by keyset cursor, likeness, drafts.

Must not change anything.
"""

from __future__ import annotations

from ideas_app.ideas.queries.counters import find_wrong_counters, find_wrong_keys
from ideas_app.ideas.queries.drafts import find_draft, find_draft_of
from ideas_app.ideas.queries.history import tell_versions
from ideas_app.ideas.queries.lists import (
    PAGE,
    STATE_GROUPS,
    TELLING,
    Filters,
    IdeaRow,
    Sort,
    list_ideas,
    list_of_author,
    list_rows,
    mixed_key,
    mixed_seed,
    read_filters,
)
from ideas_app.ideas.queries.one import (
    find_field,
    find_keeper,
    get_idea,
    has_read,
    is_following,
    list_followers,
    list_mates,
    list_paper_keys,
    list_revisions,
    list_texts_of,
    next_number,
    place_of,
    readable_clause,
)
from ideas_app.ideas.queries.search import FoundIdeas, list_filtered, search_ideas
from ideas_app.ideas.queries.similar import SIMILAR, Likeness, find_similar
from ideas_app.ideas.queries.whole import IDEA, READER, reader_columns, whole_of, whole_query

__all__ = [
    "IDEA",
    "PAGE",
    "READER",
    "SIMILAR",
    "STATE_GROUPS",
    "TELLING",
    "Filters",
    "FoundIdeas",
    "IdeaRow",
    "Likeness",
    "Sort",
    "find_draft",
    "find_draft_of",
    "find_field",
    "find_keeper",
    "find_similar",
    "find_wrong_counters",
    "find_wrong_keys",
    "get_idea",
    "has_read",
    "is_following",
    "list_filtered",
    "list_followers",
    "list_ideas",
    "list_mates",
    "list_of_author",
    "list_paper_keys",
    "list_revisions",
    "list_rows",
    "list_texts_of",
    "mixed_key",
    "mixed_seed",
    "next_number",
    "place_of",
    "read_filters",
    "readable_clause",
    "reader_columns",
    "search_ideas",
    "tell_versions",
    "whole_of",
    "whole_query",
]
