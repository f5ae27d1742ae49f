"""Finds the row of titles in a table and which column is which, by known names.

Must not know any feature: the names come from the caller, best first.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ideas_app.adapters.spreadsheets.tables import cell_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ideas_app.adapters.spreadsheets.tables import Row

_BRACKETS = re.compile(r"[(\[<{]([^()\[\]<>{}]*)[)\]>}]")
_NOT_KEY = re.compile(r"[^0-9a-z가-힣#]")
_IN_BRACKETS, _AT_THE_END = 100, 1_000
"""How much worse than an exact name: a name in brackets, a name at the end of a longer title."""


@dataclass(frozen=True, slots=True)
class Header:
    """The row of titles: its place among the table's rows, the titles, and the column of each known
    field.
    """

    place: int
    number: int
    titles: tuple[str, ...]
    columns: dict[str, int]


def heading_key(title: str) -> str:
    """The form under which two spellings of a title are the same: NFKC, lower case, letters and
    digits only.
    """
    return _NOT_KEY.sub("", unicodedata.normalize("NFKC", title).casefold())


def find_header(
    rows: Sequence[Row],
    synonyms: Mapping[str, Sequence[str]],
    *,
    within: int = 10,
    needs: Collection[str] = (),
    not_own: Collection[str] = (),
) -> Header | None:
    """The row among the first `within` (blank ones not counted) whose titles name most fields.

    A row that lacks a field of `needs` is none. `not_own` are words that make a longer title
    someone else's ("emergency contact").
    """
    best: Header | None = None
    for place, row in enumerate(rows[:within]):
        titles = tuple(cell_text(cell) for cell in row.cells)
        columns = guess_columns(titles, synonyms, not_own=not_own)
        if not columns or not set(needs) <= set(columns):
            continue
        more = len(columns) - len(best.columns) if best else 1
        # Of equals the first: titles stand once more on each page. But titles of two lines, merged
        # downwards, stand in both, and the people begin below the second.
        is_second_line = best is not None and row.number == best.number + 1
        if more > 0 or (more == 0 and is_second_line):
            best = Header(place, row.number, titles, columns)
    return best


def guess_columns(
    titles: Sequence[str],
    synonyms: Mapping[str, Sequence[str]],
    *,
    not_own: Collection[str] = (),
) -> dict[str, int]:
    """The column (from 0) of each field that a title names; a column serves one field, the better
    name wins.
    """
    known = [(field, _keys(tuple(names))) for field, names in synonyms.items()]
    found = sorted(
        (rank, column, field)
        for column, title in enumerate(titles)
        if (spelling := _spell(title, not_own)) is not None
        for field, names in known
        if (rank := _rank(spelling, names)) is not None
    )
    columns: dict[str, int] = {}
    for _, column, field in found:
        if field not in columns and column not in columns.values():
            columns[field] = column
    return columns


class _Spelling(NamedTuple):
    """A title by its keys: whole, without its brackets, what stands in them; and whether it is someone else's."""

    whole: str
    outside: str
    inside: frozenset[str]
    is_foreign: bool


@lru_cache(maxsize=256)
def _keys(names: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of a field's names: the same for each title of each file."""
    return tuple(heading_key(name) for name in names)


def _spell(title: str, not_own: Collection[str]) -> _Spelling | None:
    """None for what is no title: nothing, or a sentence."""
    whole = heading_key(title)
    if not whole or len(whole) > 30:
        return None
    inside = frozenset(
        heading_key(part) for text in _BRACKETS.findall(title) for part in re.split(r"[/,·]", text)
    )
    is_foreign = any(word in whole for word in not_own)
    return _Spelling(whole, heading_key(_BRACKETS.sub("", title)), inside, is_foreign)


def _rank(title: _Spelling, names: Sequence[str]) -> int | None:
    """How well a title names a field; less is better, None not at all."""
    for rank, name in enumerate(names):
        if name in {title.whole, title.outside}:
            return rank
        if title.is_foreign:
            continue
        if name in title.inside:
            return rank + _IN_BRACKETS
        if len(name) > 1 and title.outside.endswith(name):
            return rank + _AT_THE_END
    return None
