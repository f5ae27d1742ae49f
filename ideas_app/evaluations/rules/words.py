"""The words of what is chosen in an evaluation, for forms, tables and files. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.evaluations.models import Cost, Duration, Feasibility, Law

if TYPE_CHECKING:
    from enum import StrEnum

    from flask_babel import LazyString

WORDS: dict[str, dict[StrEnum, LazyString]] = {
    "feasibility": {
        Feasibility.FEASIBLE: lazy_pgettext("feasibility", "Feasible"),
        Feasibility.PARTLY: lazy_pgettext("feasibility", "Feasible in part"),
        Feasibility.NOT: lazy_pgettext("feasibility", "Not feasible"),
    },
    "cost": {
        Cost.NONE: lazy_pgettext("cost", "Nothing extra"),
        Cost.UNDER_10M: lazy_pgettext("cost", "Under 10 million won"),
        Cost.UNDER_50M: lazy_pgettext("cost", "10 to 50 million won"),
        Cost.UNDER_100M: lazy_pgettext("cost", "50 to 100 million won"),
        Cost.UNDER_1B: lazy_pgettext("cost", "100 million to 1 billion won"),
        Cost.MORE: lazy_pgettext("cost", "1 billion won or more"),
        Cost.UNCLEAR: lazy_pgettext("cost", "Cannot be told yet"),
    },
    "duration": {
        Duration.AT_ONCE: lazy_pgettext("duration", "Within a month"),
        Duration.HALF_YEAR: lazy_pgettext("duration", "Within half a year"),
        Duration.YEAR: lazy_pgettext("duration", "Within a year"),
        Duration.LONGER: lazy_pgettext("duration", "Longer than a year"),
        Duration.UNCLEAR: lazy_pgettext("duration", "Cannot be told yet"),
    },
    "law": {
        Law.NOTHING: lazy_pgettext("law", "Nothing"),
        Law.ORDINANCE: lazy_pgettext("law", "An ordinance of the city"),
        Law.STATE_LAW: lazy_pgettext("law", "A law of the state"),
        Law.UNCLEAR: lazy_pgettext("law", "Not clear"),
    },
}
"""Part to value to word."""

PART_NAMES: dict[str, LazyString] = {
    "feasibility": _l("Feasibility"),
    "department": lazy_pgettext("evaluation", "Department in charge"),
    "cost": lazy_pgettext("evaluation", "Cost"),
    "duration": lazy_pgettext("evaluation", "Time"),
    "law": lazy_pgettext("evaluation", "Law"),
    "obstacles": lazy_pgettext("evaluation", "Obstacles"),
}


def word_of(part: str, value: StrEnum | str | None) -> LazyString | str:
    """The word of a value; of free text, the text; nothing for nothing."""
    if not value:
        return ""
    return WORDS[part][value] if part in WORDS else value  # type: ignore[index]
