"""What may be said of a promise, how far it has come, and whom a day that has come or passed concerns. Pure.

Must not know the database; the days off are handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ideas_app.answers.models import PromiseStatus, StepKind
from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.workdays import working_days_between

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ideas_app.core.workdays import IsDayOff

WORD_MAX = 300
"""Characters of a word, or of a step."""
ALT_MAX = 150
MOVE_MAX = timedelta(days=366)
"""One move puts a promise off by a year at most, a whole budget: what comes later than that is another
promise, and this one is dropped with a word. How often is not limited: every day stays on the page.
"""
REOPEN_DAYS = 14
"""Days within which a "kept" said by mistake can be taken back, in public."""
SOON = timedelta(days=14)
"""How long before its day a promise comes onto the officials' list."""
PICTURES_MAX = 3
"""Pictures of one step."""

KIND_OF = {
    PromiseStatus.DONE: StepKind.DONE,
    PromiseStatus.MOVED: StepKind.MOVED,
    PromiseStatus.DROPPED: StepKind.DROPPED,
}


@dataclass(frozen=True, slots=True)
class Word:
    """What an official says became of a promise."""

    status: PromiseStatus
    what_happened: str
    moved_to: date | None = None


def word_faults(word: Word, *, promised_for: date, today: date) -> list[Fault]:
    """Why a word cannot stand: no outcome, no sentence, or a move without a day that is later, or too late.

    `promised_for` is the day that holds now.
    """
    faults = []
    if word.status is PromiseStatus.OPEN:
        faults.append(Fault("status", "open", _l("Choose what became of the promise.")))
    faults += sentence_faults("what_happened", word.what_happened)
    if word.status is not PromiseStatus.MOVED:
        return faults
    last = max(promised_for, today)
    if word.moved_to is None or word.moved_to <= last:
        message = _l("Give the new date: a day to come, after the one promised.")
        faults.append(Fault("moved_to", "not_later", message))
    elif word.moved_to - last > MOVE_MAX:
        message = _l(
            "At most %(days)s days later. Drop the promise with a word if it takes longer.",
            days=MOVE_MAX.days,
        )
        faults.append(Fault("moved_to", "too_late", message))
    return faults


def sentence_faults(field: str, sentence: str) -> list[Fault]:
    """Why a sentence that everybody reads cannot stand: empty, or too long."""
    if not sentence.strip():
        return [Fault(field, "missing", _l("Say in a sentence what happened."))]
    if text.length(sentence) > WORD_MAX:
        message = _l("Too long: at most %(most)s characters.", most=WORD_MAX)
        return [Fault(field, "too_long", message)]
    return []


def step_faults(sentence: str, percent: int | None) -> list[Fault]:
    """Why a step on the way cannot stand."""
    faults = sentence_faults("text", sentence)
    if percent is None or not 0 <= percent <= 100:
        message = _l("Say how much is done, as a number from 0 to 100.")
        faults.append(Fault("percent", "out_of_range", message))
    return faults


def reopen_until(said_on: date) -> date:
    """The last day on which a "kept" can be taken back."""
    return said_on + timedelta(days=REOPEN_DAYS)


def silent_days(promised_for: date, today: date, is_day_off: IsDayOff) -> int:
    """Working days since a promised day passed without a word: 0 on the day itself, before it, and over
    a weekend or holiday that follows it.
    """
    return working_days_between(promised_for, today, is_day_off)


def silences_of(
    words: Iterable[tuple[date, date]], *, promised_for: date, is_open: bool, today: date
) -> list[date]:
    """The first silent day after each promised day that passed without a word, oldest first.

    `words` are (the day promised, the day on which something was said) of every word so far;
    `promised_for` is the day that holds now, of which nothing was said where the promise `is_open`.
    """
    passed = {promised for promised, said_on in words if said_on > promised}
    if is_open and today > promised_for:
        passed.add(promised_for)
    return [day + timedelta(days=1) for day in sorted(passed)]


def days_of(due_on: date, moves: Iterable[date | None]) -> list[date]:
    """Every day that a promise was for, in order: the first one, then each it was moved to."""
    return [due_on, *(day for day in moves if day is not None)]


def status_after_reopening(moved_to: date | None) -> PromiseStatus:
    """How a promise stands again when "kept" was taken back: as before it was said."""
    return PromiseStatus.OPEN if moved_to is None else PromiseStatus.MOVED


@dataclass(frozen=True, slots=True)
class StepLine:
    """One entry of a trail, as pages show it."""

    id: int
    kind: StepKind
    text: str
    percent: int | None
    promised_for: date
    moved_to: date | None
    made_at: datetime
    pictures: tuple[PictureLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A picture without its bytes."""

    id: int
    digest: str
    alt: str
    width: int
    height: int
    small_width: int
    small_height: int

    @property
    def mark(self) -> str:
        """What stands in its address, so that a browser may keep it for ever."""
        return self.digest[:12]


def percent_of(trail: Iterable[StepLine]) -> int | None:
    """How much is done by the newest step; None where no step was reported."""
    told = [step.percent for step in trail if step.percent is not None]
    return told[-1] if told else None
