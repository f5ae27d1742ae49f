"""What families tell of an idea's past. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, select

from ideas_app.core.history import told
from ideas_app.ideas.models import Family
from ideas_app.moderation.models import FamilyMember

if TYPE_CHECKING:
    from sqlalchemy import Select

    from ideas_app.core.history import Key


def tell_families(idea_id: Key) -> list[Select[Any]]:
    """When it `joined` a family, and when it `left` or the family was `split`; the family's id, its title
    or the public reason.
    """
    of_idea = FamilyMember.idea_id == idea_id
    joined = select(
        *told("joined", FamilyMember.joined_at, number=Family.id, words=Family.title)
    ).join(Family, Family.id == FamilyMember.family_id)
    was_split = Family.split_at <= FamilyMember.left_at
    parted = select(
        *told(
            case((was_split, "split"), else_="left"),
            FamilyMember.left_at,
            number=Family.id,
            words=case((was_split, Family.split_reason), else_=FamilyMember.left_reason),
        )
    ).join(Family, Family.id == FamilyMember.family_id)
    return [joined.where(of_idea), parted.where(of_idea, FamilyMember.left_at.is_not(None))]
