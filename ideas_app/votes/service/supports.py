"""Giving and taking back a support, exact under any concurrency.

Order of locks on PostgreSQL, the same for all who move supports: person, phase, family, idea, support row.
Once they are held nobody else moves what a `Case` shows, so it is read once and what follows from it is written.
Must not know ballots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock, outbox
from ideas_app.core.columns import Instant
from ideas_app.core.db import connection, is_sqlite, session
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Family, Idea
from ideas_app.ideas.rules import order_keys
from ideas_app.votes import policy, queries
from ideas_app.votes.events import AnswerDue
from ideas_app.votes.models import AsideSupport, FamilyLeaver, Support
from ideas_app.votes.service.gates import changed_meanwhile, hold, require

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ideas_app.core.actor import Actor
    from ideas_app.core.verdict import Verdict
    from ideas_app.votes.policy import Voted
    from ideas_app.votes.queries import Case


@dataclass(frozen=True, slots=True)
class Supported:
    """An idea's number of supports after an act, and the idea as it was found."""

    supports: int
    case: Case


def give_support(actor: Actor, idea_id: int) -> Supported:
    """One person's support of one idea, at most once.

    The phase is read within the transaction and held, so that nothing counts once a close was
    answered. Raises `Refused` with the reason, `Conflict` after the close, `NotFound` for what
    the person may not see.
    """

    def verdict(idea: Voted, now: datetime) -> Verdict:
        took_part = queries.programmes_of(actor, idea.campaign)
        return policy.may_support(actor, idea, now=now, took_part=took_part)

    case, now = _held_case(actor, idea_id, verdict)
    require(policy.not_set_aside(is_aside=case.is_aside))
    if case.said is not None:
        ideas.set_reading_answer(actor, idea_id, None)
        case = queries.get_case(actor.id, idea_id, now)
    if case.is_supported:
        return Supported(case.supports_count, case)
    return Supported(_move(actor, case, 1, now), case)


def take_support_back(actor: Actor, idea_id: int) -> Supported:
    """Removes the person's support, also one that was set aside, while support is open.

    Raises as `give_support`. What the supports had started, an official answer, stays started.
    """

    def verdict(idea: Voted, now: datetime) -> Verdict:
        return policy.may_take_back(actor, idea, now=now)

    case, now = _held_case(actor, idea_id, verdict)
    if case.is_aside:
        mine = (AsideSupport.idea_id == idea_id, AsideSupport.account_id == actor.id)
        session().execute(delete(AsideSupport).where(*mine))
    if not case.is_supported:
        return Supported(case.supports_count, case)
    return Supported(_move(actor, case, -1, now), case)


def _held_case(
    actor: Actor, idea_id: int, verdict: Callable[[Voted, datetime], Verdict]
) -> tuple[Case, datetime]:
    """The case as it stays until the transaction ends, if the policy allows the act; and the act's instant.

    A refusal names days, for which all phases of the campaign are needed: then it is asked once more.
    """
    family_id = hold(actor, idea_id)
    now = clock.now()
    case = queries.get_case(actor.id, idea_id, now, is_held=True)
    if not verdict(case, now):
        require(verdict(queries.get_idea(idea_id), now))
        raise changed_meanwhile()  # what was not held has opened just now
    if case.family_id != family_id and not is_sqlite():
        raise changed_meanwhile()
    return case, now


_IDEA: Any = Idea.__table__
_SUPPORT: Any = Support.__table__
_KEYS = ("rated_key", "rising_key", "debated_key")
_LATCHES = ("answer_due_latched_at", "answer_earned_at")

