"""The officials' desk: in which group an answer stands, how far it is, why its clock runs, who must look. Pure.

Must not know the database; days and numbers are handed in.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ideas_app.answers.models import Review
from ideas_app.answers.rules import Timing
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from datetime import date, datetime

AMBER = 3
"""So many working days before the last one an answer turns amber."""
SECOND_FROM = 2
"""From so many officials on a second pair of eyes is asked for, unless the campaign says otherwise."""
SCHEDULE_MAX = timedelta(days=60)
"""A set time lies within two months: what waits longer is better written later."""
TOGETHER_MAX = 50
"""Answers that are published in one act."""
WORD_MAX = 300
"""Characters of a word to a colleague."""
STEPS = (50, 100)
"""Numbers of supporters told apart above the campaign's own threshold."""


class Band(StrEnum):
    """The groups of the inbox, in their order."""

    OVERDUE = "overdue"
    NOW = "now"
    SOON = "soon"
    LATER = "later"


class Stage(StrEnum):
    """How far an answer is."""

    NEW = "new"
    TAKEN = "taken"
    WRITING = "writing"
    ASKED = "asked"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    SCHEDULED = "scheduled"


class Why(StrEnum):
    """Why the city's clock runs."""

    SUPPORTS = "supports"
    SHORTLIST = "shortlist"
    HAND = "hand"


def band_of(timing: Timing, *, days_left: int, last_on: date, today: date) -> Band:
    """Overdue; today or the next working day; until the Sunday of next week; later, as what is published already."""
    if timing is Timing.OVERDUE:
        return Band.OVERDUE
    if timing is not Timing.WAITING:
        return Band.LATER
    if days_left <= 1:
        return Band.NOW
    end_of_next_week = today + timedelta(days=13 - today.weekday())
    return Band.SOON if last_on <= end_of_next_week else Band.LATER


def stage_of(
    *, has_draft: bool, review: Review, is_scheduled: bool, assignee_id: int | None
) -> Stage:
    """How far an answer is: the furthest of what was done."""
    if is_scheduled:
        return Stage.SCHEDULED
    reviewed = {
        Review.APPROVED: Stage.APPROVED,
        Review.ASKED: Stage.ASKED,
        Review.SENT_BACK: Stage.SENT_BACK,
    }
    if review in reviewed:
        return reviewed[review]
    if has_draft:
        return Stage.WRITING
    return Stage.NEW if assignee_id is None else Stage.TAKEN


def why_of(*, latched_on: date | None, received_on: date, was_shortlisted: bool) -> Why:
    """Why the clock runs: enough supports by the day of its start, a shortlist, or somebody's hand."""
    if latched_on is not None and latched_on <= received_on:
        return Why.SUPPORTS
    return Why.SHORTLIST if was_shortlisted else Why.HAND


def needs_second(*, setting: bool | None, officials: int) -> bool:
    """Whether a draft needs a second pair of eyes: as the campaign says; where it says nothing, as soon as
    there are two officials.
    """
    return officials >= SECOND_FROM if setting is None else setting


def time_fault(at: datetime, now: datetime) -> Fault | None:
    """Why an answer cannot be published by itself at a time; None where it can."""
    if at <= now:
        return Fault("at", "past", _l("This time has passed. Choose a time to come."))
    if at - now > SCHEDULE_MAX:
        message = _l("At most %(days)s days from now.", days=SCHEDULE_MAX.days)
        return Fault("at", "too_late", message)
    return None


def steps_of(supports: int, threshold: int) -> list[tuple[int, bool]]:
    """The numbers of supporters that are told apart, and whether they were reached."""
    marks = [threshold, *(step for step in STEPS if step > threshold)]
    return [(mark, supports >= mark) for mark in marks]
