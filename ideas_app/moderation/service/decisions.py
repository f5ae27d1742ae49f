"""Decisions on ideas: publish, return, reject, hide, restore.

Must not know the queue: what comes next is a view's question.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock, outbox, text
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea, RejectCode, State
from ideas_app.moderation import policy, queries
from ideas_app.moderation.events import (
    IdeaHidden,
    IdeaPublished,
    IdeaRejected,
    IdeaRestored,
    IdeaReturned,
)
from ideas_app.moderation.rules import FORWARDED_CODES, HIDE_CODES, Decision, FlagOutcome, Item
from ideas_app.moderation.service.flagged import settle_open
from ideas_app.moderation.service.gates import checked, hold, require
from ideas_app.moderation.service.locks import release, require_lock
from ideas_app.moderation.service.undo import undoable
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def publish(actor: Actor, idea: Idea) -> None:
    """The idea comes onto the public list; its author is told.

    Raises `Refused` (no moderator, own idea), `Conflict` when it was decided meanwhile.
    """
    before = _begin(actor, idea, Decision.PUBLISH)
    with undoable(actor, Decision.PUBLISH, idea.id, idea):
        ideas.change_state(idea, State.PUBLISHED)
        audit.record(actor, Tag.IDEA_PUBLISHED, "idea", idea.id, diff=_diff(before, idea))
        outbox.publish(IdeaPublished(idea.id))
    release(actor, Item.IDEA, idea.id)


def return_to_author(actor: Actor, idea: Idea, reason: str) -> None:
    """The author is asked to mend the idea within the campaign's days; it leaves the queue till then.

    Raises `Refused`, `Conflict`, `Invalid` (field `reason`).
    """
    before = _begin(actor, idea, Decision.RETURN)
    reason = checked(reason)
    with undoable(actor, Decision.RETURN, idea.id, idea):
        ideas.change_state(idea, State.RETURNED, code=RejectCode.UNCLEAR, reason=reason)
        diff = _diff(before, idea)
        audit.record(actor, Tag.IDEA_RETURNED, "idea", idea.id, reason=reason, diff=diff)
        outbox.publish(IdeaReturned(idea.id))
    release(actor, Item.IDEA, idea.id)


def reject(
    actor: Actor,
    idea: Idea,
    code: RejectCode | str,
    reason: str,
    *,
    duplicate_of: Idea | None = None,
    forwarded_to: str = "",
) -> None:
    """The idea is not published, for a coded reason that its author gets in words.

    `duplicate_of` names the public idea that came first; `forwarded_to` the body that a matter of
    others was passed to. Raises `Refused`, `Conflict`, `Invalid` (fields `reason`, `code`,
    `duplicate_of`, `forwarded_to`).
    """
    before = _begin(actor, idea, Decision.REJECT)
    code = _known(code)
    reason = checked(reason)
    _check_original(idea, code, duplicate_of)
    forwarded_to = _checked_body(code, forwarded_to)
    told = _with_body(idea, reason, forwarded_to)
    with undoable(actor, Decision.REJECT, idea.id, idea):
        ideas.change_state(idea, State.REJECTED, code=code, reason=told)
        idea.duplicate_of_id = duplicate_of.id if duplicate_of else None
        diff = _diff(before, idea)
        if duplicate_of:
            diff["duplicate_of"] = duplicate_of.id
        if forwarded_to:
            diff["forwarded_to"] = forwarded_to
        audit.record(actor, Tag.IDEA_REJECTED, "idea", idea.id, reason=told, diff=diff)
        outbox.publish(IdeaRejected(idea.id))
    release(actor, Item.IDEA, idea.id)


def hide(
    actor: Actor, idea: Idea, code: RejectCode | str, reason: str, *, through_flag: bool = False
) -> None:
    """Takes the idea out of public view at once, in whatever state it stands; open flags are settled.

    The state, code, words and date before are kept in the log for `restore`. With `through_flag` the
    lock of the flag was asked already. Raises `Refused`, `Conflict` when it is hidden already, `Invalid`
    (fields `reason`, `code`).
    """
    before = _begin(actor, idea, Decision.HIDE, locked=through_flag)
    code = _known(code)
    if code not in HIDE_CODES:
        message = _l("Texts are hidden for personal data, abuse or advertising only.")
        raise Invalid(Fault("code", "code_not_hiding", message))
    reason = checked(reason)
    with undoable(actor, Decision.HIDE, idea.id, idea, *queries.list_open_flags(idea)):
        ideas.change_state(idea, State.HIDDEN, code=code, reason=reason)
        diff = _diff(before, idea) | {"before": before}
        audit.record(actor, Tag.IDEA_HIDDEN, "idea", idea.id, reason=reason, diff=diff)
        settle_open(actor, Idea, idea.id, FlagOutcome.HIDDEN)
        outbox.publish(IdeaHidden(idea.id))
    release(actor, Item.IDEA, idea.id)


def restore(actor: Actor, idea: Idea, reason: str) -> None:
    """A hidden idea stands again exactly where it stood, with the code and words it had then.

    Raises `Refused`, `Conflict` when it is not hidden, `Invalid` (field `reason`).
    """
    hidden = _begin(actor, idea, Decision.RESTORE)
    reason = checked(reason)
    before = queries.find_before_hiding(idea.id)
    state = State(idea.state_before_hidden or before.get("state") or State.PUBLISHED)
    code = RejectCode(before["code"]) if before.get("code") else None
    with undoable(actor, Decision.RESTORE, idea.id, idea):
        ideas.change_state(idea, state, code=code, reason=before.get("told", ""))
        idea.state_before_hidden = None
        if before.get("decided_at"):
            idea.decided_at = datetime.fromisoformat(before["decided_at"])
        diff = _diff(hidden, idea)
        audit.record(actor, Tag.IDEA_RESTORED, "idea", idea.id, reason=reason, diff=diff)
        outbox.publish(IdeaRestored(idea.id))
    release(actor, Item.IDEA, idea.id)


def _begin(actor: Actor, idea: Idea, decision: Decision, *, locked: bool = False) -> dict[str, Any]:
    """Holds the idea, asks whether the actor may and has it open; what it was before, as plain JSON."""
    policy.may_moderate(actor).require()
    hold(idea)
    require(policy.may_decide(actor, idea, decision, now=clock.now()))
    if not locked:
        require_lock(actor, Item.IDEA, idea.id)
    return {
        "state": idea.state.value,
        "code": idea.code.value if idea.code else None,
        "told": idea.state_reason,
        "decided_at": idea.decided_at.isoformat() if idea.decided_at else None,
    }


def _diff(before: dict[str, Any], idea: Idea) -> dict[str, Any]:
    diff = {"state": [before["state"], idea.state.value]}
    code = idea.code.value if idea.code else None
    if before["code"] != code:
        diff["code"] = [before["code"], code]
    return diff


def _known(code: RejectCode | str) -> RejectCode:
    try:
        return RejectCode(code)
    except ValueError:
        message = _l("Choose one of the reasons listed.")
        raise Invalid(Fault("code", "unknown_code", message)) from None


def _check_original(idea: Idea, code: RejectCode, original: Idea | None) -> None:
    """Which idea came first is named for duplicates only, and is one that the author can go and see."""
    if original is None:
        return
    if code is not RejectCode.DUPLICATE:
        message = _l("Another idea is named only where the reason is “duplicate”.")
    elif original.id == idea.id or not original.is_listed:
        message = _l("Name another idea that is on the public list.")
    else:
        return
    raise Invalid(Fault("duplicate_of", "no_original", message))


def _checked_body(code: RejectCode, body: str) -> str:
    body = text.one_line(body)
    if body and code not in FORWARDED_CODES:
        message = _l("Only complaints and matters of other bodies are passed on.")
        raise Invalid(Fault("forwarded_to", "not_forwarded", message))
    return checked(body, field="forwarded_to", most=100) if body else ""


def _with_body(idea: Idea, reason: str, body: str) -> str:
    """The words for the author; where it went stands below them, in the author's language."""
    if not body:
        return reason
    with speaking(idea.author.locale):
        where = str(_l("Passed on to: %(body)s", body=body))
    return f"{reason}\n\n{where}"
