"""The largest groups of alike ideas in a campaign, for the desk. Must not change or decide anything."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from ideas_app.accounts.models import Account
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.ideas.rules import shown_number
from ideas_app.moderation.models import SetApart
from ideas_app.moderation.rules import (
    ALIKE,
    AlikePair,
    Text,
    find_alike,
    group_alike,
    mark_shared,
    rarity_of,
    shared_pieces,
)
from ideas_app.votes.models import FamilyLeaver, Support

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

COMPARED = 3000
"""Newest ideas that are compared with each other: a second's work, kept while no text changes."""
LEAST = 60
"""The widest setting of the page."""
GROUPS = 20
"""Groups that one page shows; the next ones move up as these are decided."""


@dataclass(frozen=True, slots=True)
class AlikeFilters:
    """What is compared and how close it must be; stands in the address."""

    campaign: str
    field: str = ""
    least: int = ALIKE
    with_new: bool = False


@dataclass(frozen=True, slots=True)
class AlikeMember:
    """An idea or a family in a group."""

    key: str
    number: str
    title: str
    parts: list[tuple[str, bool]]
    state: State | None
    """None for a family."""
    supports: int
    author: str
    since_at: datetime
    thing_id: int

    @property
    def is_family(self) -> bool:
        """Whether it is a family already."""
        return self.state is None

    @property
    def is_waiting(self) -> bool:
        """Whether it waits at the desk: it can be joined once it is published."""
        return self.state is State.SUBMITTED


@dataclass(frozen=True, slots=True)
class AlikeGroup:
    """Ideas and families that resemble one another."""

    members: list[AlikeMember]
    pieces: list[str]
    people: int
    """Distinct people who support any of them."""

    @property
    def supports(self) -> int:
        """Supports added up."""
        return sum(member.supports for member in self.members)

    @property
    def numbers(self) -> str:
        """The ideas as the form of families takes them."""
        return ", ".join(member.number for member in self.members if not member.is_family)


@dataclass(frozen=True, slots=True)
class ApartRow:
    """A pair that was set apart, with the titles of both."""

    first: str
    second: str
    titles: tuple[str, str]
    until: datetime | None
    said_by: str
    said_at: datetime


def list_alike(filters: AlikeFilters) -> tuple[list[AlikeGroup], int]:
    """The groups to be looked at, the largest first, and how many there are in all.

    Compared are published ideas that stand alone, ideas that wait, and families that can still
    grow. A pair that was set apart is in no group.
    """
    things = _things(filters)
    texts = tuple(text for text, _ in things)
    pairs = _pairs(texts)
    members = {member.key: member for _, member in things}
    groups = group_alike(pairs, _apart(filters.campaign), least=filters.least)
    if filters.with_new:
        groups = [group for group in groups if any(members[key].is_waiting for key in group)]
    weight = {group: sum(members[key].supports for key in group) for group in groups}
    shown = sorted(groups, key=lambda group: (-len(group), -weight[group], group))[:GROUPS]
    return _dress(shown, texts, members), len(groups)


@lru_cache(maxsize=4)
def _pairs(texts: tuple[Text, ...]) -> list[AlikePair]:
    """Kept by content: whatever is edited, added or withdrawn is compared anew."""
    return find_alike(texts, least=LEAST)


def list_apart(campaign: str) -> list[ApartRow]:
    """The pairs of a campaign that are set apart now, the latest first."""
    rows = session().execute(
        select(SetApart, Account.nickname)
        .join(Campaign, Campaign.id == SetApart.campaign_id)
        .outerjoin(Account, Account.id == SetApart.said_by)
        .where(Campaign.slug == campaign, _in_force())
        .order_by(SetApart.said_at.desc(), SetApart.first, SetApart.second)
        .limit(200)
    )
    found = list(rows)
    titles = _titles({key for row, _ in found for key in (row.first, row.second)})
    return [
        ApartRow(
            row.first,
            row.second,
            (titles.get(row.first, row.first), titles.get(row.second, row.second)),
            row.until,
            name or "",
            row.said_at,
        )
        for row, name in found
    ]


def list_known_keys(campaign_id: int, keys: Iterable[str]) -> list[str]:
    """Those of some names that ideas and families of the campaign have, in order."""
    wanted = sorted(set(keys))
    ideas = select(Idea.id).where(Idea.campaign_id == campaign_id, Idea.id.in_(_ids(wanted, "i")))
    families = select(Family.id).where(
        Family.campaign_id == campaign_id, Family.id.in_(_ids(wanted, "f"))
    )
    known = {f"i{one}" for one in session().scalars(ideas)}
    known |= {f"f{one}" for one in session().scalars(families)}
    return [key for key in wanted if key in known]


def list_by_keys(keys: Iterable[str]) -> tuple[list[Idea], list[Family]]:
    """The ideas and the families behind some names."""
    wanted = list(keys)
    ideas = select(Idea).where(Idea.id.in_(_ids(wanted, "i"))).order_by(Idea.number)
    families = select(Family).where(Family.id.in_(_ids(wanted, "f"))).order_by(Family.id)
    return list(session().scalars(ideas)), list(session().scalars(families))


