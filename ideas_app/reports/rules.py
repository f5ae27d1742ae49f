"""What each figure of the year means, and the shape of the year's figures. Pure.

Must not know the database.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask_babel import LazyString

SMALLEST_CELL = 5
"""No public figure about people is printed for fewer."""

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
    "promises_kept": _l("Promises in the answers that were reported as done."),
}


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
    is_specialist: bool = False

    @property
    def participations(self) -> int:
        """Records and tallied participations together."""
        return self.records + self.tallied


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The figures of one year, recomputed from records; DEFINITIONS says what each counts."""

    year: int
    programmes: int
    participations: int
    persons: int
    certificate_kinds: int
    specialists_certified: int
    company_visit_participants: int
    counselling_sessions: int
    ideas_submitted: int
    ideas_published: int
    ideas_on_ballot: int
    ballots_cast: int
    ideas_shortlisted: int
    answered: int
    answered_on_time: int
    promises_kept: int
    per_programme: list[ProgrammeLine] = field(default_factory=list)
    sessions_by_quarter: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    rejected_by_code: dict[str, int] = field(default_factory=dict)
    input_digest: str = ""

    @property
    def hidden_participations(self) -> frozenset[str]:
        """Slugs of programmes whose numbers are too small for a public page."""
        return hide_small({line.slug: line.participations for line in self.per_programme})

    @property
    def hidden_certificates(self) -> frozenset[str]:
        """Slugs of programmes whose number of certificates is too small for a public page."""
        return hide_small({line.slug: line.certified for line in self.per_programme})

    def to_json(self) -> dict[str, Any]:
        """The report for machines: every figure, its definition, the digest of the input."""
        figures = asdict(self)
        for line, plain in zip(self.per_programme, figures["per_programme"], strict=True):
            plain["participations"] = line.participations
        digest = figures.pop("input_digest")
        definitions = {name: str(text) for name, text in DEFINITIONS.items()}
        return {**figures, "definitions": definitions, "input_digest": digest}


def hide_small(counts: Mapping[str, int], *, total_is_public: bool = True) -> frozenset[str]:
    """Names whose count about people must not be printed: 1 to 4, and beside a lone one the next smallest.

    Without the second, the lone one could be had by subtracting the others from the total.
    """
    small = {name for name, count in counts.items() if 0 < count < SMALLEST_CELL}
    if len(small) == 1 and total_is_public:
        others = [(count, name) for name, count in counts.items() if name not in small and count]
        small |= {min(others)[1]} if others else set()
    return frozenset(small)


def digest_of(rows: Iterable[tuple[Any, ...]]) -> str:
    """SHA-256, in hex, over the counted rows in a fixed order: the same records give the same digest."""
    running = hashlib.sha256()
    for row in rows:
        running.update(
            json.dumps(row, ensure_ascii=False, default=str, separators=(",", ":")).encode()
        )
        running.update(b"\n")
    return running.hexdigest()
