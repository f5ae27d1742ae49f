"""Reads of the reading stack: what is dealt next, how far a reader has come, how far each idea has reached.

Must not change anything, and tells nobody but the reader what they said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import and_, func, or_, select, union
from sqlalchemy.orm import aliased

from ideas_app.campaigns.rules import rules_of
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea, Reading, ReadingAnswer, Tally, TallyKind
from ideas_app.ideas.queries import list_rows, mixed_key
from ideas_app.votes.models import AsideSupport, Support
from ideas_app.votes.rules import SUPPORTABLE, Said

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.queries import IdeaRow

T = TypeVar("T")

REACH = 500
"""Ideas in the table of reach: the least read ones."""


@dataclass(frozen=True, slots=True)
class Hand:
    """What a reader is dealt next (None at the end), how many they have answered, how many are left."""

    idea_id: int | None
    answered: int
    left: int


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What a person said of an idea in the stack, and when they read it."""

    row: IdeaRow
    said: Said
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an idea has reached: its distinct readers, and how many are missing to the campaign's number."""

    id: int
    number: int
    title: str
    readers: int
    supports: int
    unsure: int
    missing: int


def deal(actor: Actor, campaign: Campaign, *, seed: int = 0, without: Collection[int] = ()) -> Hand:
    """The next idea for a reader: least read first, shuffled by the reader's seed among equals.

    Left out are their own ideas, those they support or have answered, and every member of a family of
    which they have answered one. What they have only read on its page comes last. `without`: what a
    visitor has seen, whom no row knows. Four statements, five at the end of the stack.
    """
    own = actor.id if actor.id is not None else 0
    taken = [Idea.id.in_(without)] if without else []
    fresh = and_(
        # by value: an index of the campaign or of the state would have to be sorted, the one by readers is walked along
        _by_value(Idea.campaign_id.expression) == campaign.id,
        Idea.is_listed,
        _by_value(Idea.state.expression).in_(SUPPORTABLE),
        or_(_by_value(Idea.author_id.expression) != own, Idea.pen_name.is_not(None)),
        ~_answered_by(own, Idea.id.expression),
        ~_kin_answered_by(own, without),
        *(~each for each in taken),
    )
    answered = count_answered(own, campaign) if own else len(without)
    return Hand(_deal_of(own, fresh, seed), answered, _count_left(own, campaign, without))


def _by_value(column: ColumnElement[T]) -> ColumnElement[T]:
    """A column that no planner looks for in an index."""
    return func.coalesce(column, column)


def _deal_of(own: int, fresh: ColumnElement[bool], seed: int) -> int | None:
    """Of the least read the first by the reader's seed: how little that is comes first, so that only those so little
    read are shuffled. What the reader has only read is looked for when nothing else is left.
    """
    has_read = select(Reading.idea_id).where(Reading.idea_id == Idea.id, Reading.account_id == own)
    unread = and_(fresh, ~has_read.exists())
    shuffled = (mixed_key(seed or own), Idea.id)
    walk = select(Idea.readers_count).where(unread).order_by(Idea.readers_count).limit(1)
    least = session().scalar(walk)
    if least is not None:
        among = select(Idea.id).where(unread, Idea.readers_count == least)
        return session().scalar(among.order_by(*shuffled).limit(1))
    return session().scalar(
        select(Idea.id).where(fresh).order_by(Idea.readers_count, *shuffled).limit(1)
    )


def _count_left(own: int, campaign: Campaign, without: Collection[int]) -> int:
    """How many piles (an idea without family, or a family) a reader may still be dealt: as many as the tallies say
    there are, without those in families, without the reader's own and answered ones; and families with none answered.
    """
    mine = and_(Idea.author_id == own, Idea.pen_name.is_(None))
    ways = [
        *(
            select(table.idea_id).where(table.account_id == own, *more)
            for table, more in (
                (Support, ()),
                (Reading, (Reading.answer.is_not(None),)),
                (AsideSupport, ()),
            )
        ),
        *([select(Idea.id).where(Idea.id.in_(without))] if without else []),
    ]
    touched = union(*ways).subquery()
    dealable = and_(Idea.campaign_id == campaign.id, Idea.is_listed, Idea.state.in_(SUPPORTABLE))
    within = and_(
        _by_value(Idea.campaign_id.expression) == campaign.id,
        Idea.is_listed,
        _by_value(Idea.state.expression).in_(SUPPORTABLE),
        Idea.family_id > 0,
    )
    ids = select(touched.c.idea_id)
    known = select(Idea.family_id).where(Idea.id.in_(ids), Idea.family_id.is_not(None))
    everything = select(func.coalesce(func.sum(Tally.number), 0)).where(
        Tally.campaign_id == campaign.id,
        Tally.kind == TallyKind.STATE,
        Tally.key.in_([state.value for state in SUPPORTABLE]),
    )
    alone = and_(dealable, Idea.family_id.is_(None))
    # by number and by author, so that neither walks through the campaign
    gone = union(
        select(Idea.id).where(alone, Idea.id.in_(ids)), select(Idea.id).where(alone, mine)
    ).subquery()
    query = select(
        everything.scalar_subquery()
        - select(func.count()).select_from(Idea).where(within).scalar_subquery()
        - select(func.count()).select_from(gone).scalar_subquery()
        + select(func.count(Idea.family_id.distinct()))
        .where(within, ~mine, Idea.family_id.not_in(known))
        .scalar_subquery()
    )
    return session().scalar(query) or 0