def _ids(keys: Iterable[str], kind: str) -> list[int]:
    numbers = [key[1:] for key in keys if key[:1] == kind]
    # nine digits at most: a number that no column could hold is no name either
    return [int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) < 10]


def _things(filters: AlikeFilters) -> list[tuple[Text, AlikeMember]]:
    query = (
        select(Idea, Campaign.year, Account.nickname)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .join(Account, Account.id == Idea.author_id)
        .where(Campaign.slug == filters.campaign)
        .where(
            or_(
                Idea.state == State.SUBMITTED,
                and_(Idea.state == State.PUBLISHED, Idea.family_id.is_(None)),
            )
        )
    )
    if filters.field:
        query = query.where(Idea.field_id.in_(select(Field.id).where(Field.key == filters.field)))
    ideas = session().execute(query.order_by(Idea.id.desc()).limit(COMPARED))
    things = [
        (
            Text(f"i{idea.id}", idea.title, f"{idea.why} {idea.how}"),
            AlikeMember(
                key=f"i{idea.id}",
                number=shown_number(year, idea.number),
                title=idea.title,
                parts=[],
                state=idea.state,
                supports=idea.supports_count,
                author=idea.pen_name or nickname or "",
                since_at=idea.submitted_at,
                thing_id=idea.id,
            ),
        )
        for idea, year, nickname in ideas
    ]
    return things + ([] if filters.field else _families(filters.campaign))


def _families(slug: str) -> list[tuple[Text, AlikeMember]]:
    open_members = select(Idea.id).where(Idea.family_id == Family.id, Idea.state == State.PUBLISHED)
    families = session().scalars(
        select(Family)
        .join(Campaign, Campaign.id == Family.campaign_id)
        .where(Campaign.slug == slug, Family.split_at.is_(None), Family.answered_at.is_(None))
        .where(open_members.exists())
        .order_by(Family.id.desc())
    )
    return [
        (
            Text(f"f{family.id}", family.title, family.text),
            AlikeMember(
                key=f"f{family.id}",
                number=f"F-{family.id}",
                title=family.title,
                parts=[],
                state=None,
                supports=family.supports_count,
                author="",
                since_at=family.formed_at,
                thing_id=family.id,
            ),
        )
        for family in families
    ]


def _dress(
    groups: Sequence[tuple[str, ...]], texts: Sequence[Text], members: dict[str, AlikeMember]
) -> list[AlikeGroup]:
    if not groups:
        return []
    by_key = {text.key: text for text in texts}
    rarity = rarity_of(texts)
    supporters = _supporters({key for group in groups for key in group})
    dressed = []
    for group in groups:
        pieces = shared_pieces([by_key[key] for key in group], rarity, len(texts))
        shown = [_marked(members[key], pieces) for key in group]
        shown.sort(key=lambda member: (member.is_waiting, -member.supports, member.number))
        people = set().union(*(supporters[key] for key in group))
        dressed.append(AlikeGroup(shown, pieces, len(people)))
    return dressed


def _marked(member: AlikeMember, pieces: list[str]) -> AlikeMember:
    return replace(member, parts=mark_shared(member.title, pieces))


def _supporters(keys: set[str]) -> dict[str, set[int]]:
    """Who supports each: for counting distinct people only."""
    ideas, families = _ids(sorted(keys), "i"), _ids(sorted(keys), "f")
    found: dict[str, set[int]] = defaultdict(set)
    for idea_id, account_id in session().execute(
        select(Support.idea_id, Support.account_id).where(Support.idea_id.in_(ideas))
    ):
        found[f"i{idea_id}"].add(account_id)
    if families:
        rows = session().execute(
            select(Idea.family_id, Support.account_id)
            .join(Support, Support.idea_id == Idea.id)
            .where(Idea.family_id.in_(families))
        )
        for family_id, account_id in rows:
            found[f"f{family_id}"].add(account_id)
        left = select(FamilyLeaver.family_id, FamilyLeaver.account_id)
        for family_id, account_id in session().execute(
            left.where(FamilyLeaver.family_id.in_(families))
        ):
            found[f"f{family_id}"].discard(account_id)
    return found


def _apart(slug: str) -> frozenset[tuple[str, str]]:
    rows = session().execute(
        select(SetApart.first, SetApart.second)
        .join(Campaign, Campaign.id == SetApart.campaign_id)
        .where(Campaign.slug == slug, _in_force())
    )
    return frozenset((first, second) for first, second in rows)


def _in_force() -> ColumnElement[bool]:
    return or_(SetApart.until.is_(None), SetApart.until > clock.now())


def _titles(keys: set[str]) -> dict[str, str]:
    ideas, families = list_by_keys(keys)
    found = {f"i{idea.id}": idea.title for idea in ideas}
    return found | {f"f{family.id}": family.title for family in families}
