"""What the page of a round shows of groups of voters: the stored tables, with words for the groups.

Must not compute or suppress anything: what is stored was made safe when the list was computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.shortlists.queries.voters import AGES, STAYED_AWAY, TOOK_PART
from ideas_app.shortlists.rules import find_least
from ideas_app.web.i18n import locale_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel import LazyString

    from ideas_app.shortlists.models import Round


@dataclass(frozen=True, slots=True)
class Served:
    """What one list gives to a group."""

    covered: int
    ideas: int
    people: int

    @property
    def coverage(self) -> Fraction:
        """The share of its people with at least one idea on the list."""
        return Fraction(self.covered, self.people)

    @property
    def mean(self) -> Fraction:
        """Ideas on the list for each of its people."""
        return Fraction(self.ideas, self.people)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of voters that is large enough to be shown."""

    label: LazyString | str
    people: int
    ours: Served
    top: Served


@dataclass(frozen=True, slots=True)
class GroupTable:
    """One way to divide the voters. `programme`: its title pair where it is about a programme."""

    name: str
    programme: Mapping[str, str] | None
    rows: tuple[GroupRow, ...]
    is_partial: bool
    """Whether groups are left out."""

    @property
    def title(self) -> str:
        """The title of the programme, nothing for the other tables."""
        return read_title(self.programme) if self.programme else ""


@dataclass(frozen=True, slots=True)
class Least:
    """The group that a list gives least to."""

    label: LazyString | str
    served: Served


@dataclass(frozen=True, slots=True)
class Groups:
    """All tables of a round, and for each of the two lists its least represented group."""

    min_cell: int
    main: tuple[GroupTable, ...]
    """Age and tie to the city."""
    places: tuple[GroupTable, ...]
    programmes: tuple[GroupTable, ...]
    ours: Least
    top: Least


def read_group_tables(round_: Round) -> Groups | None:
    """The groups of a round; None where none is large enough, and for rounds of before."""
    stored = round_.result.get("groups") or {"tables": [], "min_cell": 0}
    tables = [_read_table(table) for table in stored["tables"]]
    ours, top = (_read_least(stored["tables"], tables, name) for name in ("ours", "top"))
    if ours is None or top is None:
        return None
    return Groups(
        min_cell=stored["min_cell"],
        main=tuple(table for table in tables if table.name in {"age", "tie"}),
        places=tuple(table for table in tables if table.name == "neighbourhood"),
        programmes=tuple(table for table in tables if table.name == "programme"),
        ours=ours,
        top=top,
    )


def _read_table(stored: Mapping[str, Any]) -> GroupTable:
    lines = stored["lines"]
    if stored["name"] == "age":
        known = [*AGES, None]
        lines = sorted(lines, key=lambda line: known.index(line["group"]))
    if stored["name"] == "programme":
        lines = sorted(lines, key=lambda line: line["group"] != TOOK_PART)
    return GroupTable(
        name=stored["name"],
        programme={key: stored[key] for key in ("title", "title_en")}
        if stored["name"] == "programme"
        else None,
        rows=tuple(
            GroupRow(
                label=_word_for(stored["name"], line["group"]),
                people=line["people"],
                ours=_read_served(line, "ours"),
                top=_read_served(line, "top"),
            )
            for line in lines
        ),
        is_partial=stored["hidden"],
    )


def _read_served(line: Mapping[str, Any], name: str) -> Served:
    covered, ideas = line[name]
    return Served(covered, ideas, line["people"])


def _read_least(stored: list[dict[str, Any]], tables: list[GroupTable], name: str) -> Least | None:
    found = find_least(stored, name)
    if found is None:
        return None
    place, group = found
    line = next(one for one in stored[place]["lines"] if one["group"] == group)
    label = _word_for(stored[place]["name"], group)
    programme = tables[place].programme
    if programme:
        label = _l("%(programme)s: %(group)s", programme=_Localised(programme), group=label)
    return Least(label, _read_served(line, name))


class _Localised:
    """The title of a programme in the language in which the sentence around it is shown."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = titles

    def __str__(self) -> str:
        return read_title(self._titles)


def read_title(programme: Mapping[str, str]) -> str:
    """The title of a programme in the reader's language."""
    return (programme["title_en"] if locale_code() == "en" else "") or programme["title"]


def _word_for(table: str, group: str | None) -> LazyString | str:
    if group is None:
        return _l("did not say")
    if table == "neighbourhood":
        return group
    if table == "age":
        return _AGE_WORDS[group]
    return _WORDS[group]


_AGE_WORDS: dict[str, LazyString | str] = {
    "-19": _l("under 20"),
    **{band: _l("%(first)s to %(last)s", first=band[:2], last=band[3:]) for band in AGES[1:-1]},
    "40-": _l("40 and older"),
}
_WORDS: dict[str, LazyString] = {
    "resident": lazy_pgettext("voters", "live in the city"),
    "worker": lazy_pgettext("voters", "work in the city"),
    "student": lazy_pgettext("voters", "study in the city"),
    "other": lazy_pgettext("voters", "another tie to the city"),
    TOOK_PART: lazy_pgettext("voters", "took part"),
    STAYED_AWAY: lazy_pgettext("voters", "no record of taking part"),
}
