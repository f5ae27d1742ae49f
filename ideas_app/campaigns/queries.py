"""Reads of campaigns, always with their phases and fields. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from ideas_app.campaigns.models import Activity, Campaign, Stamp
from ideas_app.campaigns.rules import CampaignRules, next_turn, open_activities, rules_of
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.prepared import Prepared
from ideas_app.programmes.models import Programme

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from ideas_app.campaigns.models import Field

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


@dataclass(frozen=True, eq=False)
class House:
    """What the centre has set up: its campaigns, and its programmes by id. Belongs to no session: for reading only."""

    stamp: int
    campaigns: Sequence[Campaign]
    programmes: dict[int, ProgrammeTitle]

    by_id: dict[int, Campaign]
    fields: dict[int, Field]
    """The fields of all campaigns, by id."""

    campaign_names: dict[int, CampaignName]
    """By the id of a campaign."""

    phases: dict[int, list[PhaseTimes]]
    """By the id of a campaign."""

    field_names: dict[int, FieldName]
    """By the id of a field of any campaign."""

    offered: dict[int | None, list[Field]]
    """The fields to filter by: of one campaign, by its id; under None each key once, named as the newest campaign
    does.
    """

    rules: dict[int, CampaignRules]
    """By the id of a campaign."""


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """What is open in the campaigns of a house, from one instant until before another."""

    house: House
    since: datetime
    until: datetime
    """When time alone changes something next: what a phase opens or shuts, and midnight."""
    doors: dict[int, frozenset[Activity]]
    """By campaign, what is open."""


class CampaignName(NamedTuple):
    """Where a campaign is found, and its year."""

    slug: str
    year: int


class PhaseTimes(NamedTuple):
    """When a phase opens what, see `rules.Stretch`."""

    position: int
    starts_at: datetime
    ends_at: datetime
    activities: list[str]


class FieldName(NamedTuple):
    """What a field is called."""

    key: str
    name: str
    name_en: str


class ProgrammeTitle(NamedTuple):
    """How a programme is called, and where it is found."""

    id: int
    slug: str
    title: str
    title_en: str


CAMPAIGNS_STAMP = "campaigns"
"""The name of the stamp that `house_of` is asked with."""

_STAMP = Prepared(select(Stamp.value).where(Stamp.name == CAMPAIGNS_STAMP))

_kept: House | None = None
"""What was read last. Settings only: nothing of an idea, nothing of a person."""


def house_of(stamp: int) -> House:
    """What is set up, as of a stamp that was read in this request: kept from an earlier one as long as the stamp has
    not changed. Four statements where it has; none otherwise.
    """
    global _kept  # noqa: PLW0603  # one for the process: the stamp says whether it is true
    found = _kept
    if found is None or found.stamp != stamp:
        found = _kept = _read_house(stamp)
    return found


_moment: Moment | None = None


def moment_of(house: House, now: datetime) -> Moment:
    """What is open in the campaigns of a house: worked out anew when a phase begins or ends."""
    global _moment  # noqa: PLW0603  # one for the process, of one house and one stretch of time
    found = _moment
    if found is None or found.house is not house or not found.since <= now < found.until:
        midnight = clock.day_start(clock.local_date(now) + timedelta(days=1))
        turns = [next_turn(phases, now) for phases in house.phases.values()]
        found = _moment = Moment(
            house,
            now,
            min([midnight, *(turn for turn in turns if turn is not None)]),
            {key: open_activities(spans, now) for key, spans in house.phases.items()},
        )
    return found


def read_house() -> House:
    """What is set up. One statement, and four more where it has changed."""
    found = _STAMP.all()
    return house_of(found[0].value if found else 0)


def _read_house(stamp: int) -> House:
    # a session of its own: what is kept must not be changed, or forgotten, by the request that read it
    with Session(bind=session().connection()) as own:
        query = _campaigns().order_by(Campaign.year.desc(), Campaign.id.desc())
        found = own.scalars(query).all()
        titles = select(Programme.id, Programme.slug, Programme.title, Programme.title_en)
        programmes = {row.id: ProgrammeTitle(*row) for row in own.execute(titles)}
        own.expunge_all()
    fields = {field.id: field for one in found for field in one.fields}
    campaign_names = {one.id: CampaignName(one.slug, one.year) for one in found}
    phases = {
        one.id: [
            PhaseTimes(phase.position, phase.starts_at, phase.ends_at, list(phase.activities))
            for phase in one.phases
        ]
        for one in found
    }
    field_names = {
        key: FieldName(field.key, field.name, field.name_en) for key, field in fields.items()
    }
    offered: dict[int | None, list[Field]] = {one.id: list(one.fields) for one in found}
    by_key: dict[str, Field] = {}
    for one in sorted(found, key=lambda one: -one.id):
        for field in one.fields:
            by_key.setdefault(field.key, field)
    offered[None] = list(by_key.values())
    return House(
        stamp=stamp,
        campaigns=found,
        programmes=programmes,
        by_id={one.id: one for one in found},
        fields=fields,
        campaign_names=campaign_names,
        phases=phases,
        field_names=field_names,
        offered=offered,
        rules={one.id: rules_of(one) for one in found},
    )