def count_answered(account_id: int, campaign: Campaign) -> int:
    """How many ideas of a campaign a person has answered: from the person's own rows, not from all ideas."""
    ways = union(
        select(Support.idea_id).where(Support.account_id == account_id),
        select(Reading.idea_id).where(
            Reading.account_id == account_id, Reading.answer.is_not(None)
        ),
        select(AsideSupport.idea_id).where(AsideSupport.account_id == account_id),
    ).subquery()
    query = select(func.count()).select_from(ways).join(Idea, Idea.id == ways.c.idea_id)
    return session().scalar(query.where(Idea.campaign_id == campaign.id)) or 0


def _answered_by(account_id: int, idea_id: ColumnElement[int]) -> ColumnElement[bool]:
    supports = select(Support.id).where(
        Support.idea_id == idea_id, Support.account_id == account_id
    )
    said = select(Reading.idea_id).where(
        Reading.idea_id == idea_id,
        Reading.account_id == account_id,
        Reading.answer.is_not(None),
    )
    aside = select(AsideSupport.id).where(
        AsideSupport.idea_id == idea_id, AsideSupport.account_id == account_id
    )
    return or_(supports.exists(), said.exists(), aside.exists())


def _kin_answered_by(account_id: int, without: Collection[int]) -> ColumnElement[bool]:
    kin = aliased(Idea)
    known = _answered_by(account_id, kin.id.expression)
    if without:
        known = or_(known, kin.id.in_(without))
    query = select(kin.id).where(kin.family_id == Idea.family_id, kin.id != Idea.id, known)
    return and_(Idea.family_id.is_not(None), query.exists())


def said_of(account_id: int | None, idea_id: int) -> Said | None:
    """What a person said of an idea; None for nothing, or where they only read it."""
    if account_id is None:
        return None
    support = select(Support.id).where(Support.idea_id == idea_id, Support.account_id == account_id)
    if session().scalar(support) is not None:
        return Said.SUPPORT
    row = session().get(Reading, (idea_id, account_id))
    return Said(row.answer.value) if row is not None and row.answer is not None else None


def list_said_by(account_id: int, *, limit: int = 20) -> list[OwnAnswer]:
    """What a person was not sure of or passed over, latest first: for the person's own record."""
    query = (
        select(Reading.idea_id, Reading.answer, Reading.read_at)
        .where(Reading.account_id == account_id, Reading.answer.is_not(None))
        .order_by(Reading.read_at.desc(), Reading.idea_id.desc())
        .limit(limit)
    )
    found = {row.idea_id: row for row in session().execute(query)}
    return [
        OwnAnswer(
            row, Said((found[row.id].answer or ReadingAnswer.PASSED).value), found[row.id].read_at
        )
        for row in list_rows(list(found))
    ]


def count_short_of_readers(campaign: Campaign) -> int:
    """How many ideas that could come onto the ballot have fewer readers than the campaign promises."""
    query = select(func.count(Idea.id)).where(*_short(campaign))
    return session().scalar(query) or 0


def list_reach(campaign: Campaign, *, short_only: bool = False) -> list[Reach]:
    """The reach of the campaign's ideas, the least read first; at most `REACH`. One statement."""
    target = rules_of(campaign).readers_target
    clauses = _short(campaign) if short_only else _standing(campaign)
    query = (
        select(
            Idea.id,
            Idea.number,
            Idea.title,
            Idea.readers_count,
            Idea.supports_count,
            Idea.unsure_count,
        )
        .where(*clauses)
        .order_by(Idea.readers_count, Idea.id)
        .limit(REACH)
    )
    return [
        Reach(*row, missing=max(target - row.readers_count, 0)) for row in session().execute(query)
    ]


def _standing(campaign: Campaign) -> list[ColumnElement[bool]]:
    return [
        Idea.campaign_id == campaign.id,
        Idea.is_listed.expression,
        Idea.state.in_(SUPPORTABLE),
    ]


def _short(campaign: Campaign) -> list[ColumnElement[bool]]:
    target = rules_of(campaign).readers_target
    return [*_standing(campaign), Idea.readers_count < target]
