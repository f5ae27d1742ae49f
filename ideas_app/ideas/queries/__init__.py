"""Reads of ideas: one with all that its page needs, lists by keyset cursor, likeness, drafts.

Must not change anything.
"""

from __future__ import annotations

from ideas_app.ideas.queries.authors import list_of_author
from ideas_app.ideas.queries.counters import find_wrong_counters, find_wrong_keys
from ideas_app.ideas.queries.drafts import find_draft, find_draft_of
from ideas_app.ideas.queries.history import tell_versions
from ideas_app.ideas.queries.lists import (
    PAGE,
    STATE_GROUPS,
    TELLING,
    Filters,
    Listing,
    Sort,
    read_filters,
)
from ideas_app.ideas.queries.mixed import (
    Crowd,
    list_ideas,
    list_page,
    mixed_key,
    mixed_seed,
    question_of_page,
    share_of,
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
from ideas_app.ideas.queries.rows import IdeaRow, Own, list_rows
from ideas_app.ideas.queries.search import FoundIdeas, list_filtered, search_ideas
from ideas_app.ideas.queries.similar import SIMILAR, Likeness, find_similar
from ideas_app.ideas.queries.tallies import (
    Tallies,
    count_days,
    count_tallies,
    find_wrong_tallies,
    read_tallies,
)
from ideas_app.ideas.queries.whole import IDEA, READER, reader_columns, whole_of, whole_query

__all__ = [
    "IDEA",
    "PAGE",
    "READER",
    "SIMILAR",
    "STATE_GROUPS",
    "TELLING",
    "Crowd",
    "Filters",
    "FoundIdeas",
    "IdeaRow",
    "Likeness",
    "Listing",
    "Own",
    "Sort",
    "Tallies",
    "count_days",
    "count_tallies",
    "find_draft",
    "find_draft_of",
    "find_field",
    "find_keeper",
    "find_similar",
    "find_wrong_counters",
    "find_wrong_keys",
    "find_wrong_tallies",
    "get_idea",
    "has_read",
    "is_following",
    "list_filtered",
    "list_followers",
    "list_ideas",
    "list_mates",
    "list_of_author",
    "list_page",
    "list_paper_keys",
    "list_revisions",
    "list_rows",
    "list_texts_of",
    "mixed_key",
    "mixed_seed",
    "next_number",
    "place_of",
    "question_of_page",
    "read_filters",
    "read_tallies",
    "readable_clause",
    "reader_columns",
    "search_ideas",
    "share_of",
    "tell_versions",
    "whole_of",
    "whole_query",
]
