"""Who may support, vote in the ballot and prepare it, and when. Must not change anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from ideas_app.campaigns import policy as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import rules_of
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, first_refusal, refuse
from ideas_app.ideas import policy as ideas
from ideas_app.votes.models import PaperState
from ideas_app.votes.rules import DECIDED, SUPPORTABLE

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ideas_app.campaigns.models import Campaign
    from ideas_app.campaigns.rules import HasEligibility, HasSettings
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Family, State
    from ideas_app.votes.models import PaperBallot

    class Voting(campaigns.HasPhases, HasSettings, HasEligibility, Protocol):
        """A campaign, or as much of it as decides on votes."""

        @property
        def id(self) -> int:
            """Its number."""

    class Voted(ideas.Readable, Protocol):
        """An idea, or as much of it as decides on a support."""

        @property
        def campaign(self) -> Voting:
            """The campaign it stands in."""


NOT_NOW = frozenset(
    {
        "closed",
        "not_open_for_support",
        "entries_fixed",
        "voted_on_paper",
        "voted_online",
        "paper_known",
        "paper_done",
        "set_aside",
        "family_split",
        "family_decided",
    }
)
"""Codes of refusals that come from the state of things, not from who asks: services answer them
with 409.
"""

_NO_ACCOUNT = 0
"""The id of somebody at the counter who has no account; no account has it."""

Slugs = frozenset[str]
"""Slugs of the programmes that a person took part in."""


def may_support(
    actor: Actor, idea: Voted, *, now: datetime, took_part: Slugs = frozenset()
) -> Verdict:
    """Verified people whom the campaign takes, for somebody else's idea, while support is open.

    An author's support would be a public clue to a secret, and says nothing new: it is refused.
    What is closed to everybody is said first: nobody should sign in only to learn of it.
    """
    return first_refusal(
        _readable(actor, idea),
        _not_own(actor, idea),
        _open(idea.campaign, Activity.SUPPORT, now),
        _supportable(idea),
        _voter(actor, idea.campaign, now=now, took_part=took_part),
    )


def may_support_in(
    actor: Actor, campaign: Voting, *, now: datetime, took_part: Slugs = frozenset()
) -> Verdict:
    """`may_support` as far as it is the same for all ideas of a campaign: for lists."""
    return first_refusal(
        _open(campaign, Activity.SUPPORT, now),
        _voter(actor, campaign, now=now, took_part=took_part),
    )


def may_say_unsure(
    actor: Actor, idea: Voted, *, now: datetime, took_part: Slugs = frozenset()
) -> Verdict:
    """Whoever may support an idea may say that they are not sure: both are weighed against each other."""
    return may_support(actor, idea, now=now, took_part=took_part)


def may_pass(actor: Actor, idea: Voted, *, now: datetime) -> Verdict:
    """Everybody who is signed in may read on: that says nothing about the idea."""
    return first_refusal(
        _readable(actor, idea),
        _not_own(actor, idea),
        _open(idea.campaign, Activity.SUPPORT, now),
        _signed_in(actor),
    )


def not_set_aside(*, is_aside: bool) -> Verdict:
    """A support that was set aside is not given again beside it: the way is to object."""
    if not is_aside:
        return ALLOWED
    return refuse(
        "set_aside",
        _l(
            "Your support of this idea is set aside while it is being looked into. "
            "Your own record says why and how to object."
        ),
    )


def may_set_aside(actor: Actor) -> Verdict:
    """Moderators set suspicious supports aside and restore them; nobody changes a count otherwise."""
    if actor.has(Permission.IDEA_MODERATE):
        return ALLOWED
    reason = _l("Only moderators set supports aside.")
    return refuse("not_permitted", reason, sign_in=not actor.is_signed_in)


def may_take_back(actor: Actor, idea: Voted, *, now: datetime) -> Verdict:
    """Whoever gave a support may take it back as long as support is open, whatever else has
    changed.
    """
    return first_refusal(
        _readable(actor, idea), _signed_in(actor), _open(idea.campaign, Activity.SUPPORT, now)
    )


def may_leave_family(
    actor: Actor, family: Family, states: Collection[State], *, is_supporter: bool
) -> Verdict:
    """Whoever supports a member, as long as the family stands and nothing was decided on it.

    `states` are those of its members. Coming back is asked for in the same way.
    """
    split = refuse("family_split", _l("This family has been split: every idea stands alone again."))
    decided = refuse("family_decided", _l("This family has been decided on, so it stays as it is."))
    stranger = refuse("no_supporter", _l("Only who supports one of its ideas can leave a family."))
    return first_refusal(
        _signed_in(actor),
        split if family.split_at else ALLOWED,
        decided if family.answered_at or not DECIDED.isdisjoint(states) else ALLOWED,
        ALLOWED if is_supporter else stranger,
    )


def may_cast(
    actor: Actor,
    campaign: Campaign,
    *,
    now: datetime,
    took_part: Slugs = frozenset(),
    on_paper: bool = False,
) -> Verdict:
    """Verified people whom the campaign takes, while the ballot is open; `on_paper`: their ballot on
    paper has been counted.
    """
    return first_refusal(
        _open(campaign, Activity.BALLOT, now),
        _voter(actor, campaign, now=now, took_part=took_part, permission=Permission.BALLOT_CAST),
        refuse(
            "voted_on_paper",
            _l("Your ballot on paper has been counted. Everybody votes once."),
        )
        if on_paper
        else ALLOWED,
    )


def voted_on_paper() -> Verdict:
    """The refusal of a second vote after one on paper."""
    reason = _l("A ballot on paper has been counted for this person. Everybody votes once.")
    return refuse("voted_on_paper", reason)


def voted_online() -> Verdict:
    """The refusal of a ballot on paper after one on screen."""
    reason = _l("This person has voted online already. Everybody votes once.")
    return refuse("voted_online", reason)


def paper_known(number: int) -> Verdict:
    """The refusal of a second paper while the first is on its way."""
    reason = _l("Paper %(number)s of this person is being entered already.", number=number)
    return refuse("paper_known", reason)


def may_vote_on_paper(
    voter: Actor, campaign: Campaign, *, now: datetime, took_part: Slugs = frozenset()
) -> Verdict:
    """Whether the campaign takes this person's ballot on paper: the same rule as on screen, but nobody
    has to have an account.
    """
    known = voter if voter.is_signed_in else replace(voter, id=_NO_ACCOUNT)
    return first_refusal(
        _not_staff(voter, campaign),
        campaigns.may_take_part(known, campaign, now=now, took_part=took_part),
    )


def may_enter_papers(actor: Actor, campaign: Campaign, *, now: datetime) -> Verdict:
    """Moderators enter ballots on paper while the ballot is open, and in the days of grace that the
    campaign sets for what arrived in time.
    """
    if not actor.has(Permission.BALLOT_PREPARE):
        reason = _l("Only moderators enter ballots on paper.")
        return refuse("not_permitted", reason, sign_in=not actor.is_signed_in)
    if is_over(campaign, now) and not is_final(campaign, now):
        return ALLOWED
    return _open(campaign, Activity.BALLOT, now)


def may_enter_paper(actor: Actor, paper: PaperBallot) -> Verdict:
    """Two different moderators enter a paper. Where they differ, these two alone settle it; before
    that, whoever was first may correct the own entry.
    """
    if paper.state in {PaperState.COUNTED, PaperState.SET_ASIDE}:
        return refuse("paper_done", _l("This paper has been dealt with already."))
    if paper.account_id is not None and paper.account_id == actor.id:
        return refuse("own_paper", _l("This is your own ballot: others have to enter it."))
    if paper.state is PaperState.DIFFERS and actor.id not in {paper.first_by, paper.second_by}:
        reason = _l("Two others have entered this paper differently: they settle it.")
        return refuse("not_yours", reason)
    return ALLOWED


def may_prepare(actor: Actor, campaign: Campaign, *, now: datetime) -> Verdict:
    """Moderators set the lines of a ballot, until the first voter could have seen them."""
    if not actor.has(Permission.BALLOT_PREPARE):
        reason = _l("Only moderators prepare the ballot.")
        return refuse("not_permitted", reason, sign_in=not actor.is_signed_in)
    opens = [phase.starts_at for phase in campaign.phases if Activity.BALLOT in phase.activities]
    if opens and min(opens) <= now:
        reason = _l("The ballot has opened: its entries can no longer be changed.")
        return refuse("entries_fixed", reason)
    return ALLOWED


def may_see_turnout(actor: Actor, campaign: Campaign, *, now: datetime) -> Verdict:
    """How many have voted is told to moderators at once, to everybody after the close."""
    if actor.has(Permission.BALLOT_PREPARE) or is_final(campaign, now):
        return ALLOWED
    return refuse("not_yet", _l("How many have voted is shown after the ballot has closed."))


def is_over(campaign: Campaign, now: datetime) -> bool:
    """Whether the campaign had a ballot and it has closed."""
    ends = [phase.ends_at for phase in campaign.phases if Activity.BALLOT in phase.activities]
    return bool(ends) and max(ends) <= now


def is_final(campaign: Campaign, now: datetime) -> bool:
    """Whether no ballot can come any more, on paper neither: closed, and the days of grace over."""
    return is_over(campaign, now - timedelta(days=rules_of(campaign).paper_grace_days))


def _voter(
    actor: Actor,
    campaign: Voting,
    *,
    now: datetime,
    took_part: Slugs,
    permission: Permission = Permission.IDEA_SUPPORT,
) -> Verdict:
    return first_refusal(
        _signed_in(actor),
        _permitted(actor, permission),
        _not_staff(actor, campaign),
        campaigns.may_take_part(actor, campaign, now=now, took_part=took_part),
    )


def _signed_in(actor: Actor) -> Verdict:
    if actor.is_signed_in:
        return ALLOWED
    return refuse("sign_in", _l("Please sign in first."), sign_in=True)


def _permitted(actor: Actor, permission: Permission) -> Verdict:
    if actor.has(permission):
        return ALLOWED
    return refuse("not_permitted", _l("Your account is not allowed to do this."))


def _not_staff(actor: Actor, campaign: HasSettings) -> Verdict:
    if not actor.is_staff or rules_of(campaign).staff_may_vote:
        return ALLOWED
    return refuse(
        "staff", _l("Staff do not vote in this campaign: the choice belongs to young people.")
    )


def _not_own(actor: Actor, idea: Voted) -> Verdict:
    if not ideas.is_author(actor, idea):
        return ALLOWED
    return refuse("own_idea", _l("This is your own idea: supports count what others think of it."))


def _readable(actor: Actor, idea: Voted) -> Verdict:
    if ideas.may_read(actor, idea):
        return ALLOWED
    return refuse("not_found", _l("There is no such idea."))


def _supportable(idea: Voted) -> Verdict:
    if idea.state in SUPPORTABLE:
        return ALLOWED
    return refuse("not_open_for_support", _l("This idea takes no supports in its present state."))


def _open(campaign: campaigns.HasPhases, activity: Activity, now: datetime) -> Verdict:
    verdict = campaigns.is_open(campaign, activity, now)
    return ALLOWED if verdict else refuse("closed", verdict.reason)
