"""The rules of a campaign as typed settings, its phases, and what a new one is made of. Pure.

Must not know ideas, votes or people beyond their age and tie.
"""

from __future__ import annotations

from ideas_app.campaigns.rules.phases import (
    USUAL_ACTIVITIES,
    USUAL_DAYS,
    Span,
    Stretch,
    begun_now,
    current_phase,
    last_closing,
    next_closing,
    next_opening,
    next_turn,
    open_activities,
    usual_schedule,
)
from ideas_app.campaigns.rules.settings import (
    CRITERIA,
    Allowance,
    CampaignRules,
    Eligibility,
    HasEligibility,
    HasSettings,
    age_on,
    allowance_of,
    eligibility_of,
    rules_of,
)
from ideas_app.campaigns.rules.specs import (
    USUAL_FIELDS,
    CampaignSpec,
    FieldSpec,
    PhaseSpec,
    faults_of,
    read_spec,
    usual_phases,
)
from ideas_app.core.places import NEIGHBOURHOODS

__all__ = [
    "CRITERIA",
    "NEIGHBOURHOODS",
    "USUAL_ACTIVITIES",
    "USUAL_DAYS",
    "USUAL_FIELDS",
    "Allowance",
    "CampaignRules",
    "CampaignSpec",
    "Eligibility",
    "FieldSpec",
    "HasEligibility",
    "HasSettings",
    "PhaseSpec",
    "Span",
    "Stretch",
    "age_on",
    "allowance_of",
    "begun_now",
    "current_phase",
    "eligibility_of",
    "faults_of",
    "last_closing",
    "next_closing",
    "next_opening",
    "next_turn",
    "open_activities",
    "read_spec",
    "rules_of",
    "usual_phases",
    "usual_schedule",
]
