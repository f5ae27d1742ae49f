"""Ideas that answer a query, under the filters of the list: the best first, or in the order asked for.

Must not know what a page shows of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ideas_app.adapters import fulltext
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.ideas.models import Idea
from ideas_app.ideas.queries import mixed
from ideas_app.ideas.queries.lists import PAGE, Filters, Sort, clauses_of
from ideas_app.ideas.queries.rows import IdeaRow, list_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

_SCALE = 1_000_000


@dataclass(frozen=True)
class FoundIdeas:
    """A page of ideas that answer a query; how they were found, and what to mark in each."""

    page: Page[IdeaRow]
    found: fulltext.Found
    titles: dict[int, fulltext.Pieces] = field(default_factory=dict)
    excerpts: dict[int, fulltext.Pieces] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many were found in all, those of other pages included."""
        return len(self.found.hits)


def find_matching(
    query: str,
    clauses: Sequence[ColumnElement[bool]],
    synonyms: fulltext.Synonyms | None = None,
    *,
    is_filtered: bool = False,
) -> fulltext.Found:
    """The ideas under some conditions that answer a query. Three statements where its words are found."""
    body = (Idea.why, Idea.how)
    source = fulltext.Source("idea", Idea.id, Idea.title, body, clauses, is_filtered=is_filtered)
    return fulltext.find(source, query, synonyms)


def list_filtered(
    filters: Filters, *, seed: int = 0, limit: int = PAGE, after: str | None = None
) -> Page[IdeaRow]:
    """A page of the list, with or without words to search for."""
    if filters.q:
        return search_ideas(filters, seed=seed, limit=limit, after=after).page
    return mixed.list_filtered(filters, seed=seed, limit=limit, after=after)


def search_ideas(
    filters: Filters,
    *,
    seed: int = 0,
    limit: int = PAGE,
    after: str | None = None,
    synonyms: fulltext.Synonyms | None = None,
) -> FoundIdeas:
    """The ideas that answer `filters.q`, the best first where no other order is asked for. Three statements
    where the words are found as typed, and one for the synonyms where none are given.
    """
    is_filtered = replace(filters, q="", sort=Sort.MIXED) != Filters()
    found = find_matching(filters.q, clauses_of(filters), synonyms, is_filtered=is_filtered)
    if not found.hits:
        return FoundIdeas(Page([], None), found)
    if filters.sort is Sort.MIXED:
        page = _best(found, limit, after)
    else:
        page = mixed.list_filtered(filters, seed=seed, limit=limit, after=after, among=found.keys)
    query = found.read_as or filters.q
    titles, excerpts = {}, {}
    for row in page:
        titles[row.id] = fulltext.marks_of(row.title, found.terms, query)
        if row.excerpt:
            body = found.texts[row.id][1]
            excerpts[row.id] = fulltext.snippet_of(body, found.terms, query)
    return FoundIdeas(page, found, titles, excerpts)


def _best(found: fulltext.Found, limit: int, after: str | None) -> Page[IdeaRow]:
    """The hits after the one that the cursor names, by what they scored."""
    ranked = [(round(hit.score * _SCALE), hit.key) for hit in found.hits]
    here = decode_cursor(after, int, int)
    if here is not None:
        ranked = [each for each in ranked if each < (int(here[0]), int(here[1]))]
    rows = list_rows([key for _score, key in ranked[:limit]])
    more = encode_cursor(*ranked[limit - 1]) if len(ranked) > limit else None
    return Page(rows, more)
