"""What somebody found out about an idea: feasible or not, cost, time, law, department, reason. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.evaluations.models import Cost, Duration, Feasibility, Law

if TYPE_CHECKING:
    from collections.abc import Iterable

REASON_LEAST = 10
REASON_MOST = 1000
NOTE_MOST = 150
DEPARTMENT_MOST = 60

PARTS = ("feasibility", "department", "cost", "duration", "law")
"""The parts in which two evaluations can contradict each other, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The second part of an evaluation, as far as it is written."""

    feasibility: Feasibility | None = None
    cost: Cost | None = None
    cost_note: str = ""
    duration: Duration | None = None
    law: Law | None = None
    law_note: str = ""
    department: str = ""
    obstacles: str = ""
    reason: str = ""

    def tidied(self) -> Findings:
        """The same with its words normalised."""
        return Findings(
            self.feasibility,
            self.cost,
            text.one_line(self.cost_note),
            self.duration,
            self.law,
            text.one_line(self.law_note),
            text.one_line(self.department),
            text.one_line(self.obstacles),
            text.normalise(self.reason),
        )

    def begun_by(self, department: str) -> Findings:
        """The same; where nothing is written yet, a form begins with one's own department."""
        return self if self.to_json() else replace(self, department=department)

    def to_json(self) -> dict[str, Any]:
        """What is written, for the log."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in named.items() if value}


def faults_of(findings: Findings, *, closing: bool) -> list[Fault]:
    """Everything that keeps findings from being kept or, with `closing`, from being closed.

    Nothing is closed without its reason; "cannot be told yet" is an answer, silence is none. A law that
    has to change, or that is not clear, is named.
    """
    faults = _length_faults(findings)
    if not closing:
        return faults
    missing = (
        ("feasibility", findings.feasibility, _l("Say whether it is feasible.")),
        ("cost", findings.cost, _l("Choose a cost band; “cannot be told yet” is one.")),
        ("duration", findings.duration, _l("Say how long it takes; “cannot be told yet” counts.")),
        ("law", findings.law, _l("Say what has to change in law.")),
        (
            "department",
            findings.department.strip(),
            _l("Name the department whose business it is."),
        ),
    )
    faults += [Fault(name, "missing", message) for name, value, message in missing if not value]
    if findings.law not in (None, Law.NOTHING) and not findings.law_note.strip():
        message = _l("Name the ordinance or law, or what is not clear about it.")
        faults.append(Fault("law_note", "law_missing", message))
    if text.length(findings.reason.strip()) < REASON_LEAST:
        message = _l("Give the reason, in a sentence at least: without it nothing is closed.")
        faults.append(Fault("reason", "reason_missing", message))
    return faults


def _length_faults(findings: Findings) -> list[Fault]:
    notes = [(name, NOTE_MOST, 200) for name in ("cost_note", "law_note", "obstacles")]
    limits = (*notes, ("department", DEPARTMENT_MOST, 80), ("reason", REASON_MOST, 20_000))
    return [
        Fault(name, "too_long", _l("Too long: at most %(most)s characters.", most=most))
        for name, most, room in limits
        # what a reader counts as one may be many to the database
        if text.length(value := getattr(findings, name)) > most or len(value) > room
    ]


_UNSAID = frozenset({None, "", Cost.UNCLEAR, Duration.UNCLEAR, Law.UNCLEAR})
"""Whoever cannot tell contradicts nobody."""


def parts_apart(several: Iterable[Findings]) -> tuple[str, ...]:
    """The parts that people see differently, of `PARTS`. Departments are compared as people read them."""
    found = list(several)

    def said(name: str) -> set[Any]:
        values = {getattr(one, name) for one in found}
        if name == "department":
            values = {text.key(value) for value in values}
        return values - _UNSAID

    return tuple(name for name in PARTS if len(said(name)) > 1)
