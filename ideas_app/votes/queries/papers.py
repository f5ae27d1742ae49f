"""Reads of ballots on paper: who brings one, and what waits to be entered. Must not change anything.

What was entered is told to the two moderators who settle a difference, and to nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.accounts import queries as accounts
from ideas_app.campaigns.rules import eligibility_of
from ideas_app.core import tokens
from ideas_app.core.actor import Actor
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Role
from ideas_app.core.verdict import ALLOWED, Verdict
from ideas_app.programmes import queries as programmes
from ideas_app.votes import policy
from ideas_app.votes.models import Ballot, PaperBallot, PaperState
from ideas_app.votes.rules import VoterGiven, voter_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.accounts.models import Account
    from ideas_app.campaigns.models import Campaign

WAITING = (PaperState.REGISTERED, PaperState.ENTERED, PaperState.DIFFERS)
"""States of a paper that is on its way."""


@dataclass(frozen=True, slots=True)
class Voter:
    """Who brings a ballot on paper, as far as it is known here."""

    key: str
    actor: Actor
    """The account's actor; without an account one that carries only what eligibility asks for."""
    person_id: int | None
    took_part: frozenset[str]


def find_voter(campaign: Campaign, given: VoterGiven) -> Voter:
    """Who a person at the counter is: by the account that is named, or by a link that they made with
    the rosters.

    Raises `Invalid` (fields `account`, `born_on`, `name`) where what was given does not fit together.
    """
    persons = programmes.find_persons(given.name, given.born_on, given.phone)
    linked = {person.account_id for person in persons if person.account_id is not None}
    account = accounts.find_by_name(given.account) if given.account else None
    if given.account and account is None:
        message = _l(
            "No open account has this e-mail address or nickname. Leave the field empty if the "
            "person has none."
        )
        raise Invalid(Fault("account", "account_unknown", message))
    if account and linked and account.id not in linked:
        message = _l("On the rosters this person is linked with another account.")
        raise Invalid(Fault("account", "another_account", message))
    if account is None and len(linked) > 1:
        message = _l("Several people fit. Give the e-mail address or nickname of the account.")
        raise Invalid(Fault("account", "several", message))
    if account is None and linked:
        account = accounts.get_account(linked.pop())
    if account and account.born_on and account.born_on != given.born_on:
        message = _l("The account has another birth date. Look at the document once more.")
        raise Invalid(Fault("born_on", "another_birth_date", message))
    key = voter_key(tokens.person_key(), campaign.id, given.name, given.born_on)
    took_part = frozenset[str]().union(
        *(programmes.programmes_of_person(person.id) for person in persons)
    )
    person_id = persons[0].id if len(persons) == 1 else None
    return Voter(key, _actor_of(account, campaign, given), person_id, took_part)


def _actor_of(account: Account | None, campaign: Campaign, given: VoterGiven) -> Actor:
    """Somebody without an account shows a document at the counter: that stands for the confirmed
    address and for the tie to the city.
    """
    if account is not None:
        return accounts.actor_of(account)
    ties = eligibility_of(campaign).ties
    return Actor(
        role=Role.YOUTH, is_verified=True, born_on=given.born_on, tie=ties[0] if ties else None
    )


def find_earlier_vote(
    campaign: Campaign, *, key: str | None, account_id: int | None, but: int | None = None
) -> Verdict:
    """Refuses where this person has voted, or where another paper of theirs is on its way (`but`
    this one).
    """
    same = Ballot.voter_key == key
    if account_id is not None:
        same |= Ballot.account_id == account_id
    voted = select(Ballot.is_paper).where(
        Ballot.campaign_id == campaign.id, Ballot.cast_at.is_not(None), same
    )
    cast = session().scalars(voted).all()
    if cast:
        return policy.voted_on_paper() if any(cast) else policy.voted_online()
    known = PaperBallot.voter_key == key
    if account_id is not None:
        known |= PaperBallot.account_id == account_id
    query = select(PaperBallot.id).where(PaperBallot.campaign_id == campaign.id, known)
    if but is not None:
        query = query.where(PaperBallot.id != but)
    number = session().scalars(query.limit(1)).first()
    return policy.paper_known(number) if number is not None else ALLOWED


def has_voted_on_paper(account_id: int | None, campaign: Campaign) -> bool:
    """Whether a ballot on paper counts for the person of this account: by the account, or by the
    person on the rosters to whom it is linked.
    """
    if account_id is None:
        return False
    same = Ballot.account_id == account_id
    person = programmes.find_person_of(account_id)
    if person is not None and person.born_on is not None:
        same |= Ballot.voter_key == voter_key(
            tokens.person_key(), campaign.id, person.name, person.born_on
        )
    query = select(Ballot.id).where(Ballot.campaign_id == campaign.id, Ballot.is_paper, same)
    return session().scalars(query.limit(1)).first() is not None


def linked_account(paper: PaperBallot) -> int | None:
    """The account of a paper's voter as it is now: a link with the rosters may have come since."""
    if paper.account_id is not None or paper.person_id is None:
        return paper.account_id
    return programmes.find_account_of(paper.person_id)


def get_paper(paper_id: int) -> PaperBallot:
    """The paper. Raises `NotFound`."""
    paper = session().get(PaperBallot, paper_id)
    if paper is None:
        raise NotFound("no_paper", _l("There is no such paper ballot."))
    return paper


def list_waiting(campaign: Campaign) -> Sequence[PaperBallot]:
    """The papers on their way, first registered first."""
    query = select(PaperBallot).where(
        PaperBallot.campaign_id == campaign.id, PaperBallot.state.in_(WAITING)
    )
    return session().scalars(query.order_by(PaperBallot.id)).all()


def count_done(campaign: Campaign) -> dict[PaperState, int]:
    """How many papers were counted and set aside: for moderators, who see the turnout anyway."""
    query = (
        select(PaperBallot.state, func.count(PaperBallot.id))
        .where(PaperBallot.campaign_id == campaign.id, PaperBallot.state.not_in(WAITING))
        .group_by(PaperBallot.state)
    )
    return dict(session().execute(query).all())
