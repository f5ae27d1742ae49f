"""Who may compute, change, sign, publish and read a round, and when. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import next_opening, open_activities
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, first_refusal, refuse
from ideas_app.shortlists.models import RoundState, Source
from ideas_app.votes import policy as votes

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor
    from ideas_app.shortlists.models import Round

SIGNATURES = 2
"""So many different people sign a list before it can be published."""

_COUNTED_IN = {Source.BALLOT: Activity.BALLOT, Source.SUPPORTS: Activity.SUPPORT}


def may_compute(actor: Actor, campaign: Campaign, source: Source, *, now: datetime) -> Verdict:
    """Moderators compute, and only after the last vote that counts: nothing may leak before.

    A phase of that vote which is open, or still to come, closes the door, as do days of grace for
    papers. `campaign` comes with its phases.
    """
    if not actor.has(Permission.SHORTLIST_COMPUTE):
        reason = _l("Only moderators compute a shortlist.")
        return refuse("not_permitted", reason, sign_in=not actor.is_signed_in)
    activity = _COUNTED_IN[source]
    phases = campaign.phases
    if activity in open_activities(phases, now) or next_opening(phases, activity, now):
        reason = _l("Voting has not closed yet. A shortlist is computed after it has closed.")
        return refuse("still_open", reason)
    if source is Source.BALLOT and not votes.is_final(campaign, now):
        reason = _l(
            "Papers that came in time can still be entered. Compute when their days are over."
        )
        return refuse("still_open", reason)
    return ALLOWED


def may_publish(actor: Actor, round_: Round, published: Round | None) -> Verdict:
    """Moderators publish one round of a campaign, once, after two people have signed it.

    `published` is the campaign's published round, if there is one.
    """
    sign_in = not actor.is_signed_in
    permitted = actor.has(Permission.SHORTLIST_PUBLISH)
    mine = round_.state is RoundState.PUBLISHED
    return first_refusal(
        ALLOWED
        if permitted
        else refuse("not_permitted", _l("Only moderators publish a shortlist."), sign_in=sign_in),
        refuse("already_published", _l("This shortlist is published already."))
        if mine
        else ALLOWED,
        refuse("another_published", _l("Another shortlist of this campaign is published already."))
        if published is not None
        else ALLOWED,
        ALLOWED
        if round_.state is RoundState.CONFIRMED
        else refuse("not_confirmed", _l("Two different people sign the list before it is public.")),
    )


def may_change(actor: Actor, round_: Round) -> Verdict:
    """Those who may publish change a computed list by hand, until it is confirmed."""
    return first_refusal(_may_decide(actor), _is_open(round_))


def may_sign(actor: Actor, round_: Round) -> Verdict:
    """Those who may publish sign, each once, when the close calls are known. The command line cannot.

    `round_` comes with its signatures.
    """
    analysed = "analysis" in round_.result
    mine = any(one.account_id == actor.id for one in round_.signatures)
    return first_refusal(
        _may_decide(actor),
        _is_open(round_),
        ALLOWED if actor.id is not None else refuse("no_person", _l("A person signs, by name.")),
        ALLOWED
        if analysed
        else refuse("not_analysed", _l("Wait for the analysis: it shows which places are close.")),
        refuse("signed_already", _l("You have signed. Another person signs the second time."))
        if mine
        else ALLOWED,
    )


def may_unsign(actor: Actor, round_: Round) -> Verdict:
    """Whoever signed takes it back until the list is confirmed. `round_` comes with its signatures."""
    mine = any(one.account_id == actor.id for one in round_.signatures)
    return first_refusal(
        _may_decide(actor),
        _is_open(round_),
        ALLOWED if mine else refuse("not_signed", _l("You have not signed this list.")),
    )


def may_name_auditors(actor: Actor) -> Verdict:
    """Those who may publish name the people who check a small round's ballots."""
    return _may_decide(actor)


def _may_decide(actor: Actor) -> Verdict:
    if actor.has(Permission.SHORTLIST_PUBLISH):
        return ALLOWED
    reason = _l("Only moderators change, sign and publish a shortlist.")
    return refuse("not_permitted", reason, sign_in=not actor.is_signed_in)


def _is_open(round_: Round) -> Verdict:
    if round_.state is RoundState.COMPUTED:
        return ALLOWED
    if round_.state in {RoundState.CONFIRMED, RoundState.PUBLISHED}:
        return refuse(
            "frozen", _l("Two people have signed this list: it cannot be changed any more.")
        )
    return refuse("not_counted", _l("This round has not been counted."))


def may_read(actor: Actor, round_: Round) -> Verdict:
    """Everybody reads a published round; before that, staff who work on it."""
    if round_.state is RoundState.PUBLISHED or actor.has(Permission.SHORTLIST_READ):
        return ALLOWED
    return refuse("no_round", _l("There is no such shortlist."))


def may_download_ballots(
    actor: Actor, round_: Round, *, published_min: int, is_auditor: bool
) -> Verdict:
    """The anonymous ballots are a public file only from `published_min` ballots on: fewer could
    name a person, because most real ballots are unique. Named auditors check with the file all the
    same, staff or not.
    """
    readable = may_read(actor, round_)
    if is_auditor or not readable:
        return ALLOWED if is_auditor else readable
    if round_.ballots >= published_min:
        return ALLOWED
    return refuse(
        "too_few_ballots",
        _l(
            "Fewer than %(least)s ballots were cast, so the file could point to a person. "
            "The tables on this page show how the list came about.",
            least=published_min,
        ),
    )
