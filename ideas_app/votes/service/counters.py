"""Counting supports anew from their rows. Must not know who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.orm.attributes import set_committed_value

from ideas_app.campaigns.models import Campaign
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Family, Idea
from ideas_app.votes import queries
from ideas_app.votes.models import Support
from ideas_app.votes.service.supports import latch_family

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ScalarSelect


def recount() -> None:
    """Sets every counter of supports to what the rows say: for `flask doctor --fix` and bulk
    loads.
    """
    supporters = (
        select(func.count(Support.id))
        .where(Support.idea_id == Idea.id)
        .correlate(Idea)
        .scalar_subquery()
    )
    session().execute(
        update(Idea)
        .where(Idea.supports_count != supporters)
        .values(supports_count=supporters)
        .execution_options(synchronize_session=False)
    )
    people = _people_of_family()
    session().execute(
        update(Family)
        .where(Family.supports_count != people)
        .values(supports_count=people)
        .execution_options(synchronize_session=False)
    )
    session().expire_all()


def recount_ideas(idea_ids: Iterable[int]) -> dict[int, int]:
    """Sets the supports of some ideas, whose rows are locked, to what the rows say; the numbers by idea."""
    supporters = (
        select(func.count(Support.id))
        .where(Support.idea_id == Idea.id)
        .correlate(Idea)
        .scalar_subquery()
    )
    wanted = sorted(set(idea_ids))
    moved = session().execute(
        update(Idea)
        .where(Idea.id.in_(wanted))
        .values(supports_count=supporters)
        .returning(Idea.id, Idea.supports_count)
        .execution_options(synchronize_session=False)
    )
    counts = {idea_id: count for idea_id, count in moved}  # noqa: C416  # rows are no pairs to mypy
    ideas.place_in_orders(wanted)
    return counts


def recount_family(family: Family) -> int:
    """The family's distinct supporters counted anew, after ideas joined or left it; latches its
    answer.

    To be called in the transaction that moved the members, with the family's row changed or
    locked first.
    """
    session().flush()
    total = session().scalar(
        update(Family)
        .where(Family.id == family.id)
        .values(supports_count=_people_of_family())
        .returning(Family.supports_count)
        .execution_options(synchronize_session=False)
    )
    set_committed_value(family, "supports_count", total or 0)
    campaign = session().get_one(Campaign, family.campaign_id)
    if (total or 0) >= rules_of(campaign).answer_supports:
        latch_family(family.id, clock.now())
    return total or 0


def _people_of_family() -> ScalarSelect[int]:
    return (
        select(func.count(Support.account_id.distinct()))
        .select_from(Support)
        .join(Idea, Idea.id == Support.idea_id)
        .where(Idea.family_id == Family.id, queries.is_counted_in_family())
        .correlate(Family)
        .scalar_subquery()
    )
