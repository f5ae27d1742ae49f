"""What moderators do at their desk: decisions on ideas.

Must not decide anything: the desk's services do, by the same rules and with the same locks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.api.fields import Choice, Whole, Words
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.shapes import Body
from ideas_app.api.v1.ideas import Idea, idea_shape
from ideas_app.core.errors import Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.ideas import queries
from ideas_app.ideas.models import RejectCode
from ideas_app.moderation import service
from ideas_app.moderation.rules import Decision
from ideas_app.web.access import current_actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea as IdeaEntity

_TAKES = {
    Decision.PUBLISH: frozenset[str](),
    Decision.RETURN: frozenset({"reason"}),
    Decision.REJECT: frozenset({"code", "reason", "duplicate_of", "forwarded_to"}),
    Decision.HIDE: frozenset({"code", "reason"}),
    Decision.RESTORE: frozenset({"reason"}),
}
"""What each decision is told with; anything else would be passed over, so it is refused."""


class DecisionBody(Body):
    """A decision. `publish` stands alone; `return` and `restore` need a reason, `reject` and `hide` a code too."""

    decision = Choice(Decision, required=True)
    code = Choice(
        RejectCode,
        metadata={"description": "`hide`: only `personal_data`, `abuse` or `advertising`."},
    )
    reason = Words(
        most=2000, lines=True, metadata={"description": "Told to the author, kept in the log."}
    )
    duplicate_of = Whole(metadata={"description": "With `duplicate`: the idea that came first."})
    forwarded_to = Words(
        most=200,
        metadata={
            "description": "With `not_our_competence` or `complaint`: the body that it was passed to."
        },
    )


@operation(
    "POST",
    "/ideas/<int:idea_id>/decisions",
    access=Permission.IDEA_MODERATE,
    body=DecisionBody,
    answer=Idea,
    errors=(
        "no_idea", "own", "already_decided", "still_mending", "locked", "state", "not_for_decision",
        "reason_missing", "unknown_code", "code_not_hiding", "no_original", "not_forwarded",
    ),
    example=Example(path={"idea_id": 151}, body={"decision": "publish"}),
)  # fmt: skip
def decide(asked: Asked, idea_id: int) -> Any:
    """Decide on an idea.

    As at the desk: nobody decides about an own idea, nor about one that a colleague has open. The author is told
    after ten seconds, in which the desk can still take it back.
    """
    actor, idea = current_actor(), queries.get_idea(idea_id)
    decision = Decision(asked.body["decision"])
    _refuse_others(decision, asked.body)
    _ACTS[decision](actor, idea, asked.body)
    return idea_shape(actor, queries.get_idea(idea_id))


def _refuse_others(decision: Decision, given: Mapping[str, Any]) -> None:
    message = _l("The decision %(decision)s does not take this field.", decision=decision.value)
    others = sorted(given.keys() - _TAKES[decision] - {"decision"})
    if others:
        raise Invalid(*(Fault(name, "not_for_decision", message) for name in others))


def _publish(actor: Actor, idea: IdeaEntity, given: Mapping[str, Any]) -> None:
    del given
    service.publish(actor, idea)


def _return(actor: Actor, idea: IdeaEntity, given: Mapping[str, Any]) -> None:
    service.return_to_author(actor, idea, given.get("reason", ""))


def _reject(actor: Actor, idea: IdeaEntity, given: Mapping[str, Any]) -> None:
    service.reject(
        actor,
        idea,
        given.get("code", ""),
        given.get("reason", ""),
        duplicate_of=_original(given["duplicate_of"]) if "duplicate_of" in given else None,
        forwarded_to=given.get("forwarded_to", ""),
    )


def _hide(actor: Actor, idea: IdeaEntity, given: Mapping[str, Any]) -> None:
    service.hide(actor, idea, given.get("code", ""), given.get("reason", ""))


def _restore(actor: Actor, idea: IdeaEntity, given: Mapping[str, Any]) -> None:
    service.restore(actor, idea, given.get("reason", ""))


_ACTS = {
    Decision.PUBLISH: _publish,
    Decision.RETURN: _return,
    Decision.REJECT: _reject,
    Decision.HIDE: _hide,
    Decision.RESTORE: _restore,
}


def _original(idea_id: int) -> IdeaEntity:
    try:
        return queries.get_idea(idea_id)
    except NotFound:
        message = _l("Name another idea that is on the public list.")
        raise Invalid(Fault("duplicate_of", "no_original", message)) from None
