"""What each figure of the year means, and the shape of the year's figures. Pure.

Must not know the database.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.reports.rules.tables import PrintedTable, Statistics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask_babel import LazyString

DEFINITIONS: dict[str, LazyString] = {
    "programmes": _l("Programmes that the centre ran in the year; planned ones are not counted."),
    "participations": _l(
        "One person in one programme counts 1, in two programmes 2. Participations without a name, such as "
        "counselling, come from the monthly counts of the partners."
    ),
    "persons": _l(
        "People on the rosters of the year's programmes, each counted once. Participations without a name "
        "are not in this figure."
    ),
    "certificate_kinds": _l(
        "Different certificates that at least one participant obtained in the year's courses."
    ),
    "specialists_certified": _l(
        "Certificates obtained in the courses for the region's industry; other certificates are counted apart."
    ),
    "visits": _l("Visits to companies, each day and company one."),
    "company_visit_participants": _l("Participations in visits to companies."),
    "counselling_sessions": _l(
        "Sessions of one-to-one counselling as the partners counted them, not people."
    ),
    "ideas_submitted": _l("Ideas sent to the campaigns of the year, whatever became of them."),
    "ideas_published": _l("Of these, ideas that stood or stand on the public list."),
    "ideas_on_ballot": _l("Entries of the final ballot; a family of joined ideas is one entry."),
    "ballots_cast": _l("Ballots in the final vote, one for each person."),
    "ideas_shortlisted": _l(
        "Entries elected in the published round; a family of joined ideas is one entry."
    ),
    "answered": _l("Shortlisted entries with a published official answer."),
    "answered_on_time": _l(
        "Of these, answers within 14 Korean working days after publication of the shortlist, or within the one "
        "extension with a public reason."
    ),
    "ideas_done": _l(
        "Shortlisted ideas, members of families included, that the city reported as done."
    ),
    "participations_linked": _l(
        "Participations of people who linked the roster with their account, by a consent that covers totals."
    ),
    "ideas_from_programmes": _l(
        "Ideas of any campaign that name one of the year's programmes as where they grew out of."
    ),
    "adopted_from_programmes": _l("Of these, ideas that the city takes up, wholly or in part."),
    "promises_made": _l("Promises with a day in the answers to the shortlisted entries."),
    "promises_kept": _l("Promises in the answers that were reported as done."),
}
"""What each figure counts; its keys are the figures, in the order of the report."""

NAMES: dict[str, LazyString] = {
    "programmes": lazy_pgettext("figure", "Programmes"),
    "participations": lazy_pgettext("figure", "Participations"),
    "persons": lazy_pgettext("figure", "Persons, each counted once"),
    "certificate_kinds": lazy_pgettext("figure", "Kinds of certificate"),
    "specialists_certified": lazy_pgettext("figure", "Certified for the region's industry"),
    "visits": lazy_pgettext("figure", "Visits to companies"),
    "company_visit_participants": lazy_pgettext("figure", "Company visit participants"),
    "counselling_sessions": lazy_pgettext("figure", "Counselling sessions"),
    "ideas_submitted": lazy_pgettext("figure", "Ideas submitted"),
    "ideas_published": lazy_pgettext("figure", "Ideas published"),
    "ideas_on_ballot": lazy_pgettext("figure", "Ideas on the ballot"),
    "ballots_cast": lazy_pgettext("figure", "Ballots cast"),
    "ideas_shortlisted": lazy_pgettext("figure", "Ideas shortlisted"),
    "answered": lazy_pgettext("figure", "Shortlisted and answered"),
    "answered_on_time": lazy_pgettext("figure", "Answered in time"),
    "ideas_done": lazy_pgettext("figure", "Ideas done"),
    "participations_linked": lazy_pgettext("figure", "Participations linked with an account"),
    "ideas_from_programmes": lazy_pgettext("figure", "Ideas that grew out of programmes"),
    "adopted_from_programmes": lazy_pgettext("figure", "Of these, taken up by the city"),
    "promises_made": lazy_pgettext("figure", "Promises made"),
    "promises_kept": lazy_pgettext("figure", "Promises kept"),
}
"""What each figure is called, in the order of `DEFINITIONS`."""

ABOUT_PEOPLE = frozenset(
    {
        *("participations", "persons", "specialists_certified", "company_visit_participants"),
        *("counselling_sessions", "ballots_cast", "participations_linked"),
    }
)
"""Figures that are not printed below five."""


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """One programme in the year's table. `participations` = `records` + `tallied`."""

    slug: str
    title: str
    title_en: str
    category: str
    outcome: str
    records: int
    tallied: int
    certified: int
    sessions: int
    certificate: str | None = None
    certificate_en: str = ""
    is_specialist: bool = False

    @property
    def participations(self) -> int:
        """Records and tallied participations together."""
        return self.records + self.tallied


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """How many obtained one kind of certificate; `name_en` may be empty."""

    name: str
    name_en: str
    certified: int


