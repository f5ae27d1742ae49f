"""What published shortlists tell of an idea's past; rounds that are not published tell nothing.

Must not change anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, or_, select

from ideas_app.core.history import told
from ideas_app.moderation import queries as moderation
from ideas_app.shortlists.models import Round, RoundEntry, RoundState

if TYPE_CHECKING:
    from sqlalchemy import Select


def tell_rounds(idea_id: int) -> Select[Any]:
    """Whether an idea, or the family it stood in then, was `shortlisted` or `not_shortlisted`; the round."""
    outcome = case((RoundEntry.final_rank.is_not(None), "shortlisted"), else_="not_shortlisted")
    in_family = moderation.member_when(idea_id, Round.published_at, RoundEntry.family_id)
    return (
        select(*told(outcome, Round.published_at, number=Round.id))
        .select_from(RoundEntry)
        .join(Round, Round.id == RoundEntry.round_id)
        .where(Round.state == RoundState.PUBLISHED, Round.published_at.is_not(None))
        .where(or_(RoundEntry.idea_id == idea_id, in_family))
    )
