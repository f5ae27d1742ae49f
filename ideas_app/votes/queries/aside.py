"""Supports that are suspicious or set aside. Must not change anything.

Moderators see counts by idea, never who supported what; a person sees their own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Select, bindparam, func, select

from ideas_app.accounts.models import Account
from ideas_app.campaigns.models import Campaign
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Idea, Reading, ReadingAnswer
from ideas_app.ideas.queries import list_rows
from ideas_app.votes.models import AsideSupport, SetAside, SetAsideCause, Support

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from ideas_app.ideas.queries import IdeaRow
    from ideas_app.votes.rules import Suspicion


@dataclass(frozen=True, slots=True)
class Suspect:
    """One suspicious support."""

    id: int
    idea_id: int
    account_id: int
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Effect:
    """What setting supports aside would change: how many, of how many people, and each idea's number."""

    supports: int
    people: int
    ideas: tuple[tuple[IdeaRow, int], ...]
    """Each idea with how many of its supports would go, the most first."""


@dataclass(frozen=True, slots=True)
class OwnAside:
    """A person's own support that is set aside, with the public reason."""

    row: IdeaRow
    cause: SetAsideCause
    reason: str
    made_at: datetime


def list_suspects(campaign: Campaign, suspicion: Suspicion) -> list[Suspect]:
    """The supports of a campaign that fit a suspicion, in the order of their ids. One statement."""
    query = (
        select(
            Support.id, Support.idea_id, Support.account_id, Support.given_at, Account.created_at
        )
        .join(Idea, Idea.id == Support.idea_id)
        .join(Account, Account.id == Support.account_id)
        .where(Idea.campaign_id == campaign.id)
        .order_by(Support.id)
    )
    if suspicion.idea_id is not None:
        query = query.where(Support.idea_id == suspicion.idea_id)
    if suspicion.domain:
        query = query.where(Account.email_key.endswith(f"@{suspicion.domain}", autoescape=True))
    if suspicion.never_read:
        read = select(Reading.idea_id).where(Reading.account_id == Support.account_id)
        query = query.where(~read.exists())
    return [
        Suspect(row.id, row.idea_id, row.account_id, row.given_at)
        for row in session().execute(query)
        if suspicion.fits(row.given_at, row.created_at)
    ]


def effect_of(suspects: Sequence[Suspect]) -> Effect:
    """What it would change to set these aside. One statement."""
    counts = Counter(one.idea_id for one in suspects)
    rows = list_rows([idea_id for idea_id, _count in counts.most_common()])
    people = len({one.account_id for one in suspects})
    return Effect(len(suspects), people, tuple((row, counts[row.id]) for row in rows))


def is_aside(idea_id: int, account_id: int | None) -> bool:
    """Whether the person's support of an idea is set aside."""
    query = select(AsideSupport.id).where(
        AsideSupport.idea_id == idea_id, AsideSupport.account_id == account_id
    )
    return account_id is not None and session().scalar(query) is not None


def standing_columns(
    idea_id: BindParameter[int], account_id: BindParameter[int]
) -> tuple[ColumnElement[Any], ...]:
    """How a person stands to an idea, as columns: `supports` it, the support is `is_aside`, and what was `said`
    in the reading stack.
    """
    support, aside, read = (model.__table__.c for model in (Support, AsideSupport, Reading))
    gave = select(support.id).where(support.idea_id == idea_id, support.account_id == account_id)
    is_aside = select(aside.id).where(aside.idea_id == idea_id, aside.account_id == account_id)
    said = select(read.answer).where(read.idea_id == idea_id, read.account_id == account_id)
    return (
        gave.exists().label("supports"),
        is_aside.exists().label("is_aside"),
        said.scalar_subquery().label("said"),
    )


@cache
def _standing() -> Select[*tuple[Any, ...]]:
    """The statement of `standing_of`, put together once: every support asks for it."""
    _support, aside, answer = standing_columns(bindparam("idea_id"), bindparam("account_id"))
    return select(aside, answer)


def standing_of(account_id: int | None, idea_id: int) -> tuple[bool, ReadingAnswer | None]:
    """Whether the person's support of an idea is set aside, and what they said in the reading stack. One statement."""
    found = session().execute(_standing(), {"idea_id": idea_id, "account_id": account_id}).one()
    return bool(found[0]), found[1]


def list_aside_of(account_id: int) -> list[OwnAside]:
    """A person's own supports that are set aside, latest act first."""
    query = (
        select(AsideSupport.idea_id, SetAside.cause, SetAside.reason, SetAside.made_at)
        .join(SetAside, SetAside.id == AsideSupport.set_aside_id)
        .where(AsideSupport.account_id == account_id)
        .order_by(AsideSupport.id.desc())
    )
    found = {row.idea_id: row for row in session().execute(query)}
    return [
        OwnAside(row, found[row.id].cause, found[row.id].reason, found[row.id].made_at)
        for row in list_rows(list(found))
    ]


def list_set_asides(campaign: Campaign) -> list[tuple[SetAside, int]]:
    """The acts of a campaign, latest first, each with how many supports are still aside."""
    aside = (
        select(func.count(AsideSupport.id))
        .where(AsideSupport.set_aside_id == SetAside.id)
        .correlate(SetAside)
        .scalar_subquery()
    )
    query = select(SetAside, aside).where(SetAside.campaign_id == campaign.id)
    return [(act, count) for act, count in session().execute(query.order_by(SetAside.id.desc()))]


def get_set_aside(set_aside_id: int) -> SetAside:
    """An act. Raises `NotFound`."""
    found = session().get(SetAside, set_aside_id)
    if found is None:
        raise NotFound("not_found", _l("There is no such act."))
    return found


def get_campaign_of(act: SetAside) -> Campaign:
    """The campaign in which an act was done."""
    return session().get_one(Campaign, act.campaign_id)