@dataclass(frozen=True, slots=True)
class FieldLine:
    """How far the ideas of one field came: each number is part of the one before, but `answered` and
    `done`, which count the shortlisted ones.
    """

    key: str
    name: str
    name_en: str
    submitted: int = 0
    published: int = 0
    on_ballot: int = 0
    shortlisted: int = 0
    answered: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class WayLine:
    """What grew out of one programme: ideas of any campaign that name it, how far they came, and the promises in
    their answers. Each idea of a family counts by itself. Answers also go to ideas with enough supporters, so
    more may be answered than shortlisted.
    """

    STEPS: ClassVar = ("ideas", "published", "on_ballot", "shortlisted", "answered", "adopted")

    slug: str
    title: str
    title_en: str
    ideas: int = 0
    published: int = 0
    on_ballot: int = 0
    shortlisted: int = 0
    answered: int = 0
    adopted: int = 0
    promises_made: int = 0
    promises_kept: int = 0


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """Published answers of one department to shortlisted entries, and how many of them came in time."""

    name: str
    answered: int
    on_time: int


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The figures of one year, recomputed from records; DEFINITIONS says what each counts."""

    year: int
    programmes: int
    participations: int
    persons: int
    certificate_kinds: int
    specialists_certified: int
    visits: int
    company_visit_participants: int
    counselling_sessions: int
    ideas_submitted: int
    ideas_published: int
    ideas_on_ballot: int
    ballots_cast: int
    ideas_shortlisted: int
    answered: int
    answered_on_time: int
    ideas_done: int
    participations_linked: int
    ideas_from_programmes: int
    adopted_from_programmes: int
    promises_made: int
    promises_kept: int
    per_programme: list[ProgrammeLine] = field(default_factory=list)
    sessions_by_quarter: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    rejected_by_code: dict[str, int] = field(default_factory=dict)
    certificates: list[CertificateLine] = field(default_factory=list)
    ideas_by_field: list[FieldLine] = field(default_factory=list)
    answers_by_department: list[DepartmentLine] = field(default_factory=list)
    ways: list[WayLine] = field(default_factory=list)
    """By programme, what grew out of it; how many linked their record is a cell (`linked`) of `statistics`."""
    input_digest: str = ""
    statistics: Statistics = field(default_factory=lambda: Statistics(0))
    """Every figure about people in one system, from which follows what is hidden."""
    hidden: frozenset[Any] = frozenset()
    """Cells of `statistics` that no public page or file may print."""

    def public(self, name: str) -> int | None:
        """A figure as everybody may read it; None where it is about fewer than five people, or would
        give such a figure away.
        """
        return None if name in self.hidden else int(getattr(self, name))

    def public_total(self, name: str) -> int | None:
        """A sum of `statistics` as everybody may read it."""
        return None if name in self.hidden else self.statistics.counts[name]

    def public_cell(self, *key: str) -> int | None:
        """A cell of `statistics` as everybody may read it."""
        return None if key in self.hidden else self.statistics.counts[key]

    def print_table(self, name: str) -> PrintedTable:
        """A table of the statistics as everybody may read it."""
        table = next(each for each in self.statistics.tables if each.name == name)
        return self.statistics.print_table(table, self.hidden)

    def to_json(self) -> dict[str, Any]:
        """The report for machines: every figure, its definition, the digest of the input."""
        figures: dict[str, Any] = {"year": self.year}
        figures |= {name: getattr(self, name) for name in DEFINITIONS}
        figures["per_programme"] = [
            {**asdict(line), "participations": line.participations} for line in self.per_programme
        ]
        for name in ("certificates", "ideas_by_field", "answers_by_department", "ways"):
            figures[name] = [asdict(line) for line in getattr(self, name)]
        figures["sessions_by_quarter"] = list(self.sessions_by_quarter)
        figures["rejected_by_code"] = dict(self.rejected_by_code)
        definitions = {name: str(text) for name, text in DEFINITIONS.items()}
        return {**figures, "definitions": definitions, "input_digest": self.input_digest}


@dataclass(frozen=True, slots=True)
class Abstract:
    """What the front page tells of a year, as everybody may read it: None where a figure is about fewer than five
    people, or would give such a figure away.
    """

    year: int
    programmes: int
    participations: int | None
    specialists_certified: int | None
    ideas_submitted: int
    ideas_on_ballot: int
    ideas_shortlisted: int
    answered: int
    promises_kept: int


def digest_of(rows: Iterable[tuple[Any, ...]]) -> str:
    """SHA-256, in hex, over the counted rows in a fixed order: the same records give the same digest."""
    running = hashlib.sha256()
    for row in rows:
        running.update(
            json.dumps(row, ensure_ascii=False, default=str, separators=(",", ":")).encode()
        )
        running.update(b"\n")
    return running.hexdigest()
