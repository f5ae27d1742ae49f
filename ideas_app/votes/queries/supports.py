"""Reads of supports. Must not change anything, and tells nobody but the person who supports
what.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import and_, case, func, literal, select, union_all
from sqlalchemy.orm import joinedload

from ideas_app.campaigns.models import Activity, Campaign
from ideas_app.campaigns.policy import is_open
from ideas_app.campaigns.rules import eligibility_of, rules_of
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.prepared import given
from ideas_app.ideas.models import Family, Idea, Reading, ReadingAnswer
from ideas_app.ideas.queries import Own
from ideas_app.programmes import queries as programmes
from ideas_app.programmes.models import Outcome, Participation, Person, Programme
from ideas_app.votes.models import Support
from ideas_app.votes.queries.families import is_counted_in_family, list_leavers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import BindParameter, ColumnElement

    from ideas_app.campaigns.rules import HasEligibility
    from ideas_app.core.actor import Actor
    from ideas_app.votes.policy import Voting


class HasSubject(Protocol):
    """An entry of a ballot or of a round: about one idea, or one family."""

    @property
    def idea_id(self) -> int | None:
        """The idea, where it is about one."""

    @property
    def family_id(self) -> int | None:
        """The family, where it is about one."""


def get_idea(idea_id: int) -> Idea:
    """The idea with its campaign and phases, in one statement.

    Raises `NotFound`.
    """
    query = select(Idea).where(Idea.id == idea_id)
    query = query.options(
        joinedload(Idea.campaign, innerjoin=True).joinedload(Campaign.phases, innerjoin=True)
    )
    idea = session().scalars(query).unique().one_or_none()
    if idea is None:
        raise NotFound("not_found", _l("There is no such idea."))
    return idea


def hides_totals(actor: Actor, shown: Sequence[Voting]) -> bool:
    """Whether numbers of supports stay hidden: where supports are the votes of a campaign that is open, until
    the reader has given one there. One statement, asked only for such campaigns.
    """
    now = clock.now()
    blind = [
        one
        for one in shown
        if rules_of(one).source == "supports" and is_open(one, Activity.SUPPORT, now)
    ]
    return any(not has_supported_in(actor.id, one.id) for one in blind)


def supported_ids(account_id: int | None, idea_ids: Iterable[int]) -> set[int]:
    """Which of the ideas the person supports; empty for visitors."""
    wanted = list(idea_ids)
    if account_id is None or not wanted:
        return set()
    query = select(Support.idea_id).where(
        Support.account_id == account_id, Support.idea_id.in_(wanted)
    )
    return set(session().scalars(query))


_OWN = (
    select(Support.id)
    .where(
        Support.idea_id == Idea.id,
        Support.account_id == given("reader", Support.account_id.type),
    )
    .exists()
)


def own_supports(actor: Actor) -> Own | None:
    """What marks the ideas that a reader supports, for a list that asks for both at once; None for visitors."""
    return Own("supports", _OWN, {"reader": actor.id}) if actor.id is not None else None


def participants_column(idea_id: BindParameter[int]) -> ColumnElement[int | None]:
    """`participants` of a statement that joins an idea's programme: how many supporters took part in it. None
    without one; of counselling nothing is told.
    """
    support, person, part, programme = (
        model.__table__ for model in (Support, Person, Participation, Programme)
    )
    number = (
        select(func.count(support.c.account_id.distinct()))
        .join(person, person.c.account_id == support.c.account_id)
        .join(part, part.c.person_id == person.c.id)
        .where(support.c.idea_id == idea_id, part.c.programme_id == programme.c.id)
        .correlate(programme)
        .scalar_subquery()
    )
    is_told = and_(programme.c.id.is_not(None), programme.c.outcome != Outcome.COUNSELLING)
    return case((is_told, number), else_=None).label("participants")


def has_supported_in(account_id: int | None, campaign_id: int) -> bool:
    """Whether the person supports some idea of a campaign."""
    query = (
        select(Support.id)
        .join(Idea, Idea.id == Support.idea_id)
        .where(Support.account_id == account_id, Idea.campaign_id == campaign_id)
    )
    return account_id is not None and session().scalar(query.limit(1)) is not None


def list_supported_ids(account_id: int) -> list[int]:
    """Every idea that the person supports, latest first: for the person's own record."""
    query = select(Support.idea_id).where(Support.account_id == account_id)
    return list(session().scalars(query.order_by(Support.given_at.desc(), Support.id.desc())))


