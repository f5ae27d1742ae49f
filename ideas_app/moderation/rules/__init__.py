"""What the desk may do, how long things wait, its codes in words, what a machine can point out. Pure."""

from __future__ import annotations

from ideas_app.moderation.rules.checks import Check, checks_of
from ideas_app.moderation.rules.decisions import (
    DECIDABLE,
    FAMILY_TEXT_MAX,
    FIXED_STATES,
    FLAG_NOTE_MAX,
    FORWARDED_CODES,
    HIDE_CODES,
    REASON_MAX,
    AppealOutcome,
    Band,
    Decision,
    FlagCode,
    FlagOutcome,
    ObjectionOutcome,
    band_of,
    hide_code_of,
    is_enough_for_family,
    last_day,
)
from ideas_app.moderation.rules.words import (
    ACT_WORDS,
    APPEAL_WORDS,
    FLAG_WORDS,
    OBJECTION_WORDS,
    REJECT_WORDS,
    RETURN_TEXT,
    Wording,
)

__all__ = [
    "ACT_WORDS",
    "APPEAL_WORDS",
    "DECIDABLE",
    "FAMILY_TEXT_MAX",
    "FIXED_STATES",
    "FLAG_NOTE_MAX",
    "FLAG_WORDS",
    "FORWARDED_CODES",
    "HIDE_CODES",
    "OBJECTION_WORDS",
    "REASON_MAX",
    "REJECT_WORDS",
    "RETURN_TEXT",
    "AppealOutcome",
    "Band",
    "Check",
    "Decision",
    "FlagCode",
    "FlagOutcome",
    "ObjectionOutcome",
    "Wording",
    "band_of",
    "checks_of",
    "hide_code_of",
    "is_enough_for_family",
    "last_day",
]
