"""The life of an idea as pure decisions: states, lengths, versions, numbers, addresses, paper sheets.

Must not know the database, the clock or who asks.
"""

from __future__ import annotations

from ideas_app.ideas.rules.content import (
    NEIGHBOURHOOD_MAX,
    IdeaContent,
    faults_of,
    revision_of,
)
from ideas_app.ideas.rules.life import (
    GONE_TITLE,
    HIDDEN_CODES,
    LISTED,
    MAY_WITHDRAW,
    TRANSITIONS,
    may_follow,
    must_go,
    must_stay,
)
from ideas_app.ideas.rules.marks import (
    TOLD_BEFORE,
    Mark,
    has_link,
    has_phone,
    has_resident_number,
    is_link_heavy,
    is_repeated,
    marks_of,
)
from ideas_app.ideas.rules.orders import (
    DEBATED_LEAST,
    LEAST_SEEN_SLOT,
    RISING_SPAN,
    Shuffle,
    deal_mixed,
    debated_key,
    draw_ids,
    order_keys,
    rated_key,
    rising_key,
    shuffle_of,
    shuffle_prime,
    wilson_lower_bound,
)
from ideas_app.ideas.rules.papers import (
    PaperIdea,
    PaperReading,
    SheetSource,
    on_paper,
    read_papers,
    sheet_faults,
)
from ideas_app.ideas.rules.words import (
    Piece,
    address_slug,
    diff,
    shown_number,
)

__all__ = [
    "DEBATED_LEAST",
    "GONE_TITLE",
    "HIDDEN_CODES",
    "LEAST_SEEN_SLOT",
    "LISTED",
    "MAY_WITHDRAW",
    "NEIGHBOURHOOD_MAX",
    "RISING_SPAN",
    "TOLD_BEFORE",
    "TRANSITIONS",
    "IdeaContent",
    "Mark",
    "PaperIdea",
    "PaperReading",
    "Piece",
    "SheetSource",
    "Shuffle",
    "address_slug",
    "deal_mixed",
    "debated_key",
    "diff",
    "draw_ids",
    "faults_of",
    "has_link",
    "has_phone",
    "has_resident_number",
    "is_link_heavy",
    "is_repeated",
    "marks_of",
    "may_follow",
    "must_go",
    "must_stay",
    "on_paper",
    "order_keys",
    "rated_key",
    "read_papers",
    "revision_of",
    "rising_key",
    "sheet_faults",
    "shown_number",
    "shuffle_of",
    "shuffle_prime",
    "wilson_lower_bound",
]
