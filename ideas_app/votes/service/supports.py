"""Giving and taking back a support, exact under any concurrency.

Order of locks on PostgreSQL, the same for all who move supports: person, phase, family, idea, support row.
Once they are held nobody else moves what a `Case` shows, so it is read once and what follows from it is written.
Must not know ballots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, delete, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock, outbox
from ideas_app.core.columns import Instant
from ideas_app.core.db import is_sqlite, session
from ideas_app.core.prepared import Prepared, given
from ideas_app.core.together import ask_together, write_last
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Family, Idea
from ideas_app.ideas.rules import order_keys
from ideas_app.votes import policy, queries
from ideas_app.votes.events import AnswerDue
from ideas_app.votes.models import AsideSupport, FamilyLeaver, Support
from ideas_app.votes.service.gates import changed_meanwhile, holding, require

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


def give_support(actor: Actor, idea_id: int, *, is_last: bool = False) -> Supported:
    """One person's support of one idea, at most once. `is_last`: nothing asks about it any more in this transaction.

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
    return Supported(_move(actor, case, 1, now, is_last=is_last), case)


def take_support_back(actor: Actor, idea_id: int, *, is_last: bool = False) -> Supported:
    """Removes the person's support, also one that was set aside, while support is open.

    `is_last`, and what is raised, as for `give_support`. What the supports had started, an official answer, stays.
    """

    def verdict(idea: Voted, now: datetime) -> Verdict:
        return policy.may_take_back(actor, idea, now=now)

    case, now = _held_case(actor, idea_id, verdict)
    if case.is_aside:
        mine = (AsideSupport.idea_id == idea_id, AsideSupport.account_id == actor.id)
        session().execute(delete(AsideSupport).where(*mine))
    if not case.is_supported:
        return Supported(case.supports_count, case)
    return Supported(_move(actor, case, -1, now, is_last=is_last), case)


def _held_case(
    actor: Actor, idea_id: int, verdict: Callable[[Voted, datetime], Verdict]
) -> tuple[Case, datetime]:
    """The case as it stays until the transaction ends, if the policy allows the act; and the act's instant.

    A refusal names days, for which all phases of the campaign are needed: then it is asked once more.
    """
    asked_at = clock.now()
    reading = queries.holding_case(actor.id, idea_id, asked_at)
    if is_sqlite():
        (rows,) = ask_together(reading)
        case = queries.case_of(rows)
        family_id = case.family_id
    else:
        held, rows = ask_together(holding(actor, idea_id, asked_at), reading)
        case = queries.case_of(rows)
        family_id = held[0].family_id if held else None
    now = clock.now()  # a phase that was closed while its row was waited for is over by now
    if not verdict(case, now):
        require(verdict(queries.get_idea(idea_id), now))
        raise changed_meanwhile()  # what was not held has opened just now
    if case.family_id != family_id:
        raise changed_meanwhile()
    return case, now


_IDEA: Any = Idea.__table__
_SUPPORT: Any = Support.__table__
_KEYS = ("rated_key", "rising_key", "debated_key")
_LATCHES = ("answer_due_latched_at", "answer_earned_at")

_COUNT = (
    update(_IDEA)
    .where(_IDEA.c.id == given("moved_id", Integer()))
    .values(
        supports_count=_IDEA.c.supports_count + given("step", Integer()),
        **{name: given(name, _IDEA.c[name].type) for name in (*_KEYS, *_LATCHES)},
    )
)
_ROW = {
    "idea_id": given("of_idea", Integer()),
    "account_id": given("of_account", Integer()),
    "given_at": given("given_at", Instant()),
}
_REMOVE = delete(_SUPPORT).where(
    _SUPPORT.c.idea_id == _ROW["idea_id"], _SUPPORT.c.account_id == _ROW["account_id"]
)


def _counted(rows: Any) -> Prepared:
    """The row and the count in one statement: for PostgreSQL."""
    return Prepared(_COUNT.where(_IDEA.c.id.in_(select(rows.c.idea_id))))


# put together once: a support is the act that most people do at the same time
_ADD_AND_COUNT = _counted(
    postgresql.insert(_SUPPORT)
    .values(_ROW)
    .on_conflict_do_nothing()
    .returning(_SUPPORT.c.idea_id)
    .cte("made")
)
_REMOVE_AND_COUNT = _counted(_REMOVE.returning(_SUPPORT.c.idea_id).cte("gone"))
_STEPS_OF_SQLITE = {
    1: (Prepared(insert(_SUPPORT).values(_ROW)), Prepared(_COUNT)),
    -1: (Prepared(_REMOVE), Prepared(_COUNT)),
}


def _move(actor: Actor, case: Case, step: int, now: datetime, *, is_last: bool) -> int:
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
    # what follows for a family looks at all its rows
    is_last = is_last and case.family_id is None
    _write(actor, case.id, step, {"given_at": now, **counts}, is_last=is_last)
    _tell_entity(case.id, {"supports_count": count, **counts})
    if step > 0 and count == threshold and case.answer_due_latched_at is None:
        outbox.publish(AnswerDue(case.id))
    if case.family_id is not None:
        _move_family(actor, case, step, threshold, now)
    return count


def _write(actor: Actor, idea_id: int, step: int, counts: dict[str, Any], *, is_last: bool) -> None:
    """The row and the idea: two statements on SQLite, one on PostgreSQL, where each is a way to the server."""
    values = {
        "of_idea": idea_id,
        "of_account": actor.id,
        "moved_id": idea_id,
        "step": step,
        **counts,
    }
    if is_sqlite():
        for statement in _STEPS_OF_SQLITE[step]:
            statement.run(**values)
        return
    whole = _ADD_AND_COUNT if step > 0 else _REMOVE_AND_COUNT
    if is_last:
        write_last(whole, **values)
    else:
        whole.run(**values)


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
