"""Reads of campaigns, always with their phases and fields. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ideas_app.campaigns.models import Activity, Campaign
from ideas_app.campaigns.rules import current_phase, open_activities
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

WHOLE = (selectinload(Campaign.phases), selectinload(Campaign.fields))
"""What every reader of a campaign needs beside its row."""


def _campaigns() -> Select[Campaign]:
    return select(Campaign).options(*WHOLE)


def find_campaign(slug: str) -> Campaign | None:
    """The campaign of an address, or None."""
    return session().scalar(_campaigns().where(Campaign.slug == slug))


def get_campaign(slug: str) -> Campaign:
    """The campaign of an address. Raises `NotFound`."""
    found = find_campaign(slug)
    if found is None:
        raise NotFound("no_campaign", _l("There is no such campaign."))
    return found


def get_by_id(campaign_id: int) -> Campaign:
    """A campaign by its id. Raises `NotFound`."""
    found = session().scalar(_campaigns().where(Campaign.id == campaign_id))
    if found is None:
        raise NotFound("no_campaign", _l("There is no such campaign."))
    return found


def find_held(campaign_id: int) -> Campaign | None:
    """A campaign with its phases, without its fields, held until the transaction ends, so that what is numbered
    within it comes one after another. One statement.
    """
    return _held(Campaign.id == campaign_id)


def get_held(slug: str) -> Campaign:
    """The same by its address. Raises `NotFound`."""
    return _held(Campaign.slug == slug) or get_campaign(slug)


def _held(which: ColumnElement[bool]) -> Campaign | None:
    query = select(Campaign).options(joinedload(Campaign.phases)).where(which)
    return session().scalars(query.with_for_update(of=Campaign, key_share=True)).unique().first()


def list_campaigns() -> Sequence[Campaign]:
    """All campaigns, the newest year first."""
    return session().scalars(_campaigns().order_by(Campaign.year.desc(), Campaign.id.desc())).all()


def list_open(activity: Activity, now: datetime) -> list[Campaign]:
    """Campaigns in which an activity is open now, the newest first."""
    return [one for one in list_campaigns() if activity in open_activities(one.phases, now)]


def find_open(activity: Activity, now: datetime) -> Campaign | None:
    """The newest campaign in which an activity is open now."""
    return next(iter(list_open(activity, now)), None)


def find_current(now: datetime) -> Campaign | None:
    """The newest campaign that is in one of its phases, or None."""
    return next((one for one in list_campaigns() if current_phase(one.phases, now)), None)
