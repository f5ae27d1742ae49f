"""How long ideas waited for somebody to decide about them, from the log. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.adapters.holidays import is_day_off
from ideas_app.audit import queries as audit
from ideas_app.audit.models import AuditEntry
from ideas_app.audit.rules import Tag
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Campaign
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.workdays import working_days_between
from ideas_app.ideas.models import Idea
from ideas_app.moderation.rules import FirstLook, months_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from ideas_app.moderation.rules import WaitingMonth

_DECIDED = (Tag.IDEA_PUBLISHED.value, Tag.IDEA_REJECTED.value, Tag.IDEA_RETURNED.value)
_SYSTEM = "system"


def list_waiting_months() -> list[WaitingMonth]:
    """The published figures of every month, newest first. Two statements; where the log or the settings have changed
    those of `list_first_looks` besides.

    Kept as of the head of the log, whose hash stands for all that is written in it, and of the stamp of the settings:
    what is kept are public figures of months.
    """
    global _kept  # noqa: PLW0603  # one for the process: its key says whether it is true
    key = (campaigns.read_house().stamp, audit.head_hash())
    kept = _kept
    if kept is None or kept[0] != key:
        kept = _kept = (key, months_of(list_first_looks()))
    return kept[1]


_kept: tuple[tuple[int, str], list[WaitingMonth]] | None = None


def list_first_looks() -> list[FirstLook]:
    """The first decision that a person made about each idea, with how long it had waited by then.

    From the log, which keeps when each idea was sent and decided on. Decisions taken back at once and
    those of the system (trusted authors skip the queue) are no first look; paper never waited.
    Four statements; reads every decision there ever was.
    """
    targets = {
        campaign.id: rules_of(campaign).review_target_days
        for campaign in session().scalars(select(Campaign))
    }
    rows = session().execute(select(Idea.id, Idea.campaign_id))
    campaign_of = {row.id: row.campaign_id for row in rows}
    looks = []
    known: dict[tuple[date, date], int] = {}
    for idea_id, (sent_at, decided_at) in _first_times().items():
        if idea_id not in campaign_of:
            continue
        days = (clock.local_date(sent_at), clock.local_date(decided_at))
        if days not in known:
            # thousands share their two days, and each day between would be looked up in the calendar for each
            known[days] = working_days_between(*days, is_day_off)
        looks.append(FirstLook(days[1], known[days], targets[campaign_of[idea_id]]))
    return looks


def _first_times() -> dict[int, tuple[datetime, datetime]]:
    """When each idea was sent, and first decided on by a person."""
    of_idea = AuditEntry.subject_type == "idea"
    taken_back = select(AuditEntry.diff).where(of_idea, AuditEntry.tag == Tag.DECISION_UNDONE.value)
    undone = {diff.get("entry") for diff in session().scalars(taken_back)}
    columns = (AuditEntry.id, AuditEntry.at, AuditEntry.tag, AuditEntry.subject_id)
    tags = (*_DECIDED, Tag.IDEA_SUBMITTED.value)
    entries = (
        select(*columns, AuditEntry.actor_role)
        .where(of_idea, AuditEntry.tag.in_(tags))
        .order_by(AuditEntry.id)
    )
    sent: dict[int, datetime] = {}
    times: dict[int, tuple[datetime, datetime]] = {}
    for row in session().execute(entries):
        if row.tag == Tag.IDEA_SUBMITTED.value:
            sent.setdefault(row.subject_id, row.at)
            continue
        is_look = row.tag in _DECIDED and row.id not in undone and row.actor_role != _SYSTEM
        if is_look and row.subject_id in sent:
            times.setdefault(row.subject_id, (sent[row.subject_id], row.at))
    return times
