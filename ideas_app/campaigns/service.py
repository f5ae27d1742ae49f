"""The verbs of campaigns: making one, beginning a phase by hand.

Must not know what happens within a campaign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns import policy, queries
from ideas_app.campaigns.events import PhaseChanged
from ideas_app.campaigns.models import Campaign, Field, Phase, PhaseKind
from ideas_app.campaigns.rules import (
    CampaignSpec,
    FieldSpec,
    PhaseSpec,
    Span,
    begun_now,
    current_phase,
    faults_of,
)
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.outbox import publish

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.core.actor import Actor

__all__ = [
    "CampaignSpec",
    "FieldSpec",
    "PhaseSpec",
    "create_campaign",
    "follow_phases",
    "move_to_phase",
]


def create_campaign(actor: Actor, spec: CampaignSpec) -> Campaign:
    """Makes a campaign with its phases and fields.

    Raises `Refused`, `Invalid` with every fault of the spec or when the address is taken.
    """
    policy.may_manage(actor).require()
    faults = faults_of(spec)
    if queries.find_campaign(spec.slug) is not None:
        faults.append(
            Fault("slug", "slug_taken", _l("There is a campaign with this address already."))
        )
    if faults:
        raise Invalid(*faults)
    campaign = Campaign(
        slug=spec.slug,
        title=spec.title,
        title_en=spec.title_en,
        text=spec.text,
        text_en=spec.text_en,
        year=spec.year,
        created_at=clock.now(),
        settings=dict(spec.settings),
        eligibility=dict(spec.eligibility),
    )
    campaign.phases = [
        Phase(
            position=position,
            kind=phase.kind.value,
            title=phase.titles[0],
            title_en=phase.titles[1],
            starts_at=phase.starts_at,
            ends_at=phase.ends_at,
            activities=[activity.value for activity in phase.opens],
        )
        for position, phase in enumerate(spec.phases)
    ]
    campaign.fields = [
        Field(position=position, key=field.key, name=field.name, name_en=field.name_en)
        for position, field in enumerate(spec.fields)
    ]
    campaign.phase_told = _kind_now(campaign)
    session().add(campaign)
    session().flush()
    audit.record(
        actor,
        Tag.CAMPAIGN_CREATED,
        "campaign",
        campaign.id,
        diff={"slug": spec.slug, "title": spec.title},
    )
    return campaign


def move_to_phase(actor: Actor, campaign: Campaign, kind: PhaseKind | str) -> Campaign:
    """Begins a phase now: earlier ones end, later ones move where they must. Kept in the log.

    `campaign` comes with its phases. Raises `Refused`, `Invalid` for a phase that it does not have.
    """
    policy.may_manage(actor).require()
    kinds = {phase.kind: phase for phase in campaign.phases}
    if str(kind) not in kinds:
        message = _l("This campaign has no phase %(phase)s.", phase=str(kind))
        raise Invalid(Fault("phase", "no_such_phase", message))
    before = [Span(phase.kind, phase.starts_at, phase.ends_at) for phase in campaign.phases]
    after = begun_now(before, str(kind), clock.now())
    for span in after:
        kinds[span.kind].starts_at, kinds[span.kind].ends_at = span.starts_at, span.ends_at
    session().flush()
    diff = {
        new.kind: [_written(old.starts_at, old.ends_at), _written(new.starts_at, new.ends_at)]
        for old, new in zip(before, after, strict=True)
        if old != new
    }
    audit.record(
        actor,
        Tag.CAMPAIGN_PHASE_CHANGED,
        "campaign",
        campaign.id,
        diff={"phase": str(kind), "spans": diff},
    )
    _tell_phase(campaign)
    return campaign


def follow_phases() -> int:
    """Publishes, once each, that a phase has begun or the last one ended; how many. Called every minute.

    Phases move by time alone: nobody is there to publish it. A campaign that is looked at for the first time
    is only noted: its phase did not begin just now.
    """
    told = 0
    for campaign in queries.list_campaigns():
        if campaign.phase_told is None:
            campaign.phase_told = _kind_now(campaign)
        else:
            told += _tell_phase(campaign)
    return told


def _tell_phase(campaign: Campaign) -> bool:
    kind, before = _kind_now(campaign), campaign.phase_told
    if kind == before:
        return False
    # two may see it at once, a person and the clock: the row decides who tells
    moved = session().execute(
        update(Campaign)
        .where(Campaign.id == campaign.id, Campaign.phase_told.is_not_distinct_from(before))
        .values(phase_told=kind)
        .returning(Campaign.id)
    )
    if moved.first() is None:
        return False
    publish(PhaseChanged(campaign.id, kind, before or ""))
    return True


def _kind_now(campaign: Campaign) -> str:
    phase = current_phase(campaign.phases, clock.now())
    return phase.kind if phase else ""


def _written(starts_at: datetime, ends_at: datetime) -> str:
    return f"{starts_at.isoformat()}/{ends_at.isoformat()}"
