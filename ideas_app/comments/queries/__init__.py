"""Reads of discussions. Must not change anything; what is deleted or hidden leaves here without its text."""

from ideas_app.comments.queries.threads import (
    SHOWN,
    Column,
    Line,
    Thread,
    get_line,
    list_of_author,
    list_page,
    list_replies,
    list_together,
    short_talk,
)
from ideas_app.comments.queries.written import (
    concerned_people,
    count_by_campaign,
    count_today,
    find_comment,
    find_wrong_counters,
    get_comment,
    is_visible,
    list_texts_of,
    visible_clause,
)

__all__ = [
    "SHOWN",
    "Column",
    "Line",
    "Thread",
    "concerned_people",
    "count_by_campaign",
    "count_today",
    "find_comment",
    "find_wrong_counters",
    "get_comment",
    "get_line",
    "is_visible",
    "list_of_author",
    "list_page",
    "list_replies",
    "list_texts_of",
    "list_together",
    "short_talk",
    "visible_clause",
]
