"""The verbs of opinion maps: asking for one, computing it. Must not decide who sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.campaigns import queries as campaigns
from ideas_app.core import clock, outbox
from ideas_app.core.db import insert_ignore, is_in_transaction, session, transaction
from ideas_app.core.errors import NotFound
from ideas_app.opinion import policy, queries
from ideas_app.opinion.events import MapAsked
from ideas_app.opinion.models import OpinionMap
from ideas_app.opinion.rules import opinion_map, public_plain

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor


def ask_anew(actor: Actor, campaign: Campaign) -> None:
    """Has the worker compute the map from the votes as they stand. Raises `Refused` while it does."""
    now = clock.now()
    row = _row_of(campaign.id)
    policy.may_ask(actor, row.asked_at, now=now).require()
    row.asked_at = now
    outbox.publish(MapAsked(campaign.id))


def ask_after_close() -> int:
    """Asks once for the map of every campaign whose gathering has closed; how many were asked for."""
    now = clock.now()
    asked = 0
    for campaign in campaigns.list_campaigns():
        closed = policy.gathering_closed_at(campaign, now)
        if closed is None:
            continue
        row = _row_of(campaign.id)
        if any(at is not None and at >= closed for at in (row.computed_at, row.asked_at)):
            continue
        row.asked_at = now
        outbox.publish(MapAsked(campaign.id))
        asked += 1
    return asked


def compute(campaign_id: int) -> None:
    """Computes a campaign's map and keeps it; the same votes are not computed twice.

    The arithmetic may take a while, so it holds no lock unless the caller does. A campaign that is
    gone meanwhile is left alone; a map asked for again meanwhile stays owed.
    """
    begun = clock.now()
    try:
        votes = queries.read_votes(campaigns.get_by_id(campaign_id))
    except NotFound:
        return
    kept = queries.find_map(campaign_id)
    is_new = kept is None or kept.result is None or kept.digest != votes.digest
    if not is_in_transaction():
        session().rollback()
    result = public_plain(opinion_map(votes)) if is_new else None
    with transaction():
        row = _row_of(campaign_id)
        if result is not None:
            row.digest, row.result = votes.digest, result
        row.computed_at = begun
        if row.asked_at is not None and row.asked_at <= begun:
            row.asked_at = None


def _row_of(campaign_id: int) -> OpinionMap:
    """The campaign's row, made where there is none, and held until the transaction ends."""
    insert_ignore(OpinionMap, {"campaign_id": campaign_id})
    row = queries.find_map(campaign_id)
    assert row is not None  # noqa: S101  # just made
    session().refresh(row, with_for_update=True)
    return row
