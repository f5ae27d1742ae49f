"""Who may decide at the desk, point at things, appeal and object. Must not change anything.

A refusal whose code stands in `NOT_NOW` comes from the state of the thing, not from who asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission, Role
from ideas_app.core.verdict import ALLOWED, Verdict, first_refusal, refuse
from ideas_app.ideas import policy as ideas
from ideas_app.ideas.models import Idea, State
from ideas_app.moderation.rules import DECIDABLE, FIXABLE, FIXED_STATES, Decision, last_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ideas_app.accounts.models import Account
    from ideas_app.comments.models import Comment
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Family
    from ideas_app.moderation.models import Appeal, DeskAct, FamilyMember, Flag, Objection

NOT_NOW = frozenset(
    {
        "already_decided",
        "already_settled",
        "already_undone",
        "comment_gone",
        "family_fixed",
        "family_split",
        "in_a_family",
        "not_published",
        "only_two",
        "still_mending",
        "text_fixed",
        "too_late_to_undo",
        "trust_is_so",
    }
)
"""Codes of refusals that a newer state of the thing explains: services answer them with 409."""

TOO_LATE_TO_UNDO = refuse(
    "too_late_to_undo",
    _l("The ten seconds are over: the author has been told. Decide anew if it was wrong."),
)
_OWN = refuse("own", _l("You wrote this yourself, so another moderator decides about it."))


def may_moderate(actor: Actor) -> Verdict:
    """Moderators and administrators."""
    if actor.has(Permission.IDEA_MODERATE):
        return ALLOWED
    return refuse(
        "not_moderator", _l("Only moderators decide here."), sign_in=not actor.is_signed_in
    )


def may_note(actor: Actor) -> Verdict:
    """Notes pass between the two desks: whoever moderates or answers reads and writes them."""
    return ALLOWED if actor.has(Permission.ANSWER_WRITE) else may_moderate(actor)


def may_decide(actor: Actor, idea: Idea, decision: Decision, *, now: datetime) -> Verdict:
    """A moderator, about somebody else's idea, from a state that the decision leads on from.

    A returned idea is rejected only after its time to be mended has passed.
    """
    return first_refusal(
        may_moderate(actor),
        _not_own(actor, idea),
        _decidable(idea, decision),
        _mended_or_over(idea, now) if decision is Decision.REJECT else ALLOWED,
    )


def may_fix(actor: Actor, idea: Idea) -> Verdict:
    """A moderator, in somebody else's idea, until people vote on its text or the city has answered it."""
    fixed = refuse(
        "text_fixed",
        _l("The text has been voted on, answered or taken back, so it stays as it is."),
    )
    return first_refusal(
        may_moderate(actor),
        _not_own(actor, idea),
        ALLOWED if idea.state in FIXABLE else fixed,
    )


def may_trust(actor: Actor, author: Account, *, published: int, now: datetime) -> Verdict:
    """A moderator, of a youth with a confirmed address of whom `published` ideas were let onto the list."""
    del now
    role = refuse("not_a_youth", _l("Only young people's accounts can be trusted."))
    none = refuse(
        "none_published",
        _l("Trust begins with the first idea that was published after somebody had read it."),
    )
    return first_refusal(
        may_moderate(actor),
        _OWN if actor.id == author.id else ALLOWED,
        ALLOWED if author.role is Role.YOUTH and author.deleted_at is None else role,
        refuse("trust_is_so", _l("This author is trusted already."))
        if author.trusted_at
        else ALLOWED,
        ALLOWED if published and author.verified_at else none,
    )


def may_end_trust(actor: Actor, author: Account) -> Verdict:
    """A moderator, of a trusted author."""
    return first_refusal(
        may_moderate(actor),
        ALLOWED
        if author.trusted_at
        else refuse("trust_is_so", _l("This author is not trusted, so nothing ends.")),
    )


def may_undo(actor: Actor, act: DeskAct, *, now: datetime) -> Verdict:
    """The moderator whose act it is, once, within its seconds."""
    return first_refusal(
        may_moderate(actor),
        ALLOWED
        if actor.id == act.actor_id
        else refuse("not_yours", _l("Only the moderator who decided can take it back.")),
        refuse("already_undone", _l("This was taken back already.")) if act.undone_at else ALLOWED,
        ALLOWED if now < act.until else TOO_LATE_TO_UNDO,
    )


