"""The clock of answers, and what makes an answer whole; `drafts` and `desk` hold what only the desk needs. Pure.

Must not know the database; the days off are handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ideas_app.answers.models import Decision, PromiseStatus
from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.workdays import add_working_days, working_days_between
from ideas_app.ideas.models import State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ideas_app.core.workdays import IsDayOff

REASON_MAX = 2000
PROMISE_MAX = 200
EXTENSION_MAX = timedelta(days=90)
"""The one extension may not put the answer off for ever."""
HORIZON = timedelta(days=3660)
"""A promise lies within ten years: what is later is a slip of the keyboard."""
PROMISING = frozenset({Decision.ADOPTED, Decision.PARTLY, Decision.LATER})
"""Decisions that leave something to come, and so need a date."""
DECIDED = frozenset({State.SHORTLISTED, State.NOT_SHORTLISTED})
"""States that an answer moves to `answered`. An idea that still gathers supports or stands on the
ballot keeps its state: being answered early must not take it out of the vote."""


class Timing(StrEnum):
    """How an answer stands to its clock."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    ON_TIME = "on_time"
    EXTENDED = "extended"
    LATE = "late"


class Standing(StrEnum):
    """How a promise reads today: an open one whose date has passed is silent."""

    KEPT = "kept"
    NEXT = "next"
    MOVED = "moved"
    SILENT = "silent"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class PromiseContent:
    """A step and the day by which it is promised; None where the day was forgotten."""

    text: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class AnswerContent:
    """What an official writes; a draft may still lack its decision."""

    decision: Decision | None
    reason: str
    department: str
    post: str
    headline: str = ""
    next_on: date | None = None
    promises: tuple[PromiseContent, ...] = field(default=())


def faults_of(
    content: AnswerContent,
    *,
    today: date,
    had_next_on: date | None = None,
    has_promises: bool = False,
) -> list[Fault]:
    """What keeps an answer from being published: a missing decision, reason, department or post, or
    something promised without a date.

    `had_next_on` and `has_promises` are what a published answer already says: a date that was given
    before may lie in the past by now.
    """
    faults = []
    if content.decision is None:
        faults.append(Fault("decision", "decision_missing", _l("Choose a decision.")))
    if not content.reason.strip():
        message = _l("The reason is missing. An answer without a reason cannot be published.")
        faults.append(Fault("reason", "reason_missing", message))
    if text.length(content.reason) > REASON_MAX:
        message = _l("The reason is too long: at most %(most)s characters.", most=REASON_MAX)
        faults.append(Fault("reason", "too_long", message))
    for name, value, words in (
        ("department", content.department, _l("Name the department that answers.")),
        ("post", content.post, _l("Name the post that is responsible.")),
    ):
        if not value.strip():
            faults.append(Fault(name, f"{name}_missing", words))
    faults += _next_faults(content, today, had_next_on, has_promises=has_promises)
    faults += _promise_faults(content, today)
    return faults


def _next_faults(
    content: AnswerContent, today: date, had_next_on: date | None, *, has_promises: bool
) -> list[Fault]:
    has_date = content.next_on is not None or bool(content.promises) or has_promises
    if content.decision in PROMISING and not has_date:
        message = _l(
            "Something is promised here, so give the date on which people will hear the next word."
        )
        return [Fault("next_on", "date_missing", message)]
    if content.next_on is None or content.next_on == had_next_on:
        return []
    return _day_faults("next_on", content.next_on, today)


def _promise_faults(content: AnswerContent, today: date) -> list[Fault]:
    faults = []
    for number, promise in enumerate(content.promises, start=1):
        if not promise.text.strip():
            message = _l("Promise %(number)s says only when. Say what is promised.", number=number)
            faults.append(Fault("promises", "text_missing", message))
        elif text.length(promise.text) > PROMISE_MAX:
            message = _l(
                "Promise %(number)s is too long: at most %(most)s characters.",
                number=number,
                most=PROMISE_MAX,
            )
            faults.append(Fault("promises", "too_long", message))
        if promise.due_on is None:
            message = _l(
                "Promise %(number)s has no date. Give one, so that people can hold the city to it.",
                number=number,
            )
            faults.append(Fault("promises", "date_missing", message))
        else:
            faults += _day_faults("promises", promise.due_on, today)
    return faults


def _day_faults(name: str, day: date, today: date) -> list[Fault]:
    if day < today:
        return [Fault(name, "date_past", _l("This date lies in the past. Choose a day to come."))]
    if day - today > HORIZON:
        return [Fault(name, "date_far", _l("This date is too far away. Check the year."))]
    return []


def extension_fault(*, to: date, due_on: date, today: date) -> Fault | None:
    """Why an answer cannot be put off to a day; None where it can."""
    if to <= due_on or to < today:
        return Fault("to", "not_later", _l("Choose a day to come, after the present due date."))
    if to - due_on > EXTENSION_MAX:
        message = _l("At most %(days)s days after the due date.", days=EXTENSION_MAX.days)
        return Fault("to", "too_late", message)
    return None


# -- the clock -------------------------------------------------------------------------------------


def due_on(received_on: date, working_days: int, is_day_off: IsDayOff) -> date:
    """The day on which an answer is due: the `working_days`-th working day after its receipt."""
    return add_working_days(received_on, working_days, is_day_off)


def timing_of(
    *, due_on: date, extended_to: date | None, answered_on: date | None, today: date
) -> Timing:
    """How the answer stands: on time up to the due day itself; within the extension is told apart."""
    last = extended_to or due_on
    if answered_on is None:
        return Timing.OVERDUE if today > last else Timing.WAITING
    if answered_on <= due_on:
        return Timing.ON_TIME
    return Timing.EXTENDED if answered_on <= last else Timing.LATE


def days_left(day: date, last: date, is_day_off: IsDayOff) -> int:
    """Working days from a day to the last one: 0 on the last day itself, below 0 when it is past."""
    if day <= last:
        return working_days_between(day, last, is_day_off)
    return -working_days_between(last, day, is_day_off)


def standing_of(
    status: PromiseStatus, *, due_on: date, moved_to: date | None, today: date
) -> Standing:
    """How a promise reads today. A moved promise whose new date has passed is silent again."""
    if status is PromiseStatus.DONE:
        return Standing.KEPT
    if status is PromiseStatus.DROPPED:
        return Standing.DROPPED
    if status is PromiseStatus.MOVED:
        return Standing.MOVED if moved_to and moved_to >= today else Standing.SILENT
    return Standing.NEXT if due_on >= today else Standing.SILENT


@dataclass(frozen=True, slots=True)
class OnTimeRate:
    """How many answers came within their time, of those that were due. Whole numbers only."""

    on_time: int
    due: int

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down; None where nothing was due."""
        return 100 * self.on_time // self.due if self.due else None


def rate_of(timings: Iterable[Timing]) -> OnTimeRate:
    """On time counts within the first date or its one extension; what still waits in time is not
    due yet.
    """
    due = [timing for timing in timings if timing is not Timing.WAITING]
    kept = {Timing.ON_TIME, Timing.EXTENDED}
    return OnTimeRate(sum(timing in kept for timing in due), len(due))


def median_of(days: Iterable[int]) -> int | None:
    """The middle value, the lower of two; None where there is none."""
    ordered = sorted(days)
    return ordered[(len(ordered) - 1) // 2] if ordered else None
