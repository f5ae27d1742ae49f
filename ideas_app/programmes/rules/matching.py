"""Who on a roster is already known, and what importing it would change. Pure: the caller brings
what is stored.

A sure match is the same key (name, birth date and phone all equal). Two of three equal is a
question for a person and is never merged by itself. Importing a file a second time changes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from itertools import chain
from typing import TYPE_CHECKING

from ideas_app.core.text import key
from ideas_app.programmes.models import Attendance
from ideas_app.programmes.rules.issues import Issue
from ideas_app.programmes.rules.names import name_key
from ideas_app.programmes.rules.privacy import mask_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from ideas_app.programmes.rules.roster import Identity, ParsedRoster, RosterRow


class Unsure(StrEnum):
    """What becomes of rows that are perhaps somebody known and were not decided by a person."""

    NEW = "new"
    """A new person each, listed for a later look."""
    STOP = "stop"
    """They hold up the import."""


class Match(StrEnum):
    """How a row's person was found."""

    SAME = "same"
    NEW = "new"
    UNSURE = "unsure"
    LEFT_OUT = "left_out"


class Change(StrEnum):
    """What a row does to the participations."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about an unsure row: it is `person_id`, or the person of `key`;
    neither: a new one.
    """

    person_id: int | None = None
    key: str | None = None
    leave_out: bool = False


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A stored participation in the programme of the import."""

    id: int
    cohort: str
    status: Attendance
    joined_on: date | None
    certificate_name: str | None
    certified_on: date | None


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A stored person who shares a name, birth date or phone with some row, with the records of
    this programme.
    """

    id: int
    key: str
    name: str
    birth_on: date | None
    phone: str | None
    email: str | None = None
    neighbourhood: str | None = None
    records: tuple[StoredRecord, ...] = ()

    @property
    def identity(self) -> Identity:
        """What tells persons apart."""
        return name_key(self.name), self.birth_on, self.phone


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom an unsure row may be: a stored person or another row of the file; what
    differs.
    """

    person_id: int | None
    row: int | None
    differs: str
    """name, birth_on or phone."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What importing one row means. `person_id` None: the new person of `key`. `record_id`: the
    stored record.
    """

    row: RosterRow
    key: str
    match: Match
    change: Change
    person_id: int | None = None
    record_id: int | None = None
    changes: dict[str, object] = field(default_factory=dict)
    """New values of the stored record, by StoredRecord's field names."""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All that an import would do; the service only carries it out."""

    rows: tuple[PlannedRow, ...]
    new_persons: dict[str, RosterRow]
    """By key, the row that first names the person."""
    person_changes: dict[int, dict[str, str]]
    """E-mail and neighbourhood of known persons, where the file says more than is stored."""
    errors: tuple[Issue, ...] = ()
    absent: tuple[Issue, ...] = ()
    """Rows of people without a record who were at no meeting: they are left out."""

    def count(self, *, match: Match | None = None, change: Change | None = None) -> int:
        """How many rows have this match and this change."""
        return sum(
            (match is None or each.match is match) and (change is None or each.change is change)
            for each in self.rows
        )

    @property
    def unsure(self) -> tuple[PlannedRow, ...]:
        """The rows that nobody has decided."""
        return tuple(each for each in self.rows if each.match is Match.UNSURE)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the file is already stored."""
        moves = any(each.change in {Change.NEW, Change.CHANGED} for each in self.rows)
        return not (moves or self.new_persons or self.person_changes)


def match_key(secret: str | bytes, name: str, birth_on: date | None, phone: str | None) -> str:
    """HMAC-SHA256 in hex of name key, birth date and phone: the same person on two rosters,
    readable by nobody.
    """
    secret = secret.encode() if isinstance(secret, str) else secret
    parts = (name_key(name), birth_on.isoformat() if birth_on else "", phone or "")
    return hmac.new(secret, "|".join(parts).encode(), hashlib.sha256).hexdigest()


def plan_import(
    parsed: ParsedRoster,
    stored: Iterable[StoredPerson],
    *,
    key_of: Callable[[RosterRow], str],
    decisions: Mapping[str, Decision] | None = None,
    unsure: Unsure = Unsure.NEW,
) -> ImportPlan:
    """What importing the roster would change, given all stored persons who share a name, birth date
    or phone.

    `key_of` is `match_key` with the secret. `decisions` go by a row's key; kept with the programme
    they make a second import of the same file change nothing. A file that is silent about a field
    leaves it as it is, and a status only sinks if the column that once raised it is in the file.
    """
    return _Planner(parsed, list(stored), key_of, dict(decisions or {}), unsure).plan()


class _Planner:
    def __init__(
        self,
        parsed: ParsedRoster,
        stored: list[StoredPerson],
        key_of: Callable[[RosterRow], str],
        decisions: dict[str, Decision],
        unsure: Unsure,
    ) -> None:
        self.parsed = parsed
        self.by_key = {person.key: person for person in stored}
        self.keys = {row.number: self.shared(key_of(row)) for row in parsed.rows}
        self.by_id = {person.id: person for person in stored}
        self.decisions = decisions
        self.unsure_policy = unsure
        self.rows: list[PlannedRow] = []
        self.new_persons: dict[str, RosterRow] = {}
        self.person_changes: dict[int, dict[str, str]] = {}
        self.errors: list[Issue] = list(parsed.errors)
        self.absent: list[Issue] = []
        self.claimed: dict[tuple[int | str, str], RosterRow] = {}
        self.cohort_key = cache(key)

    def shared(self, own: str) -> str:
        """The key as a stored person already holds it: 50,000 second copies are 6 MB."""
        person = self.by_key.get(own)
        return own if person is None else person.key

    @cached_property
    def pairs(self) -> dict[tuple[str, object, object], list[StoredPerson | RosterRow]]:
        """Everybody whom an unknown row may be, by each two of the three. Made only when somebody is
        unknown: for a large roster that comes again it would be 40 MB for nothing.
        """
        found: dict[tuple[str, object, object], list[StoredPerson | RosterRow]] = defaultdict(list)
        unknown = (row for row in self.parsed.rows if self.keys[row.number] not in self.by_key)
        everybody: Iterable[StoredPerson | RosterRow] = chain(self.by_id.values(), unknown)
        for each in everybody:
            for pair in _pairs(each.identity):
                found[pair].append(each)
        return found

    def plan(self) -> ImportPlan:
        for row in self.parsed.rows:
            planned = self.plan_row(row)
            self.rows.append(planned)
            if planned.match is Match.UNSURE and self.unsure_policy is Unsure.STOP:
                self.errors.append(
                    Issue("person_undecided", row.number, value=mask_value("name", row.name))
                )
        return ImportPlan(
            tuple(self.rows),
            self.new_persons,
            self.person_changes,
            tuple(self.errors),
            tuple(self.absent),
        )

    def plan_row(self, row: RosterRow) -> PlannedRow:
        own = self.keys[row.number]
        decision = self.decisions.get(own)
        if decision and decision.leave_out:
            return PlannedRow(row, own, Match.LEFT_OUT, Change.NONE)
        target = decision.key if decision and decision.key else own
        person = self.by_key.get(target)
        if person is None and decision and decision.person_id is not None:
            person = self.by_id.get(decision.person_id)
        if not self.claim(row, person.id if person else target):
            return PlannedRow(row, target, Match.LEFT_OUT, Change.NONE)
        if row.is_never_there and not (person and self.record_in(person, row)):
            self.absent.append(Issue("absent", row.number, value=mask_value("name", row.name)))
            return PlannedRow(row, target, Match.LEFT_OUT, Change.NONE)
        if person is not None:
            return self.of_known(row, target, person)
        candidates = () if decision else self.candidates(row, own)
        self.new_persons.setdefault(target, row)
        match = Match.UNSURE if candidates else Match.NEW
        return PlannedRow(row, target, match, Change.NEW, candidates=candidates)

    def claim(self, row: RosterRow, who: int | str) -> bool:
        """Whether this row is the first of its person and cohort; two rows may become one person
        by a decision.
        """
        first = self.claimed.setdefault((who, self.cohort_key(row.cohort)), row)
        if first is row:
            return True
        if first.record != row.record:
            values: dict[str, str | int] = {"first": first.number}
            masked = mask_value("name", row.name)
            self.errors.append(Issue("row_contradicts", row.number, value=masked, values=values))
        return False

    def of_known(self, row: RosterRow, target: str, person: StoredPerson) -> PlannedRow:
        changes = self.person_changes.pop(person.id, {})
        for name in ("email", "neighbourhood"):
            said = getattr(row, name)
            # The last row that speaks wins, so that a second import finds what the first one left.
            if said is not None:
                changes.pop(name, None)
                if said != getattr(person, name):
                    changes[name] = said
        if changes:
            self.person_changes[person.id] = changes
        record = self.record_in(person, row)
        if record is None:
            return PlannedRow(row, target, Match.SAME, Change.NEW, person.id)
        different = record_changes(record, row, self.parsed.provided)
        change = Change.CHANGED if different else Change.SAME
        return PlannedRow(row, target, Match.SAME, change, person.id, record.id, different)

    def record_in(self, person: StoredPerson, row: RosterRow) -> StoredRecord | None:
        """The person's record in the cohort of a row."""
        cohort = self.cohort_key(row.cohort)
        found = (each for each in person.records if self.cohort_key(each.cohort) == cohort)
        return next(found, None)

    def candidates(self, row: RosterRow, own: str) -> tuple[Candidate, ...]:
        found: dict[tuple[int | None, int | None], Candidate] = {}
        for pair in _pairs(row.identity):
            for other in self.pairs[pair]:
                if isinstance(other, StoredPerson):
                    candidate = Candidate(other.id, None, pair[0])
                elif self.keys[other.number] != own:
                    candidate = Candidate(None, other.number, pair[0])
                else:
                    continue
                found.setdefault((candidate.person_id, candidate.row), candidate)
        return tuple(found.values())


