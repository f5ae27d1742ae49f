"""Opening and casting a person's ballot. Must not know what is computed from it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert

from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.votes import policy, queries
from ideas_app.votes.models import Ballot, BallotChoice
from ideas_app.votes.rules import Bounds, find_fault
from ideas_app.votes.service.gates import hold_open, require

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor


def open_ballot(actor: Actor, campaign: Campaign) -> Ballot:
    """The person's ballot, made at the first look with a pseudonym that draws the order of its
    lines.

    An opened ballot does not count until it is cast. Raises `Refused`, `Conflict`.
    """
    _require_voter(actor, campaign)
    return make_ballot(actor, campaign)


def cast_ballot(actor: Actor, campaign: Campaign, entry_ids: Collection[int]) -> Ballot:
    """Puts these ticks in place of all earlier ones of this person; until the close, as often as
    wanted.

    Raises `Refused`, `Conflict` after the close, `Invalid` (field `entry`) when too many, too
    few, or a line is ticked that is no longer there or that the person wrote.
    """
    hold_open(campaign, Activity.BALLOT)
    _require_voter(actor, campaign)
    picked = frozenset(entry_ids)
    check_ticks(actor, campaign, picked)
    ballot = make_ballot(actor, campaign)
    session().refresh(ballot, with_for_update=True)
    fill_ballot(ballot, picked, clock.now())
    return ballot


def save_draft(actor: Actor, campaign: Campaign, entry_ids: Collection[int]) -> bool:
    """Keeps ticks that are not cast, so that the voter can come back to them; whether they differ from
    the cast ballot.

    They do not count. Any number may be kept; lines that the voter may not tick are left out. Raises
    `Refused`, `Conflict`.
    """
    _require_voter(actor, campaign)
    ballot = make_ballot(actor, campaign)
    session().refresh(ballot, with_for_update=True)
    kept = queries.open_lines(actor, queries.list_entries(campaign)) & frozenset(entry_ids)
    ballot.draft = None if kept == queries.picks_of(ballot) else sorted(kept)
    session().flush()
    return ballot.draft is not None


def fill_ballot(ballot: Ballot, picked: Collection[int], at: datetime) -> None:
    """Puts ticks in place of all earlier ones of a ballot, which counts from then on."""
    session().execute(delete(BallotChoice).where(BallotChoice.ballot_id == ballot.id))
    rows = [{"ballot_id": ballot.id, "entry_id": entry_id} for entry_id in sorted(picked)]
    session().execute(insert(BallotChoice), rows)
    ballot.cast_at = at
    ballot.draft = None
    session().flush()


def check_picks(actor: Actor, campaign: Campaign, entry_ids: Collection[int]) -> None:
    """Whether these ticks could be cast now; changes nothing. Raises as `cast_ballot`."""
    _require_voter(actor, campaign)
    check_ticks(actor, campaign, entry_ids)


def _require_voter(actor: Actor, campaign: Campaign) -> None:
    took_part = queries.programmes_of(actor, campaign)
    on_paper = queries.has_voted_on_paper(actor.id, campaign)
    require(
        policy.may_cast(actor, campaign, now=clock.now(), took_part=took_part, on_paper=on_paper)
    )


def check_ticks(actor: Actor, campaign: Campaign, picked: Collection[int]) -> None:
    """Whether a ballot of this person may say this. Raises `Invalid` (field `entry`)."""
    open_lines = queries.open_lines(actor, queries.list_entries(campaign))
    fault = find_fault(picked, open_lines, Bounds.of(rules_of(campaign), len(open_lines)))
    if fault is not None:
        raise Invalid(fault)


def make_ballot(actor: Actor, campaign: Campaign) -> Ballot:
    """The person's ballot, made where there is none yet. Must not ask who may."""
    row = {
        "campaign_id": campaign.id,
        "account_id": actor.id,
        "pseudonym": secrets.token_hex(16),
        "opened_at": clock.now(),
    }
    if queries.find_ballot(actor.id, campaign) is None:
        insert_ignore(Ballot, row)
    ballot = queries.find_ballot(actor.id, campaign)
    if ballot is None:
        raise NotFound("no_ballot", _l("Your ballot could not be opened. Please try again."))
    return ballot
