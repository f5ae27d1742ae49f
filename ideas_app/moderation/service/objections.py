"""Objections of authors to a family, settled by a second moderator. Must not know who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock, outbox
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.moderation import policy, queries
from ideas_app.moderation.events import (
    FamilySplit,
    IdeaLeftFamily,
    ObjectionFiled,
    ObjectionSettled,
)
from ideas_app.moderation.models import Objection
from ideas_app.moderation.rules import ObjectionOutcome
from ideas_app.moderation.service.families import hold_family, release, take_apart
from ideas_app.moderation.service.gates import checked, require

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Family, Idea


def object_to_family(actor: Actor, family: Family, idea: Idea, text: str) -> Objection:
    """The author of a member says why the family is wrong for it.

    Raises `Refused` (not an author, too late, a second time), `Conflict` when the family was
    split, `Invalid` (field `text`).
    """
    session().refresh(family, with_for_update=True)
    session().refresh(idea, ("family_id",))
    member = queries.get_member(family.id, idea.id)
    has_objected = queries.find_objection_of(family.id, idea.id) is not None
    verdict = policy.may_object(
        actor, family, idea, member, has_objected=has_objected, now=clock.now()
    )
    require(verdict)
    objection = Objection(
        family_id=family.id,
        idea_id=idea.id,
        text=checked(text, field="text"),
        filed_at=clock.now(),
    )
    session().add(objection)
    session().flush()
    outbox.publish(ObjectionFiled(objection.id))
    return objection


def settle_objection(
    actor: Actor, objection: Objection, outcome: ObjectionOutcome | str, resolution: str
) -> None:
    """A second moderator keeps the idea in the family, lets it leave, or splits the family.

    Where fewer than two would remain, leaving splits the family too. Raises `Refused` (the
    moderator who formed it), `Conflict` (settled, or put to the vote), `Invalid` (`outcome`,
    `resolution`).
    """
    policy.may_moderate(actor).require()
    family = queries.get_family(objection.family_id)
    members = hold_family(family)
    session().refresh(objection, with_for_update=True)
    formed_by = queries.find_former(family.id)
    require(policy.may_settle_objection(actor, objection, formed_by))
    resolution = checked(resolution, field="resolution")
    if outcome not in set(ObjectionOutcome):
        raise Invalid(Fault("outcome", "unknown_outcome", _l("Choose what is to be done.")))
    outcome = ObjectionOutcome(outcome)
    if outcome is not ObjectionOutcome.KEPT:
        _let_go(actor, family, members, objection.idea_id, outcome, resolution)
    objection.settled_at = clock.now()
    objection.settled_by = actor.id
    objection.outcome = outcome.value
    objection.resolution = resolution
    diff = {"objection": objection.id, "idea": objection.idea_id, "outcome": outcome.value}
    tag = Tag.FAMILY_OBJECTION_SETTLED
    audit.record(actor, tag, "family", family.id, reason=resolution, diff=diff)
    outbox.publish(ObjectionSettled(objection.id))


def _let_go(
    actor: Actor,
    family: Family,
    members: list[Idea],
    idea_id: int,
    outcome: ObjectionOutcome,
    reason: str,
) -> None:
    require(policy.may_split_family(actor, family, members))
    leaving = [idea for idea in members if idea.id == idea_id]
    if outcome is ObjectionOutcome.LEFT and len(members) - len(leaving) >= 2:
        release(family, leaving, reason)
        for idea in leaving:
            outbox.publish(IdeaLeftFamily(family.id, idea.id))
        return
    take_apart(family, members, reason)
    outbox.publish(FamilySplit(family.id))
