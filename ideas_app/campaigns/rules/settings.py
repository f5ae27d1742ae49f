"""The rules of a campaign and who may take part, as typed settings with their defaults."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign

NEIGHBOURHOODS = (
    *("옥구읍", "옥산면", "회현면", "임피면", "서수면", "대야면", "개정면", "성산면", "나포면"),
    *("옥도면", "옥서면", "해신동", "월명동", "삼학동", "신풍동", "중앙동", "흥남동", "조촌동"),
    *("경암동", "구암동", "개정동", "수송동", "나운1동", "나운2동", "나운3동", "소룡동", "미성동"),
)
"""The 27 읍면동 of Gunsan, in the city's own order; another city sets its own."""


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
    readers_target: int = 20
    ballot_min: int = 5
    ballot_max: int = 10
    seats: int = 15
    min_approval_percent: int = 3
    staff_changes_max: int = 5
    staff_may_vote: bool = False
    published_ballots_min: int = 100
    """From this many ballots on the anonymous file is public."""
    rule: str = "mes"
    completion: str = "phragmen"
    source: str = "ballot"
    neighbourhoods: tuple[str, ...] = NEIGHBOURHOODS
    """What an idea may name as its place: never finer than this."""


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


def rules_of(campaign: Campaign) -> CampaignRules:
    """The rules of a campaign: its own settings over the defaults. Unknown names are passed over."""
    return CampaignRules(**_known(CampaignRules, campaign.settings or {}))


def eligibility_of(campaign: Campaign) -> Eligibility:
    """The eligibility rule of a campaign, over the defaults."""
    values = _known(Eligibility, campaign.eligibility or {})
    if values.get("on"):
        values["on"] = date.fromisoformat(str(values["on"]))
    return Eligibility(**values)


def age_on(born_on: date, day: date) -> int:
    """Full years (만 나이) on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