def programmes_of(actor: Actor, campaign: HasEligibility) -> frozenset[str]:
    """The programmes that the person took part in, asked for only where the campaign's rule
    needs them.
    """
    if actor.id is None or not eligibility_of(campaign).programmes:
        return frozenset()
    return programmes.programmes_of(actor.id)


def supports_as_lists(campaign: Campaign, subjects: Sequence[HasSubject]) -> list[list[int]]:
    """The supports of a campaign as approvals: for each supporter the places in `subjects`,
    ascending.

    A supporter of any member approves the family, once, unless they left it. Sorted by content: no
    order of persons or times.
    """
    return sorted(places for _account_id, places in supports_with_voters(campaign, subjects))


def supports_with_voters(
    campaign: Campaign, subjects: Sequence[HasSubject]
) -> list[tuple[int, list[int]]]:
    """The same with the account of each supporter. For totals over groups of people only: what comes
    of it must not tell who chose what.
    """
    by_idea = {subject.idea_id: place for place, subject in enumerate(subjects) if subject.idea_id}
    by_family = {
        subject.family_id: place for place, subject in enumerate(subjects) if subject.family_id
    }
    query = (
        select(Support.account_id, Support.idea_id, Idea.family_id)
        .join(Idea, Idea.id == Support.idea_id)
        .where(Idea.campaign_id == campaign.id)
    )
    left = list_leavers(by_family)
    approvals: dict[int, set[int]] = defaultdict(set)
    for account_id, idea_id, family_id in session().execute(query):
        place = by_idea.get(idea_id, by_family.get(family_id or 0))
        if place is not None and (family_id, account_id) not in left:
            approvals[account_id].add(place)
    return [(account_id, sorted(places)) for account_id, places in approvals.items()]


def list_opinions(campaign: Campaign) -> list[tuple[int, int, int]]:
    """What people said of the listed ideas of a campaign, as (account, idea, vote) in that order.

    A support is 1; "not sure" in the reading stack is 0, as a pass is in Polis; an idea that was only
    read or passed over is no vote. Nobody can vote against an idea here, so there is no -1. For
    arithmetic only: what comes of it must not tell who said what.
    """
    standing = (Idea.campaign_id == campaign.id) & Idea.is_listed
    agreed = (
        select(Support.account_id, Support.idea_id, literal(1))
        .join(Idea, Idea.id == Support.idea_id)
        .where(standing)
    )
    supported = select(Support.id).where(
        Support.account_id == Reading.account_id, Support.idea_id == Reading.idea_id
    )
    unsure = (
        select(Reading.account_id, Reading.idea_id, literal(0))
        .join(Idea, Idea.id == Reading.idea_id)
        .where(standing, Reading.answer == ReadingAnswer.UNSURE, ~supported.exists())
    )
    both = union_all(agreed, unsure).subquery()
    found = session().execute(select(both).order_by(both.c.account_id, both.c.idea_id))
    return [(account_id, idea_id, vote) for account_id, idea_id, vote in found]


def find_wrong_counters() -> list[str]:
    """Each counter of supports that differs from its rows, in words for the operator."""
    supporters = func.count(Support.id)
    ideas = (
        select(Idea.id, Idea.supports_count, supporters)
        .outerjoin(Support, Support.idea_id == Idea.id)
        .group_by(Idea.id, Idea.supports_count)
        .having(Idea.supports_count != supporters)
    )
    people = func.count(Support.account_id.distinct())
    families = (
        select(Family.id, Family.supports_count, people)
        .outerjoin(Idea, Idea.family_id == Family.id)
        .outerjoin(Support, and_(Support.idea_id == Idea.id, is_counted_in_family()))
        .group_by(Family.id, Family.supports_count)
        .having(Family.supports_count != people)
    )
    return [
        f"{kind} {key}: supports_count is {stored}, the rows say {counted}"
        for kind, query in (("idea", ideas), ("family", families))
        for key, stored, counted in session().execute(query)
    ]
