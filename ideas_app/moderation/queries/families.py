"""Families with their members, objections and distinct supporters. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Integer, case, func, literal_column, select, tuple_
from sqlalchemy.orm import joinedload

from ideas_app.accounts.models import Account
from ideas_app.campaigns.models import Campaign
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.prepared import Prepared, given
from ideas_app.ideas.models import Family, Idea
from ideas_app.moderation.models import FamilyDraft, FamilyMember, Objection
from ideas_app.votes import queries as votes
from ideas_app.votes.models import Support

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from flask_babel import LazyString
    from sqlalchemy import ColumnElement, Select

_LEFT = _l("Former member")
LIST = 200
"""Families on the desk's list: a campaign has some dozens."""


@dataclass(frozen=True, slots=True)
class MemberView:
    """An idea of a family, in one line; `left_at` is set once it is a member no more."""

    idea: Idea
    nickname: str | LazyString
    left_at: datetime | None
    left_reason: str | None
    objection_until: datetime

    @property
    def is_readable(self) -> bool:
        """Whether the public list shows it: hidden members are counted, not named."""
        return self.idea.is_listed


@dataclass(frozen=True, slots=True)
class FamilyView:
    """A family as pages show it. A split one names the members it had when it was taken apart."""

    family: Family
    year: int
    members: tuple[MemberView, ...]
    former: tuple[MemberView, ...] = ()
    """Ideas that were taken out while the family stands."""

    @property
    def readable(self) -> list[MemberView]:
        """The members that anybody may read."""
        return [member for member in self.members if member.is_readable]

    @property
    def sum_of_supports(self) -> int:
        """Supports of the members added up: people who support two of them are in it twice."""
        return sum(member.idea.supports_count for member in self.members)


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A family in the desk's list."""

    family: Family
    year: int
    members: int
    objections: int
    """Open ones."""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A family that is being prepared, with who wrote at it last."""

    draft: FamilyDraft
    nickname: str | LazyString


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection with its idea."""

    objection: Objection
    idea: Idea
    nickname: str | LazyString


@dataclass(frozen=True, slots=True)
class Overlap:
    """Who supports which of some ideas: people with only one of them, with several, and in all."""

    only: tuple[tuple[Idea, int], ...]
    several: int
    left: int = 0
    """People among them who have left the family: they are not counted for it."""

    @property
    def people(self) -> int:
        """Distinct people who are counted together."""
        return sum(count for _, count in self.only) + self.several - self.left

    @property
    def supports(self) -> int:
        """Supports added up."""
        return sum(idea.supports_count for idea, _ in self.only)


def get_family(family_id: int) -> Family:
    """A family, split or not. Raises `NotFound`."""
    family = session().get(Family, family_id)
    if family is None:
        raise NotFound("not_found", _l("There is no such family."))
    return family


def list_member_ids(family_id: int) -> list[int]:
    """The ids of a family's present members, in their order."""
    query = select(FamilyMember.idea_id).where(FamilyMember.family_id == family_id)
    query = query.where(FamilyMember.left_at.is_(None)).order_by(FamilyMember.idea_id)
    return list(session().scalars(query))


def find_family_of(idea: Idea) -> FamilyView | None:
    """The family that an idea stands in now, for its page; None for most ideas. One statement, none without a
    family. The members are plain lines of an idea: id, title, number, counts, and whether they are listed.
    """
    if idea.family is None:
        return None
    rows = _MATES.all(family_id=idea.family_id)
    members = [MemberView(cast("Idea", row), row.author or _LEFT, *row[-3:]) for row in rows]
    return _view_of(idea.family, idea.campaign.year, members)


def _mates() -> Select[*tuple[Any, ...]]:
    """The statement of `find_family_of`."""
    return _with_members(
        select(
            Idea.id,
            Idea.title,
            Idea.number,
            Idea.is_listed,
            Idea.supports_count,
            Idea.comments_count,
            _author().label("author"),
            FamilyMember.left_at,
            FamilyMember.left_reason,
            FamilyMember.objection_until,
        ),
        given("family_id", Integer()),
    )


def _with_members(query: Select[*tuple[Any, ...]], family_id: Any) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(Idea)
        .join(FamilyMember, FamilyMember.idea_id == Idea.id)
        .join(Account, Account.id == Idea.author_id)
        .where(FamilyMember.family_id == family_id)
        .order_by(Idea.number)
    )


def view_family(family_id: int) -> FamilyView:
    """A family with its members. Two statements. Raises `NotFound`."""
    found = (
        session()
        .execute(
            select(Family, Campaign.year)
            .join(Campaign, Campaign.id == Family.campaign_id)
            .where(Family.id == family_id)
        )
        .one_or_none()
    )
    if found is None:
        raise NotFound("not_found", _l("There is no such family."))
    rows = session().execute(_with_members(select(Idea, _author(), FamilyMember), family_id))
    members = [
        MemberView(idea, name or _LEFT, member.left_at, member.left_reason, member.objection_until)
        for idea, name, member in rows
    ]
    return _view_of(*found, members)


def _view_of(family: Family, year: int, members: list[MemberView]) -> FamilyView:
    # what was taken out on its own has a reason of its own; a split takes out all, for the family's
    standing = [
        one
        for one in members
        if one.left_at is None or (family.split_at and one.left_reason is None)
    ]
    former = [one for one in members if one not in standing]
    return FamilyView(family, year, tuple(standing), tuple(former))


