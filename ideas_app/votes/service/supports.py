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
from ideas_app.core.db import connection, is_sqlite, session
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

    case, of_family, now = _held_case(actor, idea_id, verdict)
    require(policy.not_set_aside(is_aside=case.is_aside))
    if case.said is not None:
        ideas.set_reading_answer(actor, idea_id, None)
        case = queries.get_case(actor.id, idea_id, now)
    if case.is_supported:
        return Supported(case.supports_count, case)
    return Supported(
        _move(actor, case, 1, now, is_last=is_last and not _may_latch(case, of_family)), case
    )


def take_support_back(actor: Actor, idea_id: int, *, is_last: bool = False) -> Supported:
    """Removes the person's support, also one that was set aside, while support is open.

    `is_last`, and what is raised, as for `give_support`. What the supports had started, an official answer, stays.
    """

    def verdict(idea: Voted, now: datetime) -> Verdict:
        return policy.may_take_back(actor, idea, now=now)

    case, _of_family, now = _held_case(actor, idea_id, verdict)
    if case.is_aside:
        mine = (AsideSupport.idea_id == idea_id, AsideSupport.account_id == actor.id)
        session().execute(delete(AsideSupport).where(*mine))
    if not case.is_supported:
        return Supported(case.supports_count, case)
    return Supported(_move(actor, case, -1, now, is_last=is_last), case)


def _held_case(
    actor: Actor, idea_id: int, verdict: Callable[[Voted, datetime], Verdict]
) -> tuple[Case, int, datetime]:
    """The case as it stays until the transaction ends, if the policy allows the act; the supports of its family where
    there is one, and the act's instant.

    A refusal names days, for which all phases of the campaign are needed: then it is asked once more.
    """
    asked_at = clock.now()
    asked = [queries.holding_case(actor.id, idea_id, asked_at)]
    if not is_sqlite():
        asked.insert(0, holding(actor, idea_id, asked_at))
    *held, rows = ask_together(*asked)
    case = queries.case_of(rows)
    kin = held[0][0] if held and held[0] else None
    now = clock.now()  # a phase that was closed while its row was waited for is over by now
    if not verdict(case, now):
        require(verdict(queries.get_idea(idea_id), now))
        raise changed_meanwhile()  # what was not held has opened just now
    if held and case.family_id != (kin.family_id if kin else None):
        raise changed_meanwhile()
    return case, (kin.supports_count or 0) if kin else 0, now


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


_FAMILY: Any = Family.__table__
_LEAVER: Any = FamilyLeaver.__table__
_OF_FAMILY = given("of_family", Integer())
_ELSEWHERE = (
    select(_SUPPORT.c.id)
    .join(_IDEA, _IDEA.c.id == _SUPPORT.c.idea_id)
    .where(
        _IDEA.c.family_id == _OF_FAMILY,
        _SUPPORT.c.account_id == _ROW["account_id"],
        _SUPPORT.c.idea_id != _ROW["idea_id"],
    )
)
_LEFT = select(_LEAVER.c.account_id).where(
    _LEAVER.c.family_id == _OF_FAMILY, _LEAVER.c.account_id == _ROW["account_id"]
)
_FAMILY_STEP = (
    update(_FAMILY)
    .where(_FAMILY.c.id == _OF_FAMILY, ~_ELSEWHERE.exists(), ~_LEFT.exists())
    .values(supports_count=_FAMILY.c.supports_count + given("step", Integer()))
)
_COUNT_IN_FAMILY = Prepared(_FAMILY_STEP)


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
    _write(actor, case.id, step, {"given_at": now, **counts}, is_last=is_last)
    _tell_entity(case.id, {"supports_count": count, **counts})
    if step > 0 and count == threshold and case.answer_due_latched_at is None:
        outbox.publish(AnswerDue(case.id))
    if case.family_id is not None:
        _move_family(actor, case, step, threshold, now, is_last=is_last)
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


def _may_latch(case: Case, of_family: int) -> bool:
    """Whether one more supporter of the family is the one that earns it an answer: that is looked at before the end."""
    threshold = rules_of(case.campaign).answer_supports
    return case.family_id is not None and of_family + 1 == threshold


def _move_family(
    actor: Actor, case: Case, step: int, threshold: int, now: datetime, *, is_last: bool
) -> None:
    """Counts the person in or out of the family, unless another of its ideas has their support or
    they have left it.
    """
    values = {
        "of_family": case.family_id,
        "of_account": actor.id,
        "of_idea": case.id,
        "step": step,
    }
    if is_last and not is_sqlite():
        write_last(_COUNT_IN_FAMILY, **values)
        return
    total = connection().execute(_FAMILY_STEP.returning(_FAMILY.c.supports_count), values).scalar()
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
