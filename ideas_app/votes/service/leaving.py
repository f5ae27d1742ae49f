"""Supporters who leave a family, and come back.

Whoever supports a member and does not agree with the common text leaves the family: they are no
longer counted for it, on its page and where supports elect, and their support stays with the idea
they gave it to, where it counts as before and can be taken back on its own. They may come back.
Both are possible as long as the family has not been decided on; whether supports can still be given
does not matter, for families are often formed after the gathering. What the number of people had
started, an official answer, stays started. Must not know how families are formed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, session
from ideas_app.votes import policy, queries
from ideas_app.votes.models import FamilyLeaver
from ideas_app.votes.service.counters import recount_family
from ideas_app.votes.service.gates import require

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Family


def leave_family(actor: Actor, family: Family) -> int:
    """Counts a supporter no longer for the family; leaving twice is leaving once. The new number.

    Raises `Refused` (not signed in, no supporter of a member), `Conflict` (split, decided on).
    """
    _hold(actor, family)
    row = {"family_id": family.id, "account_id": actor.id, "left_at": clock.now()}
    insert_ignore(FamilyLeaver, row)
    return recount_family(family)


def return_to_family(actor: Actor, family: Family) -> int:
    """Counts somebody who left for the family again. Raises as `leave_family`."""
    _hold(actor, family)
    session().execute(
        delete(FamilyLeaver).where(
            FamilyLeaver.family_id == family.id, FamilyLeaver.account_id == actor.id
        )
    )
    return recount_family(family)


def forget_leavers(family: Family) -> None:
    """Nobody need know who had left a family that is no more."""
    session().execute(delete(FamilyLeaver).where(FamilyLeaver.family_id == family.id))


def _hold(actor: Actor, family: Family) -> None:
    """The family as it is now: supports of its members wait until this transaction ends."""
    session().refresh(family, with_for_update=True)
    verdict = policy.may_leave_family(
        actor,
        family,
        queries.list_member_states(family.id),
        is_supporter=queries.supports_member(actor.id, family.id),
    )
    require(verdict)
