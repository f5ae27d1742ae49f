"""The one door to full text: FTS5 in SQLite, tsvector in PostgreSQL, the same answers from both.

Texts are indexed by pairs of characters, which finds Korean words of two syllables, with particles and in
compounds, where whole words and morphemes do not. Where they are many, the old ones stand in `blocks`. Must not
know ideas, comments or who may read them.
"""

from __future__ import annotations

from ideas_app.adapters.fulltext.alike import Alike, find_alike
from ideas_app.adapters.fulltext.finder import Found, Hit, Source, find
from ideas_app.adapters.fulltext.index import (
    KINDS,
    Followed,
    dialect_of,
    find_differences,
    find_locale_faults,
    follow,
    is_index_table,
    is_untidy,
    list_followed,
    rebuild,
    tidy,
)
from ideas_app.adapters.fulltext.marks import Pieces, marks_of, pieces_of, shared_spans, snippet_of
from ideas_app.adapters.fulltext.synonyms import (
    SynonymGroup,
    join_groups,
    load_synonyms,
    split_group,
    synonyms_of,
)
from ideas_app.adapters.fulltext.terms import Synonyms

__all__ = [
    "KINDS",
    "Alike",
    "Followed",
    "Found",
    "Hit",
    "Pieces",
    "Source",
    "SynonymGroup",
    "Synonyms",
    "dialect_of",
    "find",
    "find_alike",
    "find_differences",
    "find_locale_faults",
    "follow",
    "is_index_table",
    "is_untidy",
    "join_groups",
    "list_followed",
    "load_synonyms",
    "marks_of",
    "pieces_of",
    "rebuild",
    "shared_spans",
    "snippet_of",
    "split_group",
    "synonyms_of",
    "tidy",
]
