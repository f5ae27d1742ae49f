"""The rules of a campaign and who may take part, as typed settings with their defaults."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from ideas_app.core.places import NEIGHBOURHOODS

CRITERIA = ("need", "effect", "feasibility", "value", "fairness", "reach", "lasting", "novelty")
"""Keys of what colleagues may be asked to score; their words are `evaluations.rules.criteria`'s."""


def is_criterion(entry: str) -> bool:
    """Whether a campaign may name this as a criterion: a key, or `name|word for 1|word for 3|word for 5`."""
    parts = [part.strip() for part in entry.split("|")]
    return parts[0] in CRITERIA if len(parts) == 1 else len(parts) == 4 and all(parts)


@dataclass(frozen=True, slots=True)
class CampaignRules:
    """Every rule that a campaign may set otherwise, with its default.

    Lengths are in graphemes, days are calendar days unless named working days.
    """

    title_min: int = 10
    title_max: int = 80
    why_max: int = 300
    how_max: int = 800
    comment_max: int = 500
    ideas_per_day: int = 3
    comments_per_day: int = 20
    new_account_hours: int = 24
    """An account younger than this is new: the three limits below hold for it, in place of the two above."""
    new_account_ideas: int = 1
    new_account_comments: int = 5
    new_account_links: bool = False
    edit_minutes: int = 60
    """After publication an edit within this time leaves no new version."""
    comment_edit_minutes: int = 15
    review_target_days: int = 3
    """Working days within which every idea is to be read."""
    review_red_days: int = 5
    trusted_skip_queue: bool = True
    """Whether ideas of authors whom a moderator trusts are published without waiting."""
    mend_days: int = 7
    appeal_days: int = 7
    objection_days: int = 7
    answer_days: int = 14
    """Working days for an official answer."""
    answer_supports: int = 20
    """Distinct supporters from which on an official answer is owed."""
    answer_needs_second: bool | None = None
    """Whether an answer is published only after a second official has read it; None: as soon as the city
    has two officials here. An administrator may go on alone, with a reason in the public log."""
    readers_target: int = 20
    ballot_min: int = 5
    ballot_max: int = 10
    paper_grace_days: int = 0
    """Days after the close in which ballots on paper that arrived in time may still be entered."""
    ballot_link_days: int = 30
    """Days after the first publication of a shortlist until nobody can tell any more who cast which
    ballot."""
    seats: int = 15
    min_approval_percent: int = 3
    staff_changes_max: int = 5
    staff_may_vote: bool = False
    published_ballots_min: int = 100
    """From this many ballots on the anonymous file is public."""
    rule: str = "mes"
    completion: str = "phragmen"
    source: str = "ballot"
    evaluation_criteria: tuple[str, ...] = ()
    """What colleagues score, by key or in own words (`evaluations.rules.criteria`); empty for the usual ones."""
    neighbourhoods: tuple[str, ...] = NEIGHBOURHOODS
    """What an idea may name as its place: never finer than this."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much a person may send in a campaign, and until when these limits of a new account hold (None: not new)."""

    ideas: int
    comments: int
    links: bool
    until: datetime | None = None


def allowance_of(rules: CampaignRules, joined_at: datetime | None, now: datetime) -> Allowance:
    """What the rules allow to a person who made an account then: little at first, against accounts made to spam.

    Staff and accounts whose age is not known (`joined_at` None) are not new.
    """
    usual = Allowance(rules.ideas_per_day, rules.comments_per_day, links=True)
    if joined_at is None:
        return usual
    until = joined_at + timedelta(hours=rules.new_account_hours)
    if now >= until:
        return usual
    return Allowance(
        min(rules.new_account_ideas, usual.ideas),
        min(rules.new_account_comments, usual.comments),
        rules.new_account_links,
        until,
    )


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may take part: age in full years on a day, tie to the city, programmes attended."""

    age_from: int | None = 18
    age_to: int | None = 39
    on: date | None = None
    """The reference day of the age; None is the day of the act."""
    ties: tuple[str, ...] = ("resident", "worker", "student")
    programmes: tuple[str, ...] = field(default=())
    """Slugs; where given, only people with a record in one of them."""
    reason: str = ""
    reason_en: str = ""


def _known(kind: type[Any], values: dict[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if name in names
    }


class HasSettings(Protocol):
    """A campaign, or as much of it as its rules."""

    @property
    def settings(self) -> dict[str, Any] | str:
        """What differs from the default rules; as text where it was read so."""


class HasEligibility(Protocol):
    """A campaign, or as much of it as who may take part."""

    @property
    def eligibility(self) -> dict[str, Any] | str:
        """What differs from the default; as text where it was read so."""


def rules_of(campaign: HasSettings) -> CampaignRules:
    """The rules of a campaign: its own settings over the defaults. Unknown names are passed over."""
    return _rules(_text_of(campaign.settings))


def eligibility_of(campaign: HasEligibility) -> Eligibility:
    """The eligibility rule of a campaign, over the defaults."""
    return _eligibility(_text_of(campaign.eligibility))


def _text_of(given: dict[str, Any] | str) -> str:
    return given if isinstance(given, str) else json.dumps(given or {})


# by their whole content, so never stale: each vote and each line of a list asks for the rules
@lru_cache(maxsize=256)
def _rules(settings: str) -> CampaignRules:
    return CampaignRules(**_known(CampaignRules, json.loads(settings) or {}))


@lru_cache(maxsize=256)
def _eligibility(settings: str) -> Eligibility:
    values = _known(Eligibility, json.loads(settings) or {})
    if values.get("on"):
        values["on"] = date.fromisoformat(str(values["on"]))
    return Eligibility(**values)


def age_on(born_on: date, day: date) -> int:
    """Full years (만 나이) on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
