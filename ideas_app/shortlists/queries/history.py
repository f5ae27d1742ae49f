"""What published shortlists tell of an idea's past; rounds that are not published tell nothing.

Must not change anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, or_, select

from ideas_app.core.history import told
from ideas_app.moderation.models import FamilyMember
from ideas_app.shortlists.models import Round, RoundEntry, RoundState

if TYPE_CHECKING:
    from sqlalchemy import Select

    from ideas_app.core.history import Key


def entries_of(idea_id: Key) -> Select[int]:
    """The entries of an idea itself, in rounds published or not: without any, and never in a family, `tell_rounds` has
    nothing to tell.
    """
    return select(RoundEntry.id).where(RoundEntry.idea_id == idea_id)


def tell_rounds(idea_id: Key) -> list[Select[Any]]:
    """Whether an idea, or the family it stood in then, was `shortlisted` or `not_shortlisted`; the round.

    Two selects, so that each begins at the few entries of the one idea.
    """
    outcome = case((RoundEntry.final_rank.is_not(None), "shortlisted"), else_="not_shortlisted")
    entries = (
        select(*told(outcome, Round.published_at, number=Round.id))
        .select_from(RoundEntry)
        .join(Round, Round.id == RoundEntry.round_id)
        .where(Round.state == RoundState.PUBLISHED, Round.published_at.is_not(None))
    )
    in_family = entries.join(FamilyMember, FamilyMember.family_id == RoundEntry.family_id).where(
        FamilyMember.idea_id == idea_id,
        FamilyMember.joined_at <= Round.published_at,
        or_(FamilyMember.left_at.is_(None), FamilyMember.left_at > Round.published_at),
    )
    return [entries.where(RoundEntry.idea_id == idea_id), in_family]
