"""Appeals against rejections: filed once by the author, settled by another moderator.

Must not know how people are told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock, outbox
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import queries as ideas
from ideas_app.ideas import service as idea_service
from ideas_app.ideas.models import State
from ideas_app.moderation import policy, queries
from ideas_app.moderation.events import AppealFiled, AppealSettled
from ideas_app.moderation.models import Appeal
from ideas_app.moderation.rules import AppealOutcome, Item
from ideas_app.moderation.service.gates import checked, hold, require
from ideas_app.moderation.service.locks import release, require_lock
from ideas_app.moderation.service.undo import undoable

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea


def file_appeal(actor: Actor, idea: Idea, text: str) -> Appeal:
    """The author says why the rejection is wrong; the moderator who rejected is noted from the log.

    Raises `Refused` (not the author, too late, a second time), `Conflict` when two are sent at
    once, `Invalid` (field `text`).
    """
    hold(idea)
    has_appealed = queries.find_appeal_of(idea.id) is not None
    require(policy.may_appeal(actor, idea, has_appealed=has_appealed, now=clock.now()))
    row = {
        "idea_id": idea.id,
        "author_id": actor.id,
        "rejected_by": queries.find_rejecter(idea.id),
        "text": checked(text, field="text"),
        "filed_at": clock.now(),
    }
    if not insert_ignore(Appeal, row):
        message = _l("You have appealed already, and once is all there is.")
        raise Conflict("appealed", message)
    appeal = queries.find_appeal_of(idea.id)
    assert appeal is not None  # noqa: S101  # the row was inserted in this transaction
    outbox.publish(AppealFiled(appeal.id))
    return appeal


def settle_appeal(actor: Actor, appeal: Appeal, outcome: AppealOutcome | str, reason: str) -> None:
    """Another moderator lets the rejection stand or publishes the idea, and tells the author why.

    `AppealSettled` tells of the publication too. Raises `Refused` (the same moderator, the author),
    `Conflict` when settled or when the idea is no longer rejected, `Invalid` (`outcome`, `reason`).
    """
    policy.may_moderate(actor).require()
    session().refresh(appeal, with_for_update=True)
    require(policy.may_settle_appeal(actor, appeal))
    require_lock(actor, Item.APPEAL, appeal.id)
    reason = checked(reason)
    if outcome not in set(AppealOutcome):
        raise Invalid(Fault("outcome", "unknown_outcome", _l("Choose what is to be done.")))
    outcome = AppealOutcome(outcome)
    diff: dict[str, object] = {"outcome": outcome.value}
    idea = ideas.get_idea(appeal.idea_id)
    hold(idea)
    with undoable(actor, "settle_appeal", idea.id, idea, appeal):
        if outcome is AppealOutcome.OVERTURNED:
            _publish(idea)
            diff["state"] = [State.REJECTED.value, State.PUBLISHED.value]
        appeal.settled_at = clock.now()
        appeal.settled_by = actor.id
        appeal.outcome = outcome.value
        appeal.outcome_reason = reason
        audit.record(actor, Tag.APPEAL_SETTLED, "idea", idea.id, reason=reason, diff=diff)
        outbox.publish(AppealSettled(appeal.id))
    release(actor, Item.APPEAL, appeal.id)


def _publish(idea: Idea) -> None:
    if idea.state is not State.REJECTED:
        message = _l("The idea is no longer rejected, so there is nothing to overturn.")
        raise Conflict("already_decided", message)
    idea_service.change_state(idea, State.PUBLISHED)
    idea.duplicate_of_id = None
