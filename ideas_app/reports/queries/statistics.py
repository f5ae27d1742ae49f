"""The public statistics of a year: who took part, by the programme's category, age and neighbourhood;
supports by month. Must not change anything, nor decide what may be printed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, extract, func, select

from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.programmes.models import Outcome, Participation, Person, Programme
from ideas_app.reports.rules import AGE_GROUPS, Statistics, age_group, hide_shares
from ideas_app.votes.models import Support

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ideas_app.reports.rules import ProgrammeLine
    from ideas_app.reports.rules.suppression import Cell

UNKNOWN = "unknown"
WAYS = ("records", "tallied")
MONTHS = tuple(f"{month:02}" for month in range(1, 13))


def gather(
    year: int,
    lines: Sequence[ProgrammeLine],
    quarters: Sequence[int],
    figures: Mapping[str, Any],
    linked: Mapping[str, int],
) -> Statistics:
    """Every figure about people that some page or file prints, in one system of sums. Two statements.

    `linked`: by programme, the records that people linked with their account; `hide_linked` says which of
    these stay hidden.
    """
    found = gather_programmes(year, lines, quarters)
    for name in ("persons", "ballots_cast"):
        found.counts[name] = figures[name]
    # beside the sums: a share of a group whose size is public has a rule of its own
    found.counts.update({("linked", line.slug): linked.get(line.slug, 0) for line in lines})
    found.counts["participations_linked"] = figures["participations_linked"]
    found.add_list("month", _count_supports(year), "supports")
    return found


def gather_programmes(
    year: int, lines: Sequence[ProgrammeLine], quarters: Sequence[int]
) -> Statistics:
    """The part of that system that is about who took part in programmes: what is hidden in it depends on nothing
    outside. One statement.
    """
    found = Statistics(year)
    _add_programmes(found, lines)
    _add_people(found, lines)
    _add_certificates(found, lines)
    _add_sessions(found, lines, quarters)
    return found


def hide_linked(lines: Sequence[ProgrammeLine], linked: Mapping[str, int]) -> frozenset[Any]:
    """The cells about linked records that no public page or file may print."""
    shares: dict[Cell, tuple[int, int]] = {
        ("linked", line.slug): (count := linked.get(line.slug, 0), line.records - count)
        for line in lines
    }
    return hide_shares(shares, "participations_linked")


def _category(line: ProgrammeLine) -> str:
    return line.category or UNKNOWN


def _add_programmes(found: Statistics, lines: Sequence[ProgrammeLine]) -> None:
    """By programme and by category, with a name and without."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    members: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        category = _category(line)
        members[category].append(line.slug)
        for way in WAYS:
            found.counts[way, line.slug] = getattr(line, way)
            counts[category, way] += getattr(line, way)
        found.link(("programme", line.slug), [(way, line.slug) for way in WAYS])
    found.add_cross("category", counts, tuple(members), WAYS, "participations")
    for category, slugs in members.items():
        found.link(("category", category, ""), [("programme", slug) for slug in slugs])
        for way in WAYS:
            found.link(("category", category, way), [(way, slug) for slug in slugs])
    visits = [("programme", line.slug) for line in lines if line.outcome == Outcome.VISIT]
    found.link("company_visit_participants", [*visits])


def _add_people(found: Statistics, lines: Sequence[ProgrammeLine]) -> None:
    """Participations with a name, by category and age, and by neighbourhood: of the same people, so
    their sums are the same cells.
    """
    named = ("category", "", "records")
    categories = {line.slug: _category(line) for line in lines}
    born = extract("year", Person.born_on)
    query = (
        select(Programme.slug, born, Person.neighbourhood, func.count())
        .select_from(Participation)
        .join(Person, Person.id == Participation.person_id)
        .join(Programme, Programme.id == Participation.programme_id)
        .where(Programme.slug.in_(list(categories)))
        .group_by(Programme.slug, born, Person.neighbourhood)
    )
    ages: dict[tuple[str, str], int] = defaultdict(int)
    places: dict[str, int] = defaultdict(int)
    for slug, year, place, count in session().execute(query):
        ages[categories[slug], age_group(found.year, int(year) if year else None)] += count
        places[place or UNKNOWN] += count
    rows = tuple(dict.fromkeys(categories.values()))
    found.add_cross("age", ages, rows, AGE_GROUPS, named)
    for category in rows:
        found.link(("category", category, "records"), [("age", category, "")])
    found.add_list("place", dict(sorted(places.items())), named)


def _add_certificates(found: Statistics, lines: Sequence[ProgrammeLine]) -> None:
    kinds: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        found.counts["certified", line.slug] = line.certified
        if line.certificate:
            kinds[line.certificate].append(line.slug)
    found.link("certified", [("certified", line.slug) for line in lines])
    specialists = [("certified", line.slug) for line in lines if line.is_specialist]
    found.link("specialists_certified", [*specialists])
    for kind, slugs in kinds.items():
        found.link(("kind", kind), [("certified", slug) for slug in slugs])


def _add_sessions(
    found: Statistics, lines: Sequence[ProgrammeLine], quarters: Sequence[int]
) -> None:
    for line in lines:
        found.counts["sessions", line.slug] = line.sessions
    counselling = [("sessions", line.slug) for line in lines if line.outcome == Outcome.COUNSELLING]
    found.link("counselling_sessions", [*counselling])
    found.add_list(
        "quarter",
        {str(number): count for number, count in enumerate(quarters, start=1)},
        "counselling_sessions",
    )


def _count_supports(year: int) -> dict[str, int]:
    """Supports that stand today, by the month in which they were given."""
    starts = [clock.day_start(date(year, month, 1)) for month in range(1, 13)]
    starts.append(clock.day_start(date(year + 1, 1, 1)))
    columns = [
        func.count(case(((Support.given_at >= first) & (Support.given_at < end), 1)))
        for first, end in pairwise(starts)
    ]
    within = (Support.given_at >= starts[0], Support.given_at < starts[-1])
    row = session().execute(select(*columns).where(*within)).one()
    return {month: int(count) for month, count in zip(MONTHS, row, strict=True)}
