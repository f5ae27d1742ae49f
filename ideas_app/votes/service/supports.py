"""Giving and taking back a support, exact under any concurrency.

Order of locks on PostgreSQL, the same for all who move supports: phase, person, reading row, family,
support row, idea.
Must not know ballots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.orm.attributes import set_committed_value

from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock, outbox
from ideas_app.core.columns import Instant
from ideas_app.core.db import insert_ignore, is_sqlite, session
from ideas_app.core.errors import Conflict
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Family, Idea
from ideas_app.votes import policy, queries
from ideas_app.votes.events import AnswerDue
from ideas_app.votes.models import AsideSupport, FamilyLeaver, Support
from ideas_app.votes.rules import SUPPORTABLE
from ideas_app.votes.service.gates import hold_open, hold_person, require

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.core.actor import Actor


def give_support(actor: Actor, idea: Idea) -> int:
    """One person's support of one idea, at most once; the idea's new number of supports.

    The phase is read within the transaction and held, so that nothing counts once a close was
    answered. Raises `Refused` with the reason, `Conflict` after the close, `NotFound` for what
    the person may not see.
    """
    campaign = idea.campaign
    took_part = queries.programmes_of(actor, campaign)
    hold_open(campaign, Activity.SUPPORT)
    now = clock.now()
    require(policy.may_support(actor, idea, now=now, took_part=took_part))
    hold_person(actor)
    is_aside, answer = queries.standing_of(actor.id, idea.id)
    require(policy.not_set_aside(is_aside=is_aside))
    if answer is not None:
        ideas.set_reading_answer(actor, idea, None)
    _hold_family(idea)
    row = {"idea_id": idea.id, "account_id": actor.id, "given_at": now}
    if not insert_ignore(Support, row):
        return queries.count_of_idea(idea.id)
    return _move_counters(actor, idea, 1, now)


def take_support_back(actor: Actor, idea: Idea) -> int:
    """Removes the person's support, also one that was set aside, while support is open; the idea's new number.

    Raises as `give_support`. What the supports had started, an official answer, stays started.
    """
    hold_open(idea.campaign, Activity.SUPPORT)
    now = clock.now()
    require(policy.may_take_back(actor, idea, now=now))
    _hold_family(idea)
    removed = session().execute(
        delete(Support).where(Support.idea_id == idea.id, Support.account_id == actor.id)
    )
    session().execute(
        delete(AsideSupport).where(
            AsideSupport.idea_id == idea.id, AsideSupport.account_id == actor.id
        )
    )
    if not removed.rowcount:  # type: ignore[attr-defined]  # a cursor result here
        return queries.count_of_idea(idea.id)
    return _move_counters(actor, idea, -1, now)


def _hold_family(idea: Idea) -> None:
    """Makes those who support members of one family wait for each other: a person counts once in
    all of them.
    """
    if idea.family_id is not None and not is_sqlite():
        session().execute(select(Family.id).where(Family.id == idea.family_id).with_for_update())


_IDEA: Any = Idea.__table__


def _latched(column: Any) -> Any:
    reached = _IDEA.c.supports_count + bindparam("step") >= bindparam("threshold")
    now = bindparam("now", type_=Instant())
    return case((column.is_(None) & reached, now), else_=column)


# put together once: a support is the act that most people do at the same time
_MOVE = (
    update(_IDEA)
    .where(_IDEA.c.id == bindparam("idea_id"))
    .values(
        supports_count=_IDEA.c.supports_count + bindparam("step"),
        answer_due_latched_at=_latched(_IDEA.c.answer_due_latched_at),
        answer_earned_at=_latched(_IDEA.c.answer_earned_at),
    )
    .returning(
        _IDEA.c.supports_count,
        _IDEA.c.answer_due_latched_at,
        _IDEA.c.answer_earned_at,
        _IDEA.c.family_id,
        _IDEA.c.unsure_count,
        _IDEA.c.concerns_count,
        _IDEA.c.published_at,
    )
)
_MOVE_UP = _MOVE.where(_IDEA.c.state.in_(SUPPORTABLE))


def _move_counters(actor: Actor, idea: Idea, step: int, now: datetime) -> int:
    threshold = rules_of(idea.campaign).answer_supports
    values = {"idea_id": idea.id, "step": step, "threshold": threshold, "now": now}
    change = _MOVE_UP if step > 0 else _MOVE
    moved = session().execute(change, values).one_or_none()
    if moved is None or moved.family_id != idea.family_id:
        message = _l("This idea has just been changed by a moderator. Please look at it once more.")
        raise Conflict("changed_meanwhile", message)
    set_committed_value(idea, "supports_count", moved.supports_count)
    set_committed_value(idea, "answer_due_latched_at", moved.answer_due_latched_at)
    set_committed_value(idea, "answer_earned_at", moved.answer_earned_at)
    if step > 0 and moved.supports_count == threshold and moved.answer_due_latched_at == now:
        outbox.publish(AnswerDue(idea.id))
    ideas.write_keys(
        idea.id,
        supports=moved.supports_count,
        unsure=moved.unsure_count,
        concerned=moved.concerns_count,
        published_at=moved.published_at,
    )
    if idea.family_id is not None:
        _move_family(actor, idea, step, threshold, now)
    return int(moved.supports_count)


def _move_family(actor: Actor, idea: Idea, step: int, threshold: int, now: datetime) -> None:
    """Counts the person in or out of the family, unless another of its ideas has their support or
    they have left it.
    """
    elsewhere = (
        select(Support.id)
        .join(Idea, Idea.id == Support.idea_id)
        .where(Idea.family_id == idea.family_id, Support.account_id == actor.id)
        .where(Support.idea_id != idea.id)
    )
    left = select(FamilyLeaver.account_id).where(
        FamilyLeaver.family_id == idea.family_id, FamilyLeaver.account_id == actor.id
    )
    total = session().scalar(
        update(Family)
        .where(Family.id == idea.family_id, ~elsewhere.exists(), ~left.exists())
        .values(supports_count=Family.supports_count + step)
        .returning(Family.supports_count)
        .execution_options(synchronize_session=False)
    )
    if step > 0 and total == threshold:
        latch_family(int(idea.family_id or 0), now)


def latch_family(family_id: int, now: datetime) -> None:
    """All members of a family with enough supporters are due an official answer."""
    latched = session().scalars(
        update(Idea)
        .where(Idea.family_id == family_id, Idea.answer_due_latched_at.is_(None))
        .values(answer_due_latched_at=now)
        .returning(Idea.id)
        .execution_options(synchronize_session=False)
    )
    for idea_id in sorted(latched):
        outbox.publish(AnswerDue(idea_id))