def _author() -> ColumnElement[str]:
    """Who wrote an idea: the name on the paper, the nickname, or nothing where somebody has left."""
    left = case((Account.deleted_at.is_not(None), ""), else_=Account.nickname)
    return func.coalesce(Idea.pen_name, left)


_MATES = Prepared(_mates())


def list_families() -> list[FamilyRow]:
    """All families, newest first, with their numbers of members and open objections."""
    members = (
        select(func.count(FamilyMember.idea_id))
        .where(FamilyMember.family_id == Family.id, FamilyMember.left_reason.is_(None))
        .correlate(Family)
        .scalar_subquery()
    )
    objections = (
        select(func.count(Objection.id))
        .where(Objection.family_id == Family.id, Objection.settled_at.is_(None))
        .correlate(Family)
        .scalar_subquery()
    )
    rows = session().execute(
        select(Family, Campaign.year, members, objections)
        .join(Campaign, Campaign.id == Family.campaign_id)
        .order_by(Family.id.desc())
        .limit(LIST)
    )
    return [FamilyRow(*row) for row in rows]


def get_draft(draft_id: int) -> FamilyDraft:
    """A family that is being prepared. Raises `NotFound`: it may have been formed meanwhile."""
    draft = session().get(FamilyDraft, draft_id)
    if draft is None:
        raise NotFound("not_found", _l("There is no such draft: it was formed or thrown away."))
    return draft


def list_drafts() -> list[DraftRow]:
    """The families that are being prepared, the latest first."""
    rows = session().execute(
        select(FamilyDraft, Account.nickname)
        .outerjoin(Account, Account.id == FamilyDraft.edited_by)
        .order_by(FamilyDraft.edited_at.desc(), FamilyDraft.id)
        .limit(LIST)
    )
    return [DraftRow(draft, name or _LEFT) for draft, name in rows]


def list_of_draft(draft: FamilyDraft) -> list[Idea]:
    """The ideas of a draft with their authors."""
    query = select(Idea).where(Idea.id.in_(draft.idea_ids)).options(joinedload(Idea.author))
    return list(session().scalars(query.order_by(Idea.number)))


def list_by_numbers(campaign_id: int, numbers: Iterable[int]) -> list[Idea]:
    """The ideas of a campaign with these numbers, with their authors; unknown numbers are left out."""
    query = select(Idea).where(Idea.campaign_id == campaign_id, Idea.number.in_(set(numbers)))
    return list(session().scalars(query.options(joinedload(Idea.author)).order_by(Idea.number)))


def overlap_of(ideas: Sequence[Idea], family: Family | None = None) -> Overlap:
    """How many people support only one of the ideas, and how many several.

    With a family: how its ideas, or those it would have, are counted for it. One statement, two
    with a family.
    """
    own = (
        select(func.count(Support.id).label("supports"), func.min(Support.idea_id).label("idea_id"))
        .where(Support.idea_id.in_([idea.id for idea in ideas]))
        .group_by(Support.account_id)
        .subquery()
    )
    # a literal, not a parameter: PostgreSQL compares the text of grouped expressions
    is_single = own.c.supports == literal_column("1")
    rows = session().execute(
        select(is_single, own.c.idea_id, func.count()).group_by(is_single, own.c.idea_id)
    )
    single: dict[int, int] = {}
    several = 0
    for is_single, idea_id, count in rows:
        if is_single:
            single[idea_id] = count
        else:
            several += count
    left = votes.count_leavers(family.id, [idea.id for idea in ideas]) if family else 0
    return Overlap(tuple((idea, single.get(idea.id, 0)) for idea in ideas), several, left)


def get_objection(objection_id: int) -> Objection:
    """An objection. Raises `NotFound`."""
    objection = session().get(Objection, objection_id)
    if objection is None:
        raise NotFound("not_found", _l("There is no such objection."))
    return objection


def get_member(family_id: int, idea_id: int) -> FamilyMember:
    """That an idea stands, or stood, in a family. Raises `NotFound`."""
    member = session().get(FamilyMember, (family_id, idea_id))
    if member is None:
        raise NotFound("not_found", _l("This idea is not in the family."))
    return member


def find_objection_of(family_id: int, idea_id: int) -> Objection | None:
    """The objection on behalf of one idea since it joined the family last, or None."""
    query = (
        select(Objection)
        .join(
            FamilyMember,
            tuple_(FamilyMember.family_id, FamilyMember.idea_id)
            == tuple_(Objection.family_id, Objection.idea_id),
        )
        .where(Objection.family_id == family_id, Objection.idea_id == idea_id)
        .where(Objection.filed_at >= FamilyMember.joined_at)
    )
    return session().scalar(query.order_by(Objection.id.desc()).limit(1))


def list_objections(family_id: int) -> list[ObjectionView]:
    """The objections to a family, oldest first, settled ones too."""
    query = _objections().where(Objection.family_id == family_id).order_by(Objection.id)
    rows = session().execute(query)
    return [ObjectionView(objection, idea, name or _LEFT) for objection, idea, name in rows]


def view_objection(objection_id: int) -> ObjectionView:
    """An objection with its idea. Raises `NotFound`."""
    row = session().execute(_objections().where(Objection.id == objection_id)).one_or_none()
    if row is None:
        raise NotFound("not_found", _l("There is no such objection."))
    objection, idea, name = row
    return ObjectionView(objection, idea, name or _LEFT)


def _objections() -> Select[Objection, Idea, str]:
    return (
        select(Objection, Idea, _author())
        .join(Idea, Idea.id == Objection.idea_id)
        .join(Account, Account.id == Idea.author_id)
    )
