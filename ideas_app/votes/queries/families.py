"""Reads of who is counted for a family. Must not change anything, and tells nobody but the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.votes.models import FamilyLeaver, Support

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement


def is_counted_in_family() -> ColumnElement[bool]:
    """For statements over `support` and `idea`: the supporter has not left the idea's family."""
    left = select(FamilyLeaver.account_id).where(
        FamilyLeaver.family_id == Idea.family_id, FamilyLeaver.account_id == Support.account_id
    )
    return ~left.exists()


def get_family(family_id: int) -> Family:
    """A family, split or not. Raises `NotFound`."""
    family = session().get(Family, family_id)
    if family is None:
        raise NotFound("not_found", _l("There is no such family."))
    return family


def list_leavers(family_ids: Iterable[int | None]) -> set[tuple[int | None, int]]:
    """Who left which of the families, as (family, account): for arithmetic only."""
    wanted = [family_id for family_id in family_ids if family_id is not None]
    if not wanted:
        return set()
    query = select(FamilyLeaver.family_id, FamilyLeaver.account_id)
    found = session().execute(query.where(FamilyLeaver.family_id.in_(wanted)))
    return {(family_id, account_id) for family_id, account_id in found}


def has_left(account_id: int | None, family_id: int) -> bool:
    """Whether a person has left a family."""
    if account_id is None:
        return False
    return session().get(FamilyLeaver, (family_id, account_id)) is not None


def count_leavers(family_id: int, idea_ids: Collection[int]) -> int:
    """How many people support one of these ideas and have left the family."""
    query = (
        select(func.count(Support.account_id.distinct()))
        .join(
            FamilyLeaver,
            (FamilyLeaver.account_id == Support.account_id) & (FamilyLeaver.family_id == family_id),
        )
        .where(Support.idea_id.in_(idea_ids))
    )
    return session().scalar(query) or 0


def supports_member(account_id: int | None, family_id: int) -> bool:
    """Whether a person supports an idea that stands in the family."""
    if account_id is None:
        return False
    query = (
        select(Support.id)
        .join(Idea, Idea.id == Support.idea_id)
        .where(Idea.family_id == family_id, Support.account_id == account_id)
    )
    return session().scalar(query.limit(1)) is not None


def list_member_states(family_id: int) -> set[State]:
    """The states of the ideas that stand in a family."""
    return set(session().scalars(select(Idea.state).where(Idea.family_id == family_id)))
