"""One decision for several ideas: each by the service that decides about one, all of them or none.

Must not know rules of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.errors import DomainError, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import queries as ideas
from ideas_app.moderation.rules import BULK_MAX, Decision
from ideas_app.moderation.service.decisions import publish, reject, return_to_author
from ideas_app.moderation.service.undo import join_acts, newest_act

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea, RejectCode
    from ideas_app.moderation.models import DeskAct

BULK = (Decision.PUBLISH, Decision.RETURN, Decision.REJECT)
"""What may be decided for several at once; hiding is looked at one by one."""


def decide_many(
    actor: Actor,
    idea_ids: Sequence[int],
    decision: Decision,
    *,
    code: RejectCode | str = "",
    reason: str = "",
) -> int:
    """Decides about every idea, in the order of their ids, or about none; how many.

    What was wrong with which is told as faults whose field is `idea-ID`; a reason that fits none is told
    once. Taken back together. Raises `Invalid`.
    """
    wanted = sorted(set(idea_ids))
    if not wanted or len(wanted) > BULK_MAX or decision not in BULK:
        message = _l("Tick between 1 and %(most)s ideas.", most=BULK_MAX)
        raise Invalid(Fault("ids", "nothing_ticked", message))
    acts: list[DeskAct] = []
    faults: list[Fault] = []
    for idea_id in wanted:
        try:
            _decide(actor, ideas.get_idea(idea_id), decision, code, reason)
        except Invalid as invalid:
            raise Invalid(*invalid.faults) from None
        except DomainError as fault:
            faults.append(Fault(f"idea-{idea_id}", fault.code, fault.message))
        else:
            act = newest_act(actor)
            assert act is not None  # noqa: S101  # every decision of a person leaves one
            acts.append(act)
    if faults:
        raise Invalid(*faults)
    join_acts(acts)
    return len(wanted)


def _decide(
    actor: Actor, idea: Idea, decision: Decision, code: RejectCode | str, reason: str
) -> None:
    if decision is Decision.PUBLISH:
        publish(actor, idea)
    elif decision is Decision.RETURN:
        return_to_author(actor, idea, reason)
    else:
        reject(actor, idea, code, reason)
