"""Ballots on paper: looked up, entered by two moderators, counted when both say the same.

The log tells each step and never what was ticked, nor by whom. Must not know what is computed from it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.core import clock
from ideas_app.core.actor import Actor
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.verdict import Verdict, first_refusal, refuse
from ideas_app.votes import policy, queries
from ideas_app.votes.models import Ballot, PaperBallot, PaperState
from ideas_app.votes.service.ballots import check_ticks, fill_ballot, make_ballot
from ideas_app.votes.service.gates import hold_for_papers, require

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ideas_app.campaigns.models import Campaign
    from ideas_app.votes.queries import Voter
    from ideas_app.votes.rules import VoterGiven


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a look at the accounts, the rosters and the ballots told: a voter and whether the paper can be
    taken, or what did not fit together.
    """

    voter: Voter | None
    verdict: Verdict
    fault: Invalid | None = None


def look_up_voter(actor: Actor, campaign: Campaign, given: VoterGiven) -> Lookup:
    """Who brings a paper, and whether it can be taken. Found or not, that somebody was looked up stands in
    the log, and not who.

    Raises `Refused`, `Conflict` outside the time for papers.
    """
    _require_time(actor, campaign)
    try:
        voter = queries.find_voter(campaign, given)
        found = Lookup(voter, _may_bring(voter, campaign))
    except Invalid as fault:
        found = Lookup(None, refuse(fault.code, fault.message), fault)
    diff = {"outcome": found.verdict.code}
    audit.record(actor, Tag.BALLOT_PAPER_LOOKED_UP, "campaign", campaign.id, diff=diff)
    return found


def register_paper(actor: Actor, campaign: Campaign, given: VoterGiven) -> PaperBallot:
    """Takes a paper in: from now on it is a number, and name and birth date are forgotten.

    Raises `Refused` or `Conflict` outside the time for papers and where this person cannot vote, has
    voted, or has another paper on its way; `Invalid` where the particulars do not fit together.
    """
    hold_for_papers(campaign)
    _require_time(actor, campaign)
    voter = queries.find_voter(campaign, given)
    require(_may_bring(voter, campaign))
    row = {
        "campaign_id": campaign.id,
        "state": PaperState.REGISTERED,
        "voter_key": voter.key,
        "account_id": voter.actor.id,
        "person_id": voter.person_id,
        "registered_by": actor.id,
        "registered_at": clock.now(),
    }
    made = insert_ignore(PaperBallot, row)
    query = select(PaperBallot).where(
        PaperBallot.campaign_id == campaign.id, PaperBallot.voter_key == voter.key
    )
    paper = session().scalars(query).one_or_none()
    if not made or paper is None:
        raise Conflict("paper_known", policy.paper_known(paper.id if paper else 0).reason)
    audit.record(actor, Tag.BALLOT_PAPER_REGISTERED, "paper_ballot", paper.id)
    return paper


def enter_paper(actor: Actor, paper_id: int, entry_ids: Collection[int]) -> PaperBallot:
    """One moderator's reading of a paper. It counts once two different ones have read the same.

    Where they differ it waits for these two to look again. Where the person has voted online since, it
    is set aside. Raises `NotFound`, `Refused`, `Conflict`, and `Invalid` (field `entry`) when the ticks
    make no ballot.
    """
    campaign, paper = _hold(actor, paper_id)
    picked = frozenset(entry_ids)
    check_ticks(_voter_of(paper), campaign, picked)
    is_first = paper.first_by in {None, actor.id}
    if is_first:
        paper.first_by, paper.first_picks = actor.id, sorted(picked)
    else:
        paper.second_by, paper.second_picks = actor.id, sorted(picked)
    diff = {"reading": 1 if is_first else 2}
    audit.record(actor, Tag.BALLOT_PAPER_ENTERED, "paper_ballot", paper.id, diff=diff)
    if paper.second_by is None:
        paper.state = PaperState.ENTERED
    elif paper.first_picks != paper.second_picks:
        paper.state = PaperState.DIFFERS
    else:
        _count(actor, campaign, paper, picked)
    session().flush()
    return paper


def set_aside_paper(actor: Actor, paper_id: int, reason: str) -> PaperBallot:
    """Takes a paper out of the count before it counts: spoilt, taken back, registered by mistake.

    Its voter may vote again. Raises `NotFound`, `Refused`, `Conflict`, `Invalid` (field `reason`).
    """
    _campaign, paper = _hold(actor, paper_id)
    _set_aside(actor, paper, reason)
    return paper


def _require_time(actor: Actor, campaign: Campaign) -> None:
    require(policy.may_enter_papers(actor, campaign, now=clock.now()))


def _may_bring(voter: Voter, campaign: Campaign) -> Verdict:
    earlier = queries.find_earlier_vote(campaign, key=voter.key, account_id=voter.actor.id)
    return first_refusal(
        policy.may_vote_on_paper(voter.actor, campaign, now=clock.now(), took_part=voter.took_part),
        earlier,
    )


def _hold(actor: Actor, paper_id: int) -> tuple[Campaign, PaperBallot]:
    """The paper, locked, with its campaign; whether this moderator may touch it now."""
    campaign = campaigns.get_by_id(queries.get_paper(paper_id).campaign_id)
    hold_for_papers(campaign)
    _require_time(actor, campaign)
    paper = queries.get_paper(paper_id)
    session().refresh(paper, with_for_update=True)
    require(policy.may_enter_paper(actor, paper))
    return campaign, paper


def _voter_of(paper: PaperBallot) -> Actor:
    return Actor(id=queries.linked_account(paper))


def _count(actor: Actor, campaign: Campaign, paper: PaperBallot, picked: frozenset[int]) -> None:
    account_id = queries.linked_account(paper)
    earlier = queries.find_earlier_vote(
        campaign, key=paper.voter_key, account_id=account_id, but=paper.id
    )
    if not earlier:
        _set_aside(actor, paper, str(earlier.reason))
        return
    at = _cast_at(campaign)
    if account_id is not None:
        ballot = make_ballot(Actor(id=account_id), campaign)
        session().refresh(ballot, with_for_update=True)
    else:
        pseudonym = secrets.token_hex(16)
        ballot = Ballot(campaign_id=campaign.id, pseudonym=pseudonym, opened_at=at)
        session().add(ballot)
    ballot.voter_key, ballot.is_paper = paper.voter_key, True
    session().flush()
    fill_ballot(ballot, picked, at)
    _forget(paper, PaperState.COUNTED)
    audit.record(actor, Tag.BALLOT_PAPER_COUNTED, "paper_ballot", paper.id)


def _cast_at(campaign: Campaign) -> datetime:
    """What is entered in the days of grace was cast on the last day of the ballot."""
    ends = [phase.ends_at for phase in campaign.phases if Activity.BALLOT in phase.activities]
    return min(clock.now(), max(ends) - timedelta(microseconds=1))


def _set_aside(actor: Actor, paper: PaperBallot, reason: str) -> None:
    if not reason.strip():
        message = _l("Say why this paper does not count.")
        raise Invalid(Fault("reason", "reason_missing", message))
    _forget(paper, PaperState.SET_ASIDE)
    audit.record(actor, Tag.BALLOT_PAPER_SET_ASIDE, "paper_ballot", paper.id, reason=reason)


def _forget(paper: PaperBallot, state: PaperState) -> None:
    paper.state = state
    paper.voter_key = paper.account_id = paper.person_id = None
    paper.first_picks = paper.second_picks = None
