"""Who may comment, mend, delete, highlight and hide, and when. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.campaigns import policy as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.comments.rules import mend_until
from ideas_app.core import clock
from ideas_app.core.i18n import lazy_day, lazy_ngettext
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, first_refusal, refuse
from ideas_app.ideas import policy as ideas
from ideas_app.ideas.rules import LISTED

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Protocol

    from flask_babel import LazyString

    from ideas_app.campaigns.rules import Allowance
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea

    class Written(Protocol):
        """A comment, as a row of the table or as a line of a thread."""

        author_id: int
        written_at: datetime
        deleted_at: datetime | None
        hidden_at: datetime | None


NOT_NOW = frozenset({"closed", "not_discussed", "gone", "too_late"})
"""Codes of refusals that come from time or state, not from the person: services answer with 409."""


def may_comment(actor: Actor, idea: Idea, *, now: datetime) -> Verdict:
    """Everybody with a verified account, staff included, while the campaign has its discussion
    open.

    The campaign's rule of who takes part is about votes: a word may come from anyone who can be
    answered.
    """
    return first_refusal(
        _readable(actor, idea),
        _discussed(idea),
        _open(idea, now),
        _signed_in(actor),
        _verified(actor),
    )


def newcomer_comments_reason(allowed: Allowance) -> LazyString:
    """Why a new account cannot write another comment yet, and from when on it can."""
    until = allowed.until or clock.now()
    return lazy_ngettext(
        "Your account is new, so you can write %(num)s comment until %(day)s, %(time)s. Please go on then.",
        "Your account is new, so you can write %(num)s comments until %(day)s, %(time)s. Please go on then.",
        allowed.comments,
        day=lazy_day(until),
        time=until.astimezone(clock.SEOUL).strftime("%H:%M"),
    )


def may_edit(actor: Actor, comment: Written, *, now: datetime, minutes: int) -> Verdict:
    """The author alone, for some minutes after writing."""
    return first_refusal(
        _signed_in(actor), _own(actor, comment), _standing(comment), _in_time(comment, now, minutes)
    )


def may_delete(actor: Actor, comment: Written) -> Verdict:
    """The author alone, at any time. What others wrote, moderators hide with a reason."""
    return first_refusal(_signed_in(actor), _own(actor, comment), _not_deleted(comment))


def may_highlight(actor: Actor) -> Verdict:
    """Moderators."""
    return _permitted(actor, Permission.COMMENT_HIGHLIGHT)


def may_hide(actor: Actor) -> Verdict:
    """Moderators, with a coded reason."""
    return _permitted(actor, Permission.IDEA_MODERATE)


def _signed_in(actor: Actor) -> Verdict:
    if actor.is_signed_in:
        return ALLOWED
    return refuse("sign_in", _l("Please sign in first."), sign_in=True)


def _verified(actor: Actor) -> Verdict:
    if not actor.has(Permission.COMMENT_WRITE):
        return refuse("not_permitted", _l("Your account is not allowed to do this."))
    if actor.is_verified:
        return ALLOWED
    reason = _l("Confirm your e-mail address first: the link is in the mail we sent you.")
    return refuse("not_verified", reason)


def _readable(actor: Actor, idea: Idea) -> Verdict:
    if ideas.may_read(actor, idea):
        return ALLOWED
    return refuse("not_found", _l("There is no such idea."))


def _discussed(idea: Idea) -> Verdict:
    if idea.state in LISTED:
        return ALLOWED
    return refuse("not_discussed", _l("This idea takes no comments in its present state."))


def _open(idea: Idea, now: datetime) -> Verdict:
    verdict = campaigns.is_open(idea.campaign, Activity.COMMENT, now)
    return ALLOWED if verdict else refuse("closed", verdict.reason)


def _own(actor: Actor, comment: Written) -> Verdict:
    if actor.id == comment.author_id:
        return ALLOWED
    return refuse("not_yours", _l("Only the person who wrote a comment can change it."))


def _not_deleted(comment: Written) -> Verdict:
    if comment.deleted_at is None:
        return ALLOWED
    return refuse("gone", _l("This comment has been deleted already."))


def _standing(comment: Written) -> Verdict:
    if comment.hidden_at is not None:
        return refuse(
            "gone", _l("A moderator has hidden this comment: it can no longer be changed.")
        )
    return _not_deleted(comment)


def _in_time(comment: Written, now: datetime, minutes: int) -> Verdict:
    if now < mend_until(comment.written_at, minutes):
        return ALLOWED
    reason = lazy_ngettext(
        "A comment can be changed for %(num)s minute after it was written. You can still delete it.",
        "A comment can be changed for %(num)s minutes after it was written. You can still delete it.",
        minutes,
    )
    return refuse("too_late", reason)


def _permitted(actor: Actor, permission: Permission) -> Verdict:
    if actor.has(permission):
        return ALLOWED
    reason = _l("Your account is not allowed to do this.")
    return refuse("not_permitted", reason, sign_in=not actor.is_signed_in)