# put together once: a support is the act that most people do at the same time
_COUNT = (
    update(_IDEA)
    .where(_IDEA.c.id == bindparam("moved_id"))
    .values(
        supports_count=_IDEA.c.supports_count + bindparam("step"),
        **{name: bindparam(name) for name in _KEYS},
        **{name: bindparam(name, type_=Instant()) for name in _LATCHES},
    )
)
_MINE = (
    _SUPPORT.c.idea_id == bindparam("of_idea"),
    _SUPPORT.c.account_id == bindparam("of_account"),
)
_REMOVE = delete(_SUPPORT).where(*_MINE)
_ADD_SQLITE = insert(_SUPPORT)
_ADD_AND_COUNT, _REMOVE_AND_COUNT = (
    _COUNT.where(_IDEA.c.id.in_(select(rows.c.idea_id)))
    for rows in (
        postgresql.insert(_SUPPORT)
        .values(
            idea_id=bindparam("of_idea"),
            account_id=bindparam("of_account"),
            given_at=bindparam("given_at", type_=Instant()),
        )
        .on_conflict_do_nothing()
        .returning(_SUPPORT.c.idea_id)
        .cte("made"),
        _REMOVE.returning(_SUPPORT.c.idea_id).cte("gone"),
    )
)


def _move(actor: Actor, case: Case, step: int, now: datetime) -> int:
    """Writes or removes the row and moves every count that it is in; the idea's new number."""
    threshold = rules_of(case.campaign).answer_supports
    count = case.supports_count + step
    due, earned = case.answer_due_latched_at, case.answer_earned_at
    if count >= threshold:
        due, earned = due or now, earned or now
    keys = order_keys(count, case.unsure_count, case.concerns_count, case.published_at)
    counts = {
        **dict(zip(_KEYS, keys, strict=True)),
        **dict(zip(_LATCHES, (due, earned), strict=True)),
    }
    _write(actor, case.id, step, now, counts)
    _tell_entity(case.id, {"supports_count": count, **counts})
    if step > 0 and count == threshold and case.answer_due_latched_at is None:
        outbox.publish(AnswerDue(case.id))
    if case.family_id is not None:
        _move_family(actor, case, step, threshold, now)
    return count


def _write(actor: Actor, idea_id: int, step: int, now: datetime, counts: dict[str, Any]) -> None:
    """The row and the idea: two statements on SQLite, one on PostgreSQL, where each is a way to the server."""
    run = connection().execute
    row = {"of_idea": idea_id, "of_account": actor.id}
    moved = {"moved_id": idea_id, "step": step, **counts}
    if not is_sqlite():
        if step > 0:
            run(_ADD_AND_COUNT, {**row, "given_at": now, **moved})
        else:
            run(_REMOVE_AND_COUNT, {**row, **moved})
        return
    if step > 0:
        run(_ADD_SQLITE, {"idea_id": idea_id, "account_id": actor.id, "given_at": now})
    else:
        run(_REMOVE, row)
    run(_COUNT, moved)


def _tell_entity(idea_id: int, values: dict[str, Any]) -> None:
    """An entity of the idea that the session holds, if it does, shows what was written past it."""
    held = session().identity_map
    idea = held.get(identity_key(Idea, idea_id)) if len(held) else None
    if idea is not None:
        for name, value in values.items():
            set_committed_value(idea, name, value)


def _move_family(actor: Actor, case: Case, step: int, threshold: int, now: datetime) -> None:
    """Counts the person in or out of the family, unless another of its ideas has their support or
    they have left it.
    """
    elsewhere = (
        select(Support.id)
        .join(Idea, Idea.id == Support.idea_id)
        .where(Idea.family_id == case.family_id, Support.account_id == actor.id)
        .where(Support.idea_id != case.id)
    )
    left = select(FamilyLeaver.account_id).where(
        FamilyLeaver.family_id == case.family_id, FamilyLeaver.account_id == actor.id
    )
    total = session().scalar(
        update(Family)
        .where(Family.id == case.family_id, ~elsewhere.exists(), ~left.exists())
        .values(supports_count=Family.supports_count + step)
        .returning(Family.supports_count)
        .execution_options(synchronize_session=False)
    )
    if step > 0 and total == threshold:
        latch_family(int(case.family_id or 0), now)


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
