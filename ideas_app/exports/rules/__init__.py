"""Which files there are, what each holds, and what its columns and codes are called. Pure."""

from __future__ import annotations

from ideas_app.exports.rules.columns import (
    BALLOTS,
    IDEAS,
    MARK,
    PARTICIPATION,
    REPORT,
    SHORTLIST,
    WORKING,
    columns_of,
    evaluation_columns,
)
from ideas_app.exports.rules.kinds import (
    AT_ONCE,
    CONTENT_TYPES,
    KEPT_FOR,
    LISTED_FOR,
    OF_CAMPAIGN,
    OFFERED,
    WITH_PEOPLE,
    WORKING_ONLY,
    Format,
    Kind,
    ending_of,
    is_offered,
)
from ideas_app.exports.rules.words import WORDS, word_of

__all__ = [
    "AT_ONCE",
    "BALLOTS",
    "CONTENT_TYPES",
    "IDEAS",
    "KEPT_FOR",
    "LISTED_FOR",
    "MARK",
    "OFFERED",
    "OF_CAMPAIGN",
    "PARTICIPATION",
    "REPORT",
    "SHORTLIST",
    "WITH_PEOPLE",
    "WORDS",
    "WORKING",
    "WORKING_ONLY",
    "Format",
    "Kind",
    "columns_of",
    "ending_of",
    "evaluation_columns",
    "is_offered",
    "word_of",
]
