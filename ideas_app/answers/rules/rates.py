"""How the departments keep their time and their word. Whole numbers only. Pure: takes what was read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.answers.rules import Standing, Timing, timing_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

LEAST = 3
"""Answers from which on a department has a percentage: of one or two it would say more than is known."""


_TEAM = ("계", "팀")
_RUN_TOGETHER = re.compile(r"(?P<department>\S*?(?:과|담당관))\S+(?:계|팀)")
"""A department (과, 담당관) with its team behind it, written without a space."""


def department_of(name: str) -> str:
    """The department of what was written on an answer, without its team: `교통행정과 버스정책계` is of
    `교통행정과`. What is written otherwise stays as it is.
    """
    *words, last = name.split() or [""]
    if words and last.endswith(_TEAM):
        return " ".join(words)
    found = _RUN_TOGETHER.fullmatch(last) if not words else None
    return found["department"] if found else " ".join([*words, last])


def department_key(name: str) -> str:
    """One key for every way to write a department and its teams: without spaces and middle dots, wide
    letters made plain.

    `교통 행정과`, `교통행정과 버스정책계` and `교통·행정과` are one.
    """
    plain = unicodedata.normalize("NFKC", department_of(name)).casefold()
    return "".join(sign for sign in plain if not sign.isspace() and sign not in "·ㆍ・•∙.")


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """What the rates need of an answer, or of one that is owed."""

    department: str
    due_on: date
    extended_to: date | None
    answered_on: date | None

    @property
    def settled_on(self) -> date:
        """The day whose period it is counted in: that of the answer or, while it is owed, its due day."""
        return self.answered_on or self.extended_to or self.due_on


@dataclass(frozen=True, slots=True)
class PromiseFact:
    """What the rates need of a promise: who keeps it, how it stands, and since which day."""

    department: str
    standing: Standing
    on: date


@dataclass(frozen=True, slots=True)
class DepartmentRate:
    """What one department answered and kept. `on_time` is within the first date, `extended` within the one
    extension; `answered` is their sum with `late`. `overdue` are owed and past their date.
    """

    department: str
    answered: int
    on_time: int
    extended: int
    late: int
    overdue: int
    promises_kept: int
    promises_silent: int
    waiting: int = 0
    """Owed, and still in time: in no percentage."""

    @property
    def due(self) -> int:
        """Answers that were due: given, or past their date."""
        return self.answered + self.overdue

    @property
    def percent(self) -> int | None:
        """Answers in time, the extension included, of those due; rounded down. None under `LEAST`."""
        return 100 * (self.on_time + self.extended) // self.due if self.due >= LEAST else None


def rates_of(
    answers: Iterable[AnswerFact],
    promises: Iterable[PromiseFact],
    *,
    today: date,
    since: date | None = None,
    until: date | None = None,
) -> list[DepartmentRate]:
    """Each department once, by name; the one without a name, of answers nobody took up yet, last.

    An answer counts in the period in which it was given, one that is owed in that of its due day, a
    promise in that of its day. Answers that wait in time are counted where the period reaches today. A
    department written in several ways has the name that is written most often.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for name, what in _counted(answers, promises, today, since, until):
        key = department_key(name)
        names[key][department_of(name)] += 1
        counts[key][what] += 1
    rates = [_rate(usual_name(names[key]), found) for key, found in counts.items()]
    return sorted(rates, key=lambda rate: (not rate.department, rate.department))


def _counted(
    answers: Iterable[AnswerFact],
    promises: Iterable[PromiseFact],
    today: date,
    since: date | None,
    until: date | None,
) -> Iterator[tuple[str, str]]:
    def is_within(day: date) -> bool:
        return (since is None or day >= since) and (until is None or day <= until)

    for fact in answers:
        timing = timing_of(
            due_on=fact.due_on,
            extended_to=fact.extended_to,
            answered_on=fact.answered_on,
            today=today,
        )
        if is_within(today if timing is Timing.WAITING else fact.settled_on):
            yield fact.department, timing.value
    for one in promises:
        if one.standing in {Standing.KEPT, Standing.SILENT} and is_within(one.on):
            yield one.department, one.standing.value


def usual_name(names: Counter[str]) -> str:
    """The name that is written most often; of several the first by the alphabet."""
    return min(names, key=lambda name: (-names[name], name))


def _rate(name: str, found: Counter[str]) -> DepartmentRate:
    on_time, extended, late = (
        found[timing.value] for timing in (Timing.ON_TIME, Timing.EXTENDED, Timing.LATE)
    )
    return DepartmentRate(
        department=name,
        answered=on_time + extended + late,
        on_time=on_time,
        extended=extended,
        late=late,
        overdue=found[Timing.OVERDUE.value],
        promises_kept=found[Standing.KEPT.value],
        promises_silent=found[Standing.SILENT.value],
        waiting=found[Timing.WAITING.value],
    )
