"""What every vote passes: the phase held as it is now, a refusal turned into its kind of answer.

Must not know what is voted for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, func, select, true

from ideas_app.campaigns.models import Activity, Campaign, Phase
from ideas_app.core import clock
from ideas_app.core.columns import Instant
from ideas_app.core.db import is_sqlite, session
from ideas_app.core.errors import Conflict, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.prepared import Prepared, given
from ideas_app.ideas.models import Family, Idea
from ideas_app.votes import policy

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.core.actor import Actor
    from ideas_app.core.verdict import Verdict


def hold_open(campaign: Campaign, activity: Activity) -> None:
    """Holds the phases that are open for the activity, as they are now, until the transaction
    ends.

    Whoever closes a phase changes its row and so waits for the votes under way; votes that come
    after it see it closed. On SQLite `transaction()` already keeps every other writer out.
    """
    if is_sqlite():
        return
    now = clock.now()
    held = [
        phase.id
        for phase in campaign.phases
        if activity in phase.activities and phase.starts_at <= now < phase.ends_at
    ]
    if held:
        query = select(Phase).where(Phase.id.in_(held)).order_by(Phase.id)
        query = query.with_for_update(read=True).execution_options(populate_existing=True)
        session().scalars(query).all()


def hold_for_papers(campaign: Campaign) -> None:
    """Keeps every vote of the campaign's ballot, on screen and on paper, waiting until the transaction
    ends: a person must not vote both ways at once.
    """
    if is_sqlite():
        return
    ids = [phase.id for phase in campaign.phases if Activity.BALLOT in phase.activities]
    query = select(Phase).where(Phase.id.in_(ids)).order_by(Phase.id)
    session().scalars(query.with_for_update().execution_options(populate_existing=True)).all()


_PERSONS = 7_251_003
"""Class of PostgreSQL's advisory locks by account: they cost neither a row's new version nor a write."""


def _hold_of_support() -> Prepared:
    """The person comes first: rows of `phase` are locked as they leave the statement, after whatever it computes. The
    family comes last: which one it is, is known only when all phases have been.
    """
    idea: Any = Idea.__table__
    phase: Any = Phase.__table__
    family: Any = Family.__table__
    now = given("now", Instant())
    lock = func.pg_advisory_xact_lock(given("persons", Integer()), given("account_id", Integer()))
    person = select(lock.label("held")).cte("person").prefix_with("MATERIALIZED")
    running = (
        select(idea.c.family_id)
        .join(phase, phase.c.campaign_id == idea.c.campaign_id)
        .join(person, true())
        .where(
            idea.c.id == given("idea_id", Integer()),
            phase.c.starts_at <= now,
            phase.c.ends_at > now,
        )
        .with_for_update(read=True, of=phase)
        .cte("running")
        .prefix_with("MATERIALIZED")
    )
    its_family = select(func.max(running.c.family_id)).scalar_subquery()
    kin = (
        select(family.c.id, family.c.supports_count)
        .where(family.c.id == its_family)
        .with_for_update()
        .cte("kin")
    )
    found = select(kin.c.id.label("family_id"), kin.c.supports_count).select_from(running)
    return Prepared(found.outerjoin(kin, kin.c.id == running.c.family_id))


_HOLD_SUPPORT = _hold_of_support()


def holding(actor: Actor, idea_id: int, now: datetime) -> tuple[Prepared, dict[str, Any]]:
    """The statement for PostgreSQL that holds what a support of an idea depends on, until the transaction ends: the
    person, so that what they say of ideas comes one after another, the phases that are running, as in `hold_open`,
    and the idea's family, in which a person counts once. It gives the family's id and its supports.

    SQLite needs none: there `transaction()` already keeps every other writer out.
    """
    asked = {"persons": _PERSONS, "account_id": actor.id, "idea_id": idea_id, "now": now}
    return _HOLD_SUPPORT, asked


def hold(actor: Actor, idea_id: int) -> None:
    """Holds it, on any database."""
    if not is_sqlite():
        statement, values = holding(actor, idea_id, clock.now())
        statement.all(**values)


def changed_meanwhile() -> Conflict:
    """The fault of an act that met a moderator's."""
    message = _l("This idea has just been changed by a moderator. Please look at it once more.")
    return Conflict("changed_meanwhile", message)


def require(verdict: Verdict) -> None:
    """Raises unless allowed: `Conflict` where the time or state is wrong, `NotFound`, or
    `Refused`.
    """
    if verdict.code in policy.NOT_NOW:
        raise Conflict(verdict.code, verdict.reason)
    if verdict.code == "not_found":
        raise NotFound(verdict.code, verdict.reason)
    verdict.require()
