"""Campaigns: what is open, in which fields, by which rules, for whom."""

from __future__ import annotations

from dataclasses import fields as names_of
from typing import TYPE_CHECKING, Any

from marshmallow import fields

from ideas_app.api.fields import Instant
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.shapes import Shape, address, many_of, one_of, page_of
from ideas_app.api.v1.verdicts import May, verdict
from ideas_app.campaigns import policy, queries
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import (
    CampaignRules,
    current_phase,
    eligibility_of,
    next_closing,
    rules_of,
)
from ideas_app.core import clock
from ideas_app.web.email import link

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign as CampaignRow
    from ideas_app.campaigns.models import Phase as PhaseRow

RULES = (
    "title_min", "title_max", "why_max", "how_max", "comment_max", "ideas_per_day", "comments_per_day",
    "answer_days", "answer_supports", "ballot_min", "ballot_max", "seats", "min_approval_percent",
    "published_ballots_min", "rule", "completion", "source", "neighbourhoods",
)  # fmt: skip
"""The rules that somebody from outside can meet."""
_KINDS: dict[str, Any] = {"int": fields.Integer, "str": fields.String}


class Field(Shape):
    """A field of life that an idea belongs to."""

    key = fields.String()
    name = fields.String()
    name_en = fields.String()


class Phase(Shape):
    """A stretch of time: from `starts_at` until before `ends_at`."""

    kind = fields.String()
    title = fields.String()
    title_en = fields.String()
    starts_at = Instant()
    ends_at = Instant()
    activities = fields.List(fields.String(), metadata={"description": "What is open in it."})


class ActivityState(Shape):
    """One activity of a campaign now."""

    kind = fields.String(metadata={"enum": [each.value for each in Activity]})
    open = one_of(May)
    until = Instant(
        allow_none=True, metadata={"description": "When it closes next; null where it does not."}
    )


class Eligibility(Shape):
    """Who may vote: age in full years, tie to the city, programmes attended."""

    age_from = fields.Integer(allow_none=True)
    age_to = fields.Integer(allow_none=True)
    on = fields.Date(allow_none=True, metadata={"description": "Day of the age; null: the act's."})
    ties = fields.List(fields.String())
    programmes = fields.List(fields.String(), metadata={"description": "Slugs; empty: any."})
    reason = fields.String()
    reason_en = fields.String()


def _rule_field(name: str) -> fields.Field[Any]:
    kind = next(str(each.type) for each in names_of(CampaignRules) if each.name == name)
    return _KINDS[kind]() if kind in _KINDS else fields.List(fields.String())


Rules: Any = type(
    "Rules",
    (Shape,),
    {
        "__doc__": "The rules of a campaign. Lengths are in characters as readers count them.",
        **{name: _rule_field(name) for name in RULES},
    },
)


class CampaignSummary(Shape):
    """A campaign in the list."""

    slug = fields.String()
    url = address(metadata={"description": "Its page."})
    title = fields.String()
    title_en = fields.String()
    year = fields.Integer()
    phase = one_of(Phase, allow_none=True, metadata={"description": "The present one, or null."})
    fields_ = many_of(Field, data_key="fields", attribute="fields")


class Campaign(CampaignSummary):
    """A campaign with its phases and rules."""

    text = fields.String()
    text_en = fields.String()
    phases = many_of(Phase)
    activities = many_of(ActivityState)
    rules = fields.Nested(Rules)
    eligibility = one_of(Eligibility)


CampaignList = page_of(CampaignSummary, "CampaignList")


@operation("GET", "/campaigns", answer=CampaignList)
def list_campaigns(asked: Asked) -> Any:
    """List campaigns.

    All of them, the newest year first, on one page.
    """
    del asked
    return {"items": [_summary(each) for each in queries.list_campaigns()], "next": None}


@operation(
    "GET",
    "/campaigns/<slug>",
    answer=Campaign,
    errors=("no_campaign",),
    example=Example(path={"slug": "ideas-2025"}),
)
def get_campaign(asked: Asked, slug: str) -> Any:
    """Read a campaign.

    Its phases, what is open now and why the rest is not, its rules and who may vote.
    """
    del asked
    campaign = queries.get_campaign(slug)
    now = clock.now()
    rules = rules_of(campaign)
    used = {name for phase in campaign.phases for name in phase.activities}
    return {
        **_summary(campaign),
        "text": campaign.text,
        "text_en": campaign.text_en,
        "phases": campaign.phases,
        "activities": [
            {
                "kind": each.value,
                "open": verdict(policy.is_open(campaign, each, now)),
                "until": next_closing(campaign.phases, each, now),
            }
            for each in Activity
            if each.value in used
        ],
        "rules": {name: getattr(rules, name) for name in RULES},
        "eligibility": eligibility_of(campaign),
    }


def _summary(campaign: CampaignRow) -> dict[str, Any]:
    phase: PhaseRow | None = current_phase(campaign.phases, clock.now())
    return {
        "slug": campaign.slug,
        "url": link("campaigns.show", slug=campaign.slug),
        "title": campaign.title,
        "title_en": campaign.title_en,
        "year": campaign.year,
        "phase": phase,
        "fields": campaign.fields,
    }
