"""Who may read, send, change, take back and follow an idea. Must not change anything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from ideas_app.campaigns import policy as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.i18n import lazy_day, lazy_ngettext
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, first_refusal, refuse
from ideas_app.ideas.models import State
from ideas_app.ideas.rules import HIDDEN_CODES, LISTED, MAY_WITHDRAW

if TYPE_CHECKING:
    from datetime import datetime

    from flask_babel import LazyString

    from ideas_app.campaigns.models import Campaign
    from ideas_app.campaigns.rules import Allowance
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea, RejectCode


class Readable(Protocol):
    """An idea, or as much of it as decides on who may read it."""

    @property
    def state(self) -> State:
        """Where it stands in its life."""

    @property
    def code(self) -> RejectCode | None:
        """Why it is not published."""

    @property
    def author_id(self) -> int:
        """Whose it is, or who entered it."""

    @property
    def pen_name(self) -> str | None:
        """The name on an idea from paper."""


NOT_THERE = refuse("no_idea", _l("There is no such idea."))


def is_public(idea: Readable) -> bool:
    """Whether everybody may read an idea's page."""
    if idea.state is State.REJECTED:
        return idea.code not in HIDDEN_CODES
    return idea.state in LISTED or idea.state is State.WITHDRAWN


def may_read(actor: Actor, idea: Readable) -> Verdict:
    """Everybody reads public ideas; the author and moderators the others. To the rest they do not exist."""
    if is_public(idea) or is_author(actor, idea) or actor.has(Permission.IDEA_MODERATE):
        return ALLOWED
    return NOT_THERE


def may_read_text(actor: Actor, idea: Idea) -> Verdict:
    """A withdrawn idea keeps its page and title; its text is for the author and moderators."""
    if (
        idea.state is not State.WITHDRAWN
        or is_author(actor, idea)
        or actor.has(Permission.IDEA_MODERATE)
    ):
        return may_read(actor, idea)
    return refuse("withdrawn", _l("The author took this idea back."))


def is_author(actor: Actor, idea: Readable) -> bool:
    """Whether the actor wrote the idea (ideas entered from paper have no author here)."""
    return actor.id is not None and actor.id == idea.author_id and idea.pen_name is None


def may_submit(actor: Actor, campaign: Campaign, *, now: datetime) -> Verdict:
    """Signed-in people with a confirmed address, while ideas are open. Age is asked for votes, not for ideas."""
    return first_refusal(
        campaigns.is_open(campaign, Activity.SUBMIT, now),
        ALLOWED
        if actor.is_signed_in
        else refuse(
            "sign_in", _l("Please sign in to send it. What you wrote is kept."), sign_in=True
        ),
        ALLOWED
        if actor.is_verified
        else refuse(
            "not_verified",
            _l("Please confirm your e-mail address first: the link is in your mail."),
        ),
    )


def newcomer_ideas_reason(allowed: Allowance) -> LazyString:
    """Why a new account cannot send another idea yet, and from when on it can."""
    return lazy_ngettext(
        "Your account is new, so you can send %(num)s idea until %(day)s, %(time)s. Your text is kept as a draft.",
        "Your account is new, so you can send %(num)s ideas until %(day)s, %(time)s. Your text is kept as a draft.",
        allowed.ideas,
        **_until(allowed),
    )


def newcomer_links_reason(allowed: Allowance) -> LazyString:
    """Why a new account cannot post a link yet, and what to do."""
    return _l(
        "Your account is new, so a link cannot stand here until %(day)s, %(time)s: that keeps "
        "advertising out. Please take the link out, or send it later.",
        **_until(allowed),
    )


def _until(allowed: Allowance) -> dict[str, Any]:
    until = allowed.until or clock.now()
    return {"day": lazy_day(until), "time": until.astimezone(clock.SEOUL).strftime("%H:%M")}


def may_edit(actor: Actor, idea: Idea, *, now: datetime) -> Verdict:
    """The author, until the idea stands on a ballot or is answered; a returned one within the days to mend it."""
    return first_refusal(_only_author(actor, idea), _still_open(idea, now))


def _only_author(actor: Actor, idea: Idea) -> Verdict:
    if is_author(actor, idea):
        return ALLOWED
    if not may_read(actor, idea):
        return NOT_THERE
    return refuse("not_author", _l("Only the author may do this."), sign_in=not actor.is_signed_in)


def _still_open(idea: Idea, now: datetime) -> Verdict:
    if idea.state in {State.SUBMITTED, State.PUBLISHED}:
        return ALLOWED
    if idea.state is State.RETURNED:
        days = rules_of(idea.campaign).mend_days
        last_day = idea.decided_at and clock.local_date(idea.decided_at) + timedelta(days=days)
        if last_day and clock.local_date(now) > last_day:
            return refuse(
                "too_late",
                _l("The %(days)s days for mending are over. You can send a new idea.", days=days),
            )
        return ALLOWED
    if idea.state is State.WITHDRAWN:
        return refuse("withdrawn", _l("You took this idea back already."))
    if idea.state is State.HIDDEN:
        return refuse("hidden", _l("A moderator has hidden this idea."))
    if idea.state is State.ON_BALLOT:
        return refuse(
            "on_ballot", _l("The idea stands on a ballot: people vote on the text as it is.")
        )
    return refuse("settled", _l("The idea has been decided on; its text stays as it is."))


def may_withdraw(actor: Actor, idea: Idea, *, now: datetime) -> Verdict:
    """The author, at any time before the official answer."""
    del now
    return first_refusal(
        _only_author(actor, idea),
        ALLOWED if idea.state in MAY_WITHDRAW else _no_longer(idea),
    )


def _no_longer(idea: Idea) -> Verdict:
    if idea.state is State.WITHDRAWN:
        return refuse("withdrawn", _l("You took this idea back already."))
    if idea.state is State.HIDDEN:
        return refuse("hidden", _l("A moderator has hidden this idea."))
    return refuse(
        "answered", _l("The city has answered this idea, so it can no longer be taken back.")
    )


def may_follow(actor: Actor, idea: Idea) -> Verdict:
    """Everybody who is signed in and may read it."""
    return first_refusal(
        may_read(actor, idea),
        ALLOWED
        if actor.has(Permission.IDEA_FOLLOW)
        else refuse("sign_in", _l("Please sign in to follow an idea."), sign_in=True),
    )
