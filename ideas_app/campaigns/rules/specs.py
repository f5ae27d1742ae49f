"""What a new campaign is made of, and the reading of one from a file. Pure.

Must not know the database: whether an address is taken is the service's question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from ideas_app.campaigns.models import Activity, PhaseKind
from ideas_app.campaigns.rules.phases import USUAL_ACTIVITIES, usual_schedule
from ideas_app.campaigns.rules.settings import CampaignRules, Eligibility, is_criterion
from ideas_app.core import clock, text
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FIELD_KEY = re.compile(r"[a-z][a-z0-9_]{0,19}")

USUAL_FIELDS = (
    ("job", "일자리", "Jobs"),
    ("home", "주거", "Housing"),
    ("move", "교통", "Transport"),
    ("learn", "교육", "Education"),
    ("care", "복지·건강", "Welfare and health"),
    ("culture", "문화", "Culture"),
    ("start", "창업·소통", "Start-ups and participation"),
    ("farm", "농어촌", "Farming and fishing villages"),
)
"""Key (its colour and icon), Korean name, English name."""

USUAL_TITLES: dict[PhaseKind, tuple[str, str]] = {
    PhaseKind.ANNOUNCED: ("알림", "Announced"),
    PhaseKind.GATHERING: ("제안 모으기", "Gathering"),
    PhaseKind.PREPARING: ("묶고 다듬기", "Preparing"),
    PhaseKind.BALLOT: ("투표", "Ballot"),
    PhaseKind.SHORTLISTING: ("뽑기", "Shortlisting"),
    PhaseKind.ANSWERING: ("부서 답변", "Answering"),
    PhaseKind.TRACKING: ("이행 살피기", "Tracking"),
    PhaseKind.CLOSED: ("마침", "Closed"),
}


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field of life: the key names its colour and icon."""

    key: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class PhaseSpec:
    """A phase from an instant until before another."""

    kind: PhaseKind
    starts_at: datetime
    ends_at: datetime
    title: str = ""
    title_en: str = ""
    activities: tuple[Activity | str, ...] | None = None
    """None: what such a phase usually opens."""

    @property
    def titles(self) -> tuple[str, str]:
        """Korean and English, the usual ones where none are given."""
        usual = USUAL_TITLES[self.kind]
        return self.title or usual[0], self.title_en or ("" if self.title else usual[1])

    @property
    def opens(self) -> tuple[Activity, ...]:
        """The activities that are open in it."""
        if self.activities is None:
            return USUAL_ACTIVITIES[self.kind]
        return tuple(Activity(each) for each in self.activities)


@dataclass(frozen=True, slots=True)
class CampaignSpec:
    """A campaign to be made."""

    slug: str
    title: str
    year: int
    phases: tuple[PhaseSpec, ...]
    title_en: str = ""
    text: str = ""
    text_en: str = ""
    fields: tuple[FieldSpec, ...] = tuple(FieldSpec(*each) for each in USUAL_FIELDS)
    settings: dict[str, Any] = field(default_factory=dict)
    eligibility: dict[str, Any] = field(default_factory=dict)


def usual_phases(kind: PhaseKind, starts_at: datetime) -> tuple[PhaseSpec, ...]:
    """All phases in their usual lengths, the given one beginning at `starts_at`."""
    return tuple(
        PhaseSpec(PhaseKind(span.kind), span.starts_at, span.ends_at)
        for span in usual_schedule(kind, starts_at)
    )


def faults_of(spec: CampaignSpec) -> list[Fault]:
    """Everything that keeps a campaign from being made."""
    faults = []
    if len(spec.slug) > 80 or not SLUG.fullmatch(spec.slug):
        message = _l("The address may hold small Latin letters, digits and single hyphens only.")
        faults.append(Fault("slug", "slug", message))
    if not 0 < text.length(spec.title) <= 200:
        faults.append(
            Fault("title", "title", _l("The title is missing or longer than 200 characters."))
        )
    if not 2000 <= spec.year <= 2100:
        faults.append(Fault("year", "year", _l("The year lies outside 2000 to 2100.")))
    keys = [each.key for each in spec.fields]
    if not keys or len(set(keys)) < len(keys) or not all(FIELD_KEY.fullmatch(key) for key in keys):
        message = _l(
            "Every field needs a short key of Latin letters of its own, and there must be one."
        )
        faults.append(Fault("fields", "fields", message))
    return faults + _phase_faults(spec.phases) + _setting_faults(spec)


