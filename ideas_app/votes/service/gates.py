"""What every vote passes: the phase held as it is now, a refusal turned into its kind of answer.

Must not know what is voted for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.accounts.models import Account
from ideas_app.campaigns.models import Activity, Campaign, Phase
from ideas_app.core import clock
from ideas_app.core.db import is_sqlite, session
from ideas_app.core.errors import Conflict, NotFound
from ideas_app.votes import policy

if TYPE_CHECKING:
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


def hold_person(actor: Actor) -> None:
    """Makes what one person says of ideas wait for each other, so that a support and "not sure" of the
    same idea never stand side by side.
    """
    if not is_sqlite():
        own = select(Account.id).where(Account.id == actor.id)
        session().execute(own.with_for_update(key_share=True))


def require(verdict: Verdict) -> None:
    """Raises unless allowed: `Conflict` where the time or state is wrong, `NotFound`, or
    `Refused`.
    """
    if verdict.code in policy.NOT_NOW:
        raise Conflict(verdict.code, verdict.reason)
    if verdict.code == "not_found":
        raise NotFound(verdict.code, verdict.reason)
    verdict.require()
