"""What the desk may do in which state, and how long things wait. Pure.

Must not know the database, the clock or the request; days and dates are handed in.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ideas_app.ideas.models import RejectCode, State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

REASON_MAX = 500
"""Characters of a reason that is sent to the author."""
FLAG_NOTE_MAX = 200
FAMILY_TEXT_MAX = 1100
"""A common text may be as long as the why and how of an idea together."""


class FlagCode(StrEnum):
    """Why somebody points at an idea or a comment."""

    PERSONAL_DATA = "personal_data"
    ABUSE = "abuse"
    ADVERTISING = "advertising"
    PRANK = "prank"
    OTHER = "other"


class FlagOutcome(StrEnum):
    """How a flag was settled."""

    HIDDEN = "hidden"
    DISMISSED = "dismissed"


class AppealOutcome(StrEnum):
    """How an appeal was settled: the rejection stands, or it falls and the idea is published."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"


class ObjectionOutcome(StrEnum):
    """How an objection was settled: the idea stays, leaves, or the whole family is split."""

    KEPT = "kept"
    LEFT = "left"
    SPLIT = "split"


class Decision(StrEnum):
    """What a moderator does with an idea."""

    PUBLISH = "publish"
    RETURN = "return"
    REJECT = "reject"
    HIDE = "hide"
    RESTORE = "restore"


HIDE_CODES = (RejectCode.PERSONAL_DATA, RejectCode.ABUSE, RejectCode.ADVERTISING)
"""The only reasons for which a text disappears from public view."""

FORWARDED_CODES = frozenset({RejectCode.NOT_OUR_COMPETENCE, RejectCode.COMPLAINT})
"""Rejections that name where the matter went."""

DECIDABLE: dict[Decision, frozenset[State]] = {
    Decision.PUBLISH: frozenset({State.SUBMITTED, State.RETURNED}),
    Decision.RETURN: frozenset({State.SUBMITTED}),
    Decision.REJECT: frozenset({State.SUBMITTED, State.RETURNED}),
    Decision.HIDE: frozenset(State) - {State.HIDDEN},
    Decision.RESTORE: frozenset({State.HIDDEN}),
}
"""The states from which each decision leads on."""

FIXABLE = frozenset({State.SUBMITTED, State.RETURNED, State.PUBLISHED})
"""States in which a moderator may mend typing errors."""

FIXED_STATES = frozenset(
    {State.ON_BALLOT, State.SHORTLISTED, State.NOT_SHORTLISTED, State.ANSWERED, State.DONE}
)
"""A family whose members stand here was voted on or answered as one: it can no longer be taken apart."""


class Band(StrEnum):
    """How long something waits, against the promise to look at it within some working days."""

    LATE = "late"
    DUE = "due"
    FRESH = "fresh"


def band_of(waited: int, target: int) -> Band:
    """The band of a wait of so many working days: below the target, at it, beyond it."""
    if waited > target:
        return Band.LATE
    return Band.DUE if waited == target else Band.FRESH


def last_day(from_on: date, days: int) -> date:
    """The last day of a term of calendar days; the day it starts from is not counted (민법 제157조)."""
    return from_on + timedelta(days=days)


def hide_code_of(flag_code: str) -> RejectCode | None:
    """The code under which a flagged thing is hidden, or None where the flag alone does not say."""
    return next((code for code in HIDE_CODES if code.value == flag_code), None)


def is_enough_for_family(idea_ids: Iterable[int]) -> bool:
    """A family needs two different ideas at least."""
    return len(set(idea_ids)) >= 2