def _phase_faults(phases: tuple[PhaseSpec, ...]) -> list[Fault]:
    if not phases:
        return [Fault("phases", "no_phases", _l("A campaign needs at least one phase."))]
    faults = []
    kinds = [phase.kind for phase in phases]
    if len(set(kinds)) < len(kinds):
        faults.append(Fault("phases", "twice", _l("Each phase may stand only once.")))
    for phase in phases:
        if phase.ends_at <= phase.starts_at:
            message = _l("The phase %(phase)s ends before it starts.", phase=phase.kind.value)
            faults.append(Fault("phases", "turned", message))
    for one, other in pairwise(phases):
        if other.starts_at < one.ends_at:
            message = _l(
                "The phases %(one)s and %(other)s overlap or stand in the wrong order.",
                one=one.kind.value,
                other=other.kind.value,
            )
            faults.append(Fault("phases", "overlap", message))
    return faults


def _setting_faults(spec: CampaignSpec) -> list[Fault]:
    faults = []
    for where, kind, values in (
        ("settings", CampaignRules, spec.settings),
        ("eligibility", Eligibility, spec.eligibility),
    ):
        defaults = {each.name: getattr(kind(), each.name) for each in fields(kind)}
        for name, value in values.items():
            if name not in defaults:
                message = _l("There is no rule called %(name)s.", name=name)
                faults.append(Fault(where, "unknown_rule", message))
            elif not _fits(name, value, defaults[name]):
                message = _l("The rule %(name)s cannot be %(value)s.", name=name, value=str(value))
                faults.append(Fault(where, "wrong_rule", message))
    return faults


def _fits(name: str, value: Any, default: Any) -> bool:
    if name == "on":
        return value is None or _is_day(value)
    if name in {"age_from", "age_to"}:
        return value is None or (type(value) is int and 0 <= value <= 150)
    if name == "evaluation_criteria" and isinstance(value, (list, tuple)):
        return all(isinstance(each, str) and is_criterion(each) for each in value)
    if isinstance(default, tuple):
        return isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value)
    if type(default) is int:
        return type(value) is int and value >= 0
    return type(value) is type(default)


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def read_spec(data: Any) -> CampaignSpec:
    """A campaign from the JSON of a file.

    `phases` are objects with `kind`, `starts_on`, `ends_on` (days, the last one included) and maybe `title`,
    `title_en`, `activities`; `fields` objects with `key`, `name`, `name_en`. Raises `Invalid`.
    """
    if not isinstance(data, dict):
        raise Invalid(Fault("file", "not_an_object", _l("The file does not hold one JSON object.")))
    known = {each.name for each in fields(CampaignSpec)}
    strange = sorted(set(data) - known)
    if strange:
        message = _l("Nothing here is called %(name)s.", name=", ".join(map(str, strange)))
        raise Invalid(Fault("file", "unknown", message))
    try:
        return _built(data)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        message = _l("The file cannot be read as a campaign: %(fault)s.", fault=str(fault))
        raise Invalid(Fault("file", "unreadable", message)) from fault


def _built(data: dict[str, Any]) -> CampaignSpec:
    values = {name: data[name] for name in data if name not in {"fields", "phases", "year"}}
    values["phases"] = tuple(_phase(each) for each in data["phases"])
    if "fields" in data:
        values["fields"] = tuple(FieldSpec(**each) for each in data["fields"])
    for name in ("slug", "title", "title_en", "text", "text_en"):
        values[name] = text.normalise(str(values.get(name) or ""))
    first = next(iter(values["phases"]), None)
    begins = clock.local_date(first.starts_at).year if first else 0
    values["year"] = int(data.get("year") or begins)
    return CampaignSpec(**values)


def _phase(data: dict[str, Any]) -> PhaseSpec:
    activities = data.get("activities")
    return PhaseSpec(
        kind=PhaseKind(data["kind"]),
        starts_at=clock.day_start(date.fromisoformat(data["starts_on"])),
        ends_at=clock.day_start(date.fromisoformat(data["ends_on"]) + timedelta(days=1)),
        title=str(data.get("title") or ""),
        title_en=str(data.get("title_en") or ""),
        activities=None if activities is None else tuple(Activity(each) for each in activities),
    )
