"""Flags on ideas and comments, and the hiding of comments that often follows.

Must not know how a flag is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.comments import service as comments
from ideas_app.comments.models import Comment
from ideas_app.core import clock, text
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import Idea, RejectCode, State
from ideas_app.moderation import policy, queries
from ideas_app.moderation.models import Flag
from ideas_app.moderation.rules import (
    FLAG_NOTE_MAX,
    FlagCode,
    FlagOutcome,
    Item,
    hide_code_of,
)
from ideas_app.moderation.service.decisions import hide
from ideas_app.moderation.service.flagged import settle_open
from ideas_app.moderation.service.gates import checked, hold, require
from ideas_app.moderation.service.locks import release, require_lock
from ideas_app.moderation.service.undo import undoable

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


_HIDING = ("deleted_at", "hidden_at", "hidden_code", "hidden_reason", "highlighted_at")


def raise_flag(actor: Actor, subject: Idea | Comment, code: FlagCode | str, note: str = "") -> Flag:
    """Puts an idea or a comment in front of the moderators: once a person, whatever comes of it.

    Raises `Refused` (visitor, own text), `NotFound` or `Conflict` for what cannot be read,
    `Conflict` for a second flag, `Invalid` (fields `code`, `note`).
    """
    if isinstance(subject, Comment):
        idea = ideas.get_idea(subject.idea_id)
        require(policy.may_flag_comment(actor, subject, idea))
    else:
        require(policy.may_flag_idea(actor, subject))
    if code not in set(FlagCode):
        raise Invalid(Fault("code", "unknown_code", _l("Choose one of the reasons listed.")))
    on_idea = isinstance(subject, Idea)
    row = {
        "idea_id": subject.id if on_idea else None,
        "comment_id": None if on_idea else subject.id,
        "reporter_id": actor.id,
        "code": FlagCode(code).value,
        "note": _checked_note(note),
        "raised_at": clock.now(),
    }
    if not insert_ignore(Flag, row):
        message = _l("You have flagged this already. A moderator looks at it.")
        raise Conflict("already_flagged", message)
    return queries.get_flag_of(actor.id or 0, subject)


def settle_flag(
    actor: Actor,
    flag: Flag,
    outcome: FlagOutcome | str,
    reason: str,
    *,
    code: RejectCode | str | None = None,
) -> None:
    """A moderator hides the flagged thing or dismisses the flag, and says why.

    Hiding settles every open flag of the thing; its code is `code`, or the flag's own where that
    allows hiding. Raises `Refused`, `Conflict` when settled, `Invalid` (fields `outcome`,
    `reason`, `code`).
    """
    policy.may_moderate(actor).require()
    session().refresh(flag, with_for_update=True)
    subject = queries.get_subject(flag)
    require(policy.may_settle_flag(actor, flag, subject))
    require_lock(actor, Item.FLAG, flag.id)
    reason = checked(reason)
    if outcome not in set(FlagOutcome):
        raise Invalid(Fault("outcome", "unknown_outcome", _l("Choose what is to be done.")))
    outcome = FlagOutcome(outcome)
    on_comment = isinstance(subject, Comment)
    idea_id = subject.idea_id if isinstance(subject, Comment) else subject.id
    if isinstance(subject, Idea):
        hold(subject)
    else:
        session().refresh(subject, _HIDING, with_for_update=True)
    with undoable(actor, "settle_flag", idea_id, subject, *queries.list_open_flags(subject)):
        if outcome is FlagOutcome.HIDDEN:
            _hide_subject(actor, subject, code or hide_code_of(flag.code), reason)
        flag.settled_at = clock.now()
        flag.settled_by = actor.id
        flag.outcome = outcome.value
        kind = "comment" if on_comment else "idea"
        diff = {"flag": flag.id, "code": flag.code, "outcome": outcome.value}
        audit.record(actor, Tag.FLAG_SETTLED, kind, subject.id, reason=reason, diff=diff)
    release(actor, Item.FLAG, flag.id)


def hide_comment(actor: Actor, comment: Comment, code: RejectCode | str, reason: str) -> None:
    """A moderator hides somebody else's comment; its open flags are settled, its author is told.

    Raises `Refused`, `Conflict` when it cannot be read any more, `Invalid` (`reason`, `code`).
    """
    require(policy.may_hide_comment(actor, comment))
    flags = queries.list_open_flags(comment)
    with undoable(actor, "hide_comment", comment.idea_id, comment, *flags):
        comments.hide(actor, comment, str(code), checked(reason))
        settle_open(actor, Comment, comment.id, FlagOutcome.HIDDEN)


def restore_comment(actor: Actor, comment: Comment, reason: str) -> None:
    """A hidden comment can be read again. Raises `Refused`, `Conflict`, `Invalid` (`reason`)."""
    require(policy.may_restore_comment(actor, comment))
    with undoable(actor, "restore_comment", comment.idea_id, comment):
        comments.restore(actor, comment, checked(reason))


def _hide_subject(
    actor: Actor, subject: Idea | Comment, code: RejectCode | str | None, reason: str
) -> None:
    """Hides what was flagged, unless another flag or the author has taken it away already."""
    if isinstance(subject, Comment):
        if policy.comment_stands(subject):
            hide_comment(actor, subject, _needed(code), reason)
    elif subject.state is not State.HIDDEN:
        hide(actor, subject, _needed(code), reason, through_flag=True)


def _needed(code: RejectCode | str | None) -> RejectCode | str:
    if not code:
        message = _l("Say under which reason it is hidden: personal data, abuse or advertising.")
        raise Invalid(Fault("code", "code_missing", message))
    return code


def _checked_note(note: str) -> str:
    note = text.one_line(note)
    if text.length(note) > FLAG_NOTE_MAX:
        message = _l("Too long: at most %(most)s characters fit here.", most=FLAG_NOTE_MAX)
        raise Invalid(Fault("note", "too_long", message))
    return note