def _pairs(identity: Identity) -> list[tuple[str, object, object]]:
    """Each two of the three that are known, with the name of the third."""
    name, birth_on, phone = identity
    pairs: list[tuple[str, object, object]] = []
    if birth_on:
        pairs.append(("phone", name, birth_on))
    if phone:
        pairs.append(("birth_on", name, phone))
    if birth_on and phone:
        pairs.append(("name", birth_on, phone))
    return pairs


def record_changes(
    record: StoredRecord, row: RosterRow, provided: frozenset[str]
) -> dict[str, object]:
    """The fields of a stored record that the row changes, with their new values; a blank never
    erases.
    """
    changes: dict[str, object] = {}
    if _may_move(record.status, row.status, provided):
        changes["status"] = row.status
    said = {
        "joined_on": row.joined_on,
        "certificate_name": row.certificate_name,
        "certified_on": row.certified_on,
    }
    changes |= {name: value for name, value in said.items() if value is not None}
    if changes.get("status", record.status) is not Attendance.CERTIFIED:
        changes |= {"certificate_name": None, "certified_on": None}
    return {name: value for name, value in changes.items() if value != getattr(record, name)}


_ORDER = list(Attendance)
_SPEAKS_OF = {
    Attendance.COMPLETED: {"completed", "status"},
    Attendance.CERTIFIED: {"certified", "certificate", "certified_on", "status"},
}


def _may_move(stored: Attendance, said: Attendance, provided: frozenset[str]) -> bool:
    """A status rises freely; it sinks only if the file has the columns that would say otherwise."""
    if _ORDER.index(said) >= _ORDER.index(stored):
        return True
    above = _ORDER[_ORDER.index(said) + 1 : _ORDER.index(stored) + 1]
    return all(_SPEAKS_OF[level] & provided for level in above)
