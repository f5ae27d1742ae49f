"""The verbs of discussion: write, edit, delete, highlight, hide, restore, recount.

`idea.comments_count` counts what can be read: it moves in the transaction that makes or unmakes
that. Must not know the request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from ideas_app.accounts.models import Account
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.rules import allowance_of, rules_of
from ideas_app.comments import policy, queries
from ideas_app.comments.events import CommentHidden, CommentRestored, CommentWritten
from ideas_app.comments.models import Comment, Stance
from ideas_app.comments.rules import HIDE_CODES, find_fault
from ideas_app.core import clock, outbox
from ideas_app.core import text as texts
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid, NotFound, TooMany
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_ngettext
from ideas_app.core.personal import Texts
from ideas_app.ideas import policy as ideas_policy
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea
from ideas_app.ideas.rules import has_link

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign
    from ideas_app.campaigns.rules import Allowance
    from ideas_app.core.actor import Actor
    from ideas_app.core.verdict import Verdict


def write(
    actor: Actor, idea: Idea, text: str, stance: Stance, parent: Comment | None = None
) -> Comment:
    """A comment on an idea, or a reply to one.

    There is one level of replies: a reply to a reply stands under the same comment. Replies take
    no stance. Raises `Refused`, `Conflict`, `NotFound`, `TooMany` over the day's limit,
    `Invalid` (field `text`).
    """
    now = clock.now()
    require(policy.may_comment(actor, idea, now=now))
    rules = rules_of(idea.campaign)
    allowed = allowance_of(rules, actor.joined_at, now)
    _check_limit(actor, allowed)
    text = _checked(text, rules.comment_max, allowed)
    _check_parent(idea, parent)
    comment = Comment(
        idea_id=idea.id,
        author_id=actor.id,
        parent_id=(parent.parent_id or parent.id) if parent else None,
        stance=Stance.NEUTRAL if parent else stance,
        text=text,
        is_staff_voice=actor.is_staff and not actor.is_held,
        written_at=now,
    )
    session().add(comment)
    session().flush()
    _move_count(idea.id, 1)
    outbox.publish(CommentWritten(comment.id))
    return comment


def edit(actor: Actor, comment: Comment, campaign: Campaign, text: str) -> None:
    """Another text for a comment, within the minutes that the campaign allows. Raises as
    `write`.
    """
    rules = rules_of(campaign)
    _hold(comment)
    now = clock.now()
    require(policy.may_edit(actor, comment, now=now, minutes=rules.comment_edit_minutes))
    text = _checked(text, rules.comment_max, allowance_of(rules, actor.joined_at, now))
    if text != comment.text:
        comment.text = text
        comment.edited_at = now
    session().flush()


def delete(actor: Actor, comment: Comment) -> None:
    """The author takes a comment away: its text is gone for good, its place and its replies stand.

    Raises `Refused`, or `Conflict` when it was deleted already.
    """
    _hold(comment)
    require(policy.may_delete(actor, comment))
    _empty(comment)


def _empty(comment: Comment) -> None:
    was_visible = comment.hidden_at is None
    comment.deleted_at = clock.now()
    comment.text = ""
    comment.highlighted_at = None
    session().flush()
    if was_visible:
        _move_count(comment.idea_id, -1, active=False)


def highlight(actor: Actor, comment: Comment, *, on: bool = True) -> None:
    """Puts one comment of an idea first, in place of any other; or takes that back.

    Raises `Refused`, or `Conflict` for a comment that cannot be read.
    """
    require(policy.may_highlight(actor))
    session().execute(select(Idea.id).where(Idea.id == comment.idea_id).with_for_update())
    _hold(comment)
    if on and not queries.is_visible(comment):
        message = _l("This comment cannot be read, so it cannot be put first.")
        raise Conflict("gone", message)
    session().execute(
        update(Comment)
        .where(Comment.idea_id == comment.idea_id, Comment.highlighted_at.is_not(None))
        .values(highlighted_at=None)
        .execution_options(synchronize_session="fetch")
    )
    comment.highlighted_at = clock.now() if on else None
    session().flush()
    diff = {"highlighted": [not on, on], "idea": comment.idea_id}
    audit.record(actor, Tag.COMMENT_HIGHLIGHTED, "comment", comment.id, diff=diff)


def hide(actor: Actor, comment: Comment, code: str, reason: str) -> None:
    """A moderator hides a comment: the text is kept for the staff, its place says why; the
    author is told.

    Hiding what is hidden changes nothing but the code and the reason. Raises `Refused`,
    `Invalid`.
    """
    require(policy.may_hide(actor))
    if code not in HIDE_CODES:
        raise Invalid(Fault("code", "unknown_code", _l("Choose one of the reasons listed.")))
    _hold(comment)
    was_visible = queries.is_visible(comment)
    comment.hidden_at = comment.hidden_at or clock.now()
    comment.hidden_code = code
    comment.hidden_reason = reason.strip()
    comment.highlighted_at = None
    diff = {"code": code, "idea": comment.idea_id}
    audit.record(actor, Tag.COMMENT_HIDDEN, "comment", comment.id, reason=reason, diff=diff)
    if was_visible:
        _move_count(comment.idea_id, -1, active=False)
    outbox.publish(CommentHidden(comment.id))


def restore(actor: Actor, comment: Comment, reason: str) -> None:
    """A hidden comment can be read again. Raises `Refused`, `Invalid`, `Conflict` when it is not
    hidden.
    """
    require(policy.may_hide(actor))
    _hold(comment)
    if comment.hidden_at is None:
        raise Conflict("not_hidden", _l("This comment is not hidden."))
    comment.hidden_at = comment.hidden_code = comment.hidden_reason = None
    diff = {"idea": comment.idea_id}
    audit.record(actor, Tag.COMMENT_RESTORED, "comment", comment.id, reason=reason, diff=diff)
    if queries.is_visible(comment):
        _move_count(comment.idea_id, 1, active=False)
    outbox.publish(CommentRestored(comment.id))


def recount() -> None:
    """Sets every counter of comments to what the rows say."""
    counted = (
        select(func.count(Comment.id))
        .where(Comment.idea_id == Idea.id, queries.visible_clause())
        .correlate(Idea)
        .scalar_subquery()
    )
    session().execute(
        update(Idea)
        .where(Idea.comments_count != counted)
        .values(comments_count=counted)
        .execution_options(synchronize_session=False)
    )
    concerned = queries.concerned_people()
    session().execute(
        update(Idea)
        .where(Idea.concerns_count != concerned)
        .values(concerns_count=concerned)
        .execution_options(synchronize_session=False)
    )
    session().expire_all()


def forget_author(account_id: int, texts: Texts) -> set[int]:
    """What becomes of somebody's comments when they leave: those that nobody can read are emptied, the others where
    texts go. A place and its replies stand, as after `delete`. The ids of those emptied.
    """
    mine = select(Comment).where(Comment.author_id == account_id).order_by(Comment.id)
    emptied = set()
    for comment in session().scalars(mine).all():
        _hold(comment)
        if comment.deleted_at is not None or (texts is Texts.STAY and comment.hidden_at is None):
            continue
        _empty(comment)
        comment.hidden_reason = "" if comment.hidden_at else None
        emptied.add(comment.id)
    session().flush()
    return emptied


def put_back(comment: Comment, values: dict[str, Any]) -> None:
    """A comment stands again as it did before a decision that its moderator took back at once.

    `comment` is held; `values` are its columns as they were. Nobody is told: nobody had been.
    """
    was_visible = queries.is_visible(comment)
    for name, value in values.items():
        setattr(comment, name, value)
    session().flush()
    if queries.is_visible(comment) != was_visible:
        _move_count(comment.idea_id, -1 if was_visible else 1, active=False)


def _hold(comment: Comment) -> None:
    """The comment as it is now; nobody else changes it until the transaction ends."""
    session().refresh(comment, with_for_update=True)


def _move_count(idea_id: int, step: int, *, active: bool = True) -> None:
    values = {"comments_count": Idea.comments_count + step}
    if active:
        values["active_at"] = clock.now()  # type: ignore[assignment]  # columns of two kinds
    session().execute(
        update(Idea)
        .where(Idea.id == idea_id)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
    # a statement of its own: the row is locked by now, so it counts what others have committed
    session().execute(
        update(Idea)
        .where(Idea.id == idea_id)
        .values(concerns_count=queries.concerned_people())
        .execution_options(synchronize_session="fetch")
    )
    ideas.place_in_orders([idea_id])


def _checked(text: str, most: int, allowed: Allowance) -> str:
    text = texts.normalise(text)
    fault = find_fault(text, most=most)
    if fault is not None:
        raise Invalid(fault)
    if has_link(text) and not allowed.links:
        reason = ideas_policy.newcomer_links_reason(allowed)
        raise Invalid(Fault("text", "newcomer_link", reason))
    return text


def _check_limit(actor: Actor, allowed: Allowance) -> None:
    """Staff, who answer every idea, are not limited. Comments of one person wait for each other."""
    if actor.is_staff:
        return
    own = select(Account.id).where(Account.id == actor.id)
    session().execute(own.with_for_update(key_share=True))
    most = allowed.comments
    if queries.count_today(actor, since=actor.joined_at if allowed.until else None) < most:
        return
    if allowed.until is not None:
        reason = policy.newcomer_comments_reason(allowed)
        wait = max(1, int(allowed.until.timestamp() - clock.now().timestamp()))
        raise TooMany("newcomer_comments", reason, retry_after=wait)
    message = lazy_ngettext(
        "You have written %(num)s comment today, which is the limit. Go on tomorrow.",
        "You have written %(num)s comments today, which is the limit. Go on tomorrow.",
        most,
    )
    midnight = clock.day_start(clock.today()).timestamp() + 24 * 3600
    retry_after = max(1, int(midnight - clock.now().timestamp()))
    raise TooMany("comments_per_day", message, retry_after=retry_after)


def _check_parent(idea: Idea, parent: Comment | None) -> None:
    if parent is None:
        return
    if parent.idea_id != idea.id:
        raise NotFound("not_found", _l("There is no such comment."))
    if not queries.is_visible(parent):
        raise Conflict("gone", _l("The comment you answer has been taken away meanwhile."))


def require(verdict: Verdict) -> None:
    """Raises unless allowed: `Conflict` where time or state is wrong, `NotFound`, or `Refused`."""
    if verdict.code in policy.NOT_NOW:
        raise Conflict(verdict.code, verdict.reason)
    if verdict.code == "not_found":
        raise NotFound(verdict.code, verdict.reason)
    verdict.require()
