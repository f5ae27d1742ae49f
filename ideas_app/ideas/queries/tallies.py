"""How many ideas each filter of the list would show, as the database keeps count of them. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, String, func, literal, null, select, union_all

from ideas_app.adapters import fulltext
from ideas_app.campaigns.models import Campaign, Stamp
from ideas_app.campaigns.queries import CAMPAIGNS_STAMP
from ideas_app.core import clock
from ideas_app.core.db import is_sqlite, session
from ideas_app.core.prepared import Prepared, all_together, answer_to, given
from ideas_app.ideas.models import Idea, IdeaDay, State, Tally, TallyKind
from ideas_app.ideas.queries.lists import STATE_GROUPS
from ideas_app.ideas.queries.one import readable_clause

if TYPE_CHECKING:
    from sqlalchemy import CompoundSelect

    from ideas_app.core.prepared import Asked, Foreseen


_GROUPS = [(name, [state.value for state in group]) for name, group in STATE_GROUPS.items()]


@dataclass(frozen=True, eq=False)
class Tallies:
    """The counts of one campaign or of all. One and the same as long as nothing of it has changed."""

    fields: dict[int, int] = field(default_factory=dict)
    """Listed ideas by the id of their field."""
    programmes: dict[int, int] = field(default_factory=dict)
    """Listed ideas by the programme they grew out of."""
    states: dict[str, int] = field(default_factory=dict)
    """Readable ideas by state."""
    newest_id: int = 0
    """The highest id of an idea, listed or not, of any campaign."""
    stamp: int = 0
    """Of the settings, see `campaigns.queries.house_of`."""
    synonyms: fulltext.Synonyms | None = None
    """What a search takes for the same, where it was asked for."""

    @property
    def listed(self) -> int:
        """All that are listed."""
        return sum(self.fields.values())

    def groups(self) -> dict[str, int]:
        """By the groups of states that the list can show."""
        return {name: sum(self.states.get(state, 0) for state in group) for name, group in _GROUPS}


def _statement(*, of_campaign: bool, with_synonyms: bool) -> CompoundSelect[str, str, int]:
    counts = select(Tally.kind, Tally.key, Tally.number)
    if of_campaign:
        slug = given("campaign", String())
        wanted = select(Campaign.id).where(Campaign.slug == slug).scalar_subquery()
        counts = counts.where(Tally.campaign_id == wanted)
    stamp = select(literal("stamp"), Stamp.name, Stamp.value).where(Stamp.name == CAMPAIGNS_STAMP)
    newest = select(literal("newest"), literal(""), func.max(Idea.id))
    if not with_synonyms:
        return union_all(counts, stamp, newest)
    group = fulltext.SynonymGroup
    # a way to the database less for each search
    return union_all(counts, stamp, newest, select(literal("synonyms"), group.words, group.id))


_STATEMENTS = {
    (of_campaign, with_synonyms): Prepared(
        _statement(of_campaign=of_campaign, with_synonyms=with_synonyms)
    )
    for of_campaign in (False, True)
    for with_synonyms in (False, True)
}


def read_tallies(
    campaign: str | None = None, *, with_synonyms: bool = False, along: Foreseen | None = None
) -> Tallies:
    """The counts of a campaign, by its slug, or of all. One statement of some dozens of rows, whatever the ideas.
    `along`: what is asked with it, and will have its rows.
    """
    statement = _STATEMENTS[bool(campaign), with_synonyms]
    asked: Asked = (statement, {"campaign": campaign} if campaign else {})
    if along is None:
        rows = answer_to(asked)
    else:
        rows, along.rows = all_together(asked, along.asked)
    return _tallies_of(tuple(rows), with_synonyms=with_synonyms)


@lru_cache(maxsize=32)
def _tallies_of(rows: tuple[tuple[str, str, int | None], ...], *, with_synonyms: bool) -> Tallies:
    counts: dict[str, dict[str, int]] = {"field": {}, "programme": {}, "state": {}}
    others: dict[str, int] = {}
    groups: list[tuple[int, str]] = []
    for kind, key, value in rows:
        number = value or 0
        if kind in counts:
            counts[kind][key] = counts[kind].get(key, 0) + number
        elif kind == "synonyms":
            groups.append((number, key))
        else:
            others[kind] = number
    return Tallies(
        {int(key): number for key, number in counts["field"].items()},
        {int(key): number for key, number in counts["programme"].items()},
        counts["state"],
        others["newest"],
        others.get("stamp", 0),
        fulltext.synonyms_of(words for _id, words in sorted(groups)) if with_synonyms else None,
    )


def _counted() -> dict[tuple[int, str, str], int]:
    """The same, counted from the ideas themselves."""
    found: dict[tuple[int, str, str], int] = {}
    ways: tuple[tuple[TallyKind, Any, Any], ...] = (
        (TallyKind.FIELD, Idea.field_id.expression, Idea.is_listed.expression),
        (
            TallyKind.PROGRAMME,
            Idea.programme_id.expression,
            Idea.is_listed & (Idea.programme_id != null()),
        ),
        (TallyKind.STATE, Idea.state.expression, readable_clause()),
    )
    for kind, column, clause in ways:
        query = select(Idea.campaign_id, column, func.count()).where(clause)
        for campaign_id, key, number in session().execute(query.group_by(Idea.campaign_id, column)):
            written = key.value if isinstance(key, State) else str(key)
            found[campaign_id, kind.value, written] = number
    return found


def find_wrong_tallies() -> list[str]:
    """Each tally that differs from its ideas, in words for the operator."""
    stored = {
        (row.campaign_id, row.kind, row.key): row.number
        for row in session().execute(select(Tally.campaign_id, Tally.kind, Tally.key, Tally.number))
    }
    counted = _counted()
    return [
        f"tally of campaign {key[0]}, {key[1]} {key[2]}: it is {stored.get(key, 0)}, "
        f"the ideas say {counted.get(key, 0)}"
        for key in sorted(stored.keys() | counted.keys())
        if stored.get(key, 0) != counted.get(key, 0)
    ] + _find_wrong_days()


def _counted_days() -> dict[tuple[int, str], int]:
    """Listed ideas by campaign and local day, counted from the ideas themselves."""
    # SQLite keeps UTC, and gives days as text; the clock here has stood nine hours before it since 1988
    day: Any = (
        func.date(Idea.published_at, "+9 hours", type_=String)
        if is_sqlite()
        else func.timezone(str(clock.SEOUL), Idea.published_at).cast(Date)
    )
    query = (
        select(Idea.campaign_id, day.label("day"), func.count())
        .where(Idea.is_listed.expression, Idea.published_at.is_not(None))
        .group_by(Idea.campaign_id, "day")
    )
    return {(campaign, str(on)): number for campaign, on, number in session().execute(query)}


def _find_wrong_days() -> list[str]:
    kept = select(IdeaDay.campaign_id, IdeaDay.day, IdeaDay.number)
    stored = {(row.campaign_id, str(row.day)): row.number for row in session().execute(kept)}
    counted = _counted_days()
    return [
        f"day {key[1]} of campaign {key[0]}: it is {stored.get(key, 0)}, the ideas say {counted.get(key, 0)}"
        for key in sorted(stored.keys() | counted.keys())
        if stored.get(key, 0) != counted.get(key, 0)
    ]


def count_days() -> list[IdeaDay]:
    """All counts by day as they ought to be."""
    return [
        IdeaDay(campaign_id=campaign_id, day=date.fromisoformat(on), number=number)
        for (campaign_id, on), number in _counted_days().items()
    ]


def count_tallies() -> list[Tally]:
    """All tallies as they ought to be."""
    return [
        Tally(campaign_id=campaign_id, kind=kind, key=key, number=number)
        for (campaign_id, kind, key), number in _counted().items()
    ]
