"""The life of an idea as pure decisions: states, lengths, versions, numbers, addresses, paper sheets.

Must not know the database, the clock or who asks.
"""

from __future__ import annotations

from ideas_app.ideas.rules.content import (
    NEIGHBOURHOOD_MAX,
    IdeaContent,
    faults_of,
    has_phone,
    has_resident_number,
)
from ideas_app.ideas.rules.life import (
    HIDDEN_CODES,
    LISTED,
    MAY_WITHDRAW,
    TRANSITIONS,
    may_follow,
)
from ideas_app.ideas.rules.papers import PaperIdea, PaperReading, read_papers
from ideas_app.ideas.rules.words import (
    Piece,
    address_slug,
    diff,
    shown_number,
)

__all__ = [
    "HIDDEN_CODES",
    "LISTED",
    "MAY_WITHDRAW",
    "NEIGHBOURHOOD_MAX",
    "TRANSITIONS",
    "IdeaContent",
    "PaperIdea",
    "PaperReading",
    "Piece",
    "address_slug",
    "diff",
    "faults_of",
    "has_phone",
    "has_resident_number",
    "may_follow",
    "read_papers",
    "shown_number",
]