def mend_until(idea: Idea) -> date | None:
    """The last day on which the author may mend a returned idea."""
    if idea.state is not State.RETURNED or idea.decided_at is None:
        return None
    return last_day(clock.local_date(idea.decided_at), rules_of(idea.campaign).mend_days)


def appeal_until(idea: Idea) -> date | None:
    """The last day on which the author may appeal against a rejection."""
    if idea.state is not State.REJECTED or idea.decided_at is None:
        return None
    return last_day(clock.local_date(idea.decided_at), rules_of(idea.campaign).appeal_days)


def may_flag_idea(actor: Actor, idea: Idea) -> Verdict:
    """Anybody with an account, about what they can read and did not write."""
    return first_refusal(_may_flag(actor), ideas.may_read(actor, idea), _not_mine(actor, idea))


def may_flag_comment(actor: Actor, comment: Comment, idea: Idea) -> Verdict:
    """As for ideas, for a comment that can still be read under an idea that can be read."""
    return first_refusal(
        _may_flag(actor),
        ideas.may_read(actor, idea),
        _not_mine(actor, comment),
        comment_stands(comment),
    )


def comment_stands(comment: Comment) -> Verdict:
    """Whether the comment can be read: neither deleted nor hidden."""
    if comment.deleted_at or comment.hidden_at:
        return refuse("comment_gone", _l("The comment is no longer shown."))
    return ALLOWED


def may_hide_comment(actor: Actor, comment: Comment) -> Verdict:
    """A moderator, about somebody else's comment that can still be read."""
    return first_refusal(may_moderate(actor), _not_own(actor, comment), comment_stands(comment))


def may_restore_comment(actor: Actor, comment: Comment) -> Verdict:
    """A moderator, about somebody else's comment that is hidden."""
    shown = refuse("already_decided", _l("The comment is not hidden."))
    return first_refusal(
        may_moderate(actor),
        _not_own(actor, comment),
        ALLOWED if comment.hidden_at else shown,
    )


def may_settle_flag(actor: Actor, flag: Flag, subject: Idea | Comment) -> Verdict:
    """A moderator who did not write the flagged thing, once."""
    return first_refusal(
        may_moderate(actor),
        _not_own(actor, subject),
        _unsettled(settled_at=flag.settled_at),
    )


def may_appeal(actor: Actor, idea: Idea, *, has_appealed: bool, now: datetime) -> Verdict:
    """The author, once, against a rejection, within the days of the campaign's rule."""
    if not actor.is_signed_in:
        return refuse("sign_in", _l("Please sign in first."), sign_in=True)
    if not ideas.is_author(actor, idea):
        return refuse("not_author", _l("Only the author can appeal."))
    until = appeal_until(idea)
    if until is None:
        return refuse("not_rejected", _l("There is no rejection to appeal against."))
    if has_appealed:
        return refuse("appealed", _l("You have appealed already, and once is all there is."))
    if clock.local_date(now) > until:
        return refuse("too_late", _l("The time to appeal against this decision has passed."))
    return ALLOWED


def may_settle_appeal(actor: Actor, appeal: Appeal) -> Verdict:
    """Another moderator than the one who rejected, never the author, once."""
    same = refuse(
        "same_moderator",
        _l("You rejected this idea yourself, so another moderator decides about the appeal."),
    )
    return first_refusal(
        may_moderate(actor),
        _OWN if actor.id == appeal.author_id else ALLOWED,
        same if actor.id is not None and actor.id == appeal.rejected_by else ALLOWED,
        _unsettled(settled_at=appeal.settled_at),
    )


def may_form_family(actor: Actor, members: Sequence[Idea]) -> Verdict:
    """A moderator, of published ideas that are in no family and that others wrote."""
    return first_refusal(
        may_moderate(actor),
        *(_not_own(actor, idea) for idea in members),
        *(_joinable(idea) for idea in members),
    )


def may_add_to_family(
    actor: Actor, family: Family, members: Sequence[Idea], joining: Sequence[Idea]
) -> Verdict:
    """A moderator, of ideas that could form a family, into one that is not put to the vote yet."""
    return first_refusal(
        may_form_family(actor, joining),
        *(_not_own(actor, idea) for idea in members),
        _standing(family),
        may_be_taken_apart(family, members),
    )


def may_take_out(actor: Actor, family: Family, members: Sequence[Idea]) -> Verdict:
    """As splitting, where at least two ideas stay: one alone is no family."""
    pair = refuse(
        "only_two",
        _l("Only two ideas are left in this family: split it instead of taking one out."),
    )
    return first_refusal(
        may_split_family(actor, family, members),
        ALLOWED if len(members) > 2 else pair,
    )


def may_object(
    actor: Actor,
    family: Family,
    idea: Idea,
    member: FamilyMember,
    *,
    has_objected: bool,
    now: datetime,
) -> Verdict:
    """The author of a member, once, within the days after their idea was joined."""
    if not actor.is_signed_in:
        return refuse("sign_in", _l("Please sign in first."), sign_in=True)
    if not ideas.is_author(actor, idea) or idea.family_id != family.id:
        return refuse("not_author", _l("Only the authors of the joined ideas can object."))
    if has_objected:
        return refuse("objected", _l("You have objected already. A moderator will answer you."))
    if now > member.objection_until:
        return refuse("too_late", _l("The time to object to this family has passed."))
    return _standing(family)


def may_settle_objection(actor: Actor, objection: Objection, formed_by: int | None) -> Verdict:
    """A second moderator: not the one who formed the family (`formed_by`, from the log), once."""
    same = refuse(
        "same_moderator",
        _l("You formed this family yourself, so another moderator decides about the objection."),
    )
    return first_refusal(
        may_moderate(actor),
        same if actor.id is not None and actor.id == formed_by else ALLOWED,
        _unsettled(settled_at=objection.settled_at),
    )


def may_split_family(actor: Actor, family: Family, members: Sequence[Idea]) -> Verdict:
    """A moderator who wrote none of the members, until the family was put to the vote."""
    return first_refusal(
        may_moderate(actor),
        *(_not_own(actor, idea) for idea in members),
        _standing(family),
        may_be_taken_apart(family, members),
    )


def may_be_taken_apart(family: Family, members: Sequence[Idea]) -> Verdict:
    """Whether members may come and leave: what was voted on or answered as one stays as it is.

    A family on a ballot that has not opened yet is taken off the ballot first.
    """
    if family.answered_at is not None:
        reason = _l("The city has answered this family as one, so it stays as it is.")
        return refuse("family_fixed", reason)
    if any(idea.state in FIXED_STATES for idea in members):
        return refuse(
            "family_fixed",
            _l(
                "This family stands on a ballot or has been voted on, so it stays as it is. "
                "Before the ballot opens it can be taken off it."
            ),
        )
    return ALLOWED


def _may_flag(actor: Actor) -> Verdict:
    if not actor.is_signed_in:
        return refuse("sign_in", _l("Please sign in first."), sign_in=True)
    if not actor.has(Permission.FLAG_RAISE):
        return refuse("not_permitted", _l("Your account is not allowed to do this."))
    return ALLOWED


def _not_mine(actor: Actor, thing: Idea | Comment) -> Verdict:
    if _wrote(actor, thing):
        return refuse("own", _l("This is your own text. You can edit it or take it down."))
    return ALLOWED


def _not_own(actor: Actor, thing: Idea | Comment) -> Verdict:
    return _OWN if _wrote(actor, thing) else ALLOWED


def _wrote(actor: Actor, thing: Idea | Comment) -> bool:
    if isinstance(thing, Idea):
        return ideas.is_author(actor, thing)
    return actor.id is not None and actor.id == thing.author_id


def _decidable(idea: Idea, decision: Decision) -> Verdict:
    if idea.state in DECIDABLE[decision]:
        return ALLOWED
    return refuse(
        "already_decided",
        _l("Somebody has decided about this idea meanwhile, so this can no longer be done."),
    )


def _mended_or_over(idea: Idea, now: datetime) -> Verdict:
    until = mend_until(idea)
    if until is None or clock.local_date(now) > until:
        return ALLOWED
    return refuse("still_mending", _l("The author still has time to mend this idea."))


def _joinable(idea: Idea) -> Verdict:
    if idea.family_id is not None:
        return refuse("in_a_family", _l("One of these ideas is in a family already."))
    if idea.state is not State.PUBLISHED:
        return refuse("not_published", _l("Only published ideas can be joined into a family."))
    return ALLOWED


def _standing(family: Family) -> Verdict:
    if family.split_at is not None:
        return refuse("family_split", _l("This family has been split already."))
    return ALLOWED


def _unsettled(*, settled_at: datetime | None) -> Verdict:
    if settled_at is not None:
        return refuse("already_settled", _l("This was settled meanwhile."))
    return ALLOWED
