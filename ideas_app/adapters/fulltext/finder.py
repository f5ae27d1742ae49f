"""Finding: from what was typed to the keys of what was meant, step by step, until something is found.

The steps: words, their forms and synonyms; initial consonants; the other keyboard layout; slips of the
fingers; pieces of a long word. Must not know what is searched: a `Source` says where and which rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select, union_all

from ideas_app.adapters.fulltext import index, rank, slips
from ideas_app.adapters.fulltext.expressions import Token, every, parts_of, some
from ideas_app.adapters.fulltext.grams import initial_tokens, pairs
from ideas_app.adapters.fulltext.synonyms import load_synonyms
from ideas_app.adapters.fulltext.terms import (
    is_known,
    read_query,
    settle,
    tokens_to_count,
)
from ideas_app.core.db import session
from ideas_app.core.hangul import (
    from_english_layout,
    from_korean_layout,
    has_stray_vowels,
    is_initials,
    plain,
    to_initials,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select, TextualSelect

    from ideas_app.adapters.fulltext.expressions import Column, Expression
    from ideas_app.adapters.fulltext.postings import Postings
    from ideas_app.adapters.fulltext.terms import Synonyms, Term

How = Literal["words", "initials", "layout", "slip", "pieces"]
MOST_READ = 150
"""Texts read for each kind of question: title, whole, most of the words. The newest of them."""
PROPOSED, PROPOSED_FILTERED = 200, 3_000
"""Keys that the blocks propose for each of them: some may not be shown to whoever asks."""
_SHARE = 0.6
"""The share of pairs that the last step asks for."""


@dataclass(frozen=True)
class Source:
    """Where to look: the kind of the index, the columns of the text, which rows a reader may be shown."""

    kind: str
    key: Any
    title: Any
    body: Sequence[Any]
    clauses: Sequence[ColumnElement[bool]] = ()
    is_filtered: bool = False
    """Whether the clauses leave but a part of the rows: then more of them are proposed at once."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its key and how well it answers."""

    key: int
    score: float


@dataclass(frozen=True)
class Found:
    """What was found, the best first; how; what the query was read as; the terms, for marking."""

    hits: list[Hit] = field(default_factory=list)
    how: How = "words"
    read_as: str = ""
    """The query that was answered, where it is not the one typed."""
    terms: tuple[Term, ...] = ()
    texts: dict[int, tuple[str, str]] = field(default_factory=dict, repr=False)
    """Title and body of each hit, as they were read."""

    @property
    def keys(self) -> list[int]:
        """The keys alone, in order."""
        return [hit.key for hit in self.hits]


Rows = list[tuple[int, rank.Text, rank.Text]]


def _answer(
    rows: Rows,
    scored: dict[int, float],
    how: How = "words",
    read_as: str = "",
    terms: Sequence[Term] = (),
) -> Found:
    hits = [Hit(key, round(value, 6)) for key, value in scored.items() if value > 0]
    hits.sort(key=lambda hit: (-hit.score, -hit.key))
    texts = {key: (title.raw, body.raw) for key, title, body in rows if scored.get(key)}
    return Found(hits, how, read_as, tuple(terms), texts)


def find(source: Source, query: str, synonyms: Synonyms | None = None) -> Found:
    """What answers a query. Three statements where its words are found, a few more where they are not."""
    known = index.postings_of(source.kind)
    if is_initials(query):
        return _by_initials(source, query, known)
    synonyms = load_synonyms() if synonyms is None else synonyms
    if has_stray_vowels(query):
        meant = from_korean_layout(query)
        found = _by_words(source, meant, synonyms, known)[0]
        if found.hits:
            return replace(found, how="layout", read_as=meant)
    found, unknown = _by_words(source, query, synonyms, known)
    if found.hits:
        return found
    return (
        _by_layout(source, query, synonyms, known)
        or _by_slip(source, query, unknown, synonyms, known)
        or _by_pieces(source, query, known)
        or found
    )


def read_texts(
    source: Source,
    known: Postings,
    questions: Sequence[tuple[Column, Expression | None]],
    most: int = MOST_READ,
    proposed: Sequence[int] = (),
) -> Rows:
    """The texts that the index proposes: the newest `most` for each question. One statement, and one before it
    where the blocks do not know the tokens yet; more where filters leave little of what is proposed.

    `proposed`: keys that the caller found in the blocks, in the place of what the questions find there.
    """
    asked = [(column, expression) for column, expression in dict.fromkeys(questions) if expression]
    if not asked and not proposed:
        return []
    known.load(asked)
    width = PROPOSED_FILTERED if source.is_filtered else PROPOSED
    while True:
        chosen: list[Select[Any]] = []
        seen: set[int] = set()
        for at, (column, expression) in enumerate(asked):
            # each question is wider than the one before: it fills what room that one left
            held = [] if proposed else known.newest(column, expression, width)
            held = [key for key in held if key not in seen][: max(0, width - len(seen))]
            seen.update(held)
            ids = _ids_of(known, column, expression, held, f"question{at}")
            if ids is not None:
                chosen.append(_newest(source, ids, most))
        if proposed:
            chosen.append(_newest(source, known.listed(proposed, "proposed"), len(proposed)))
        rows = _read(source, chosen)
        # conditions may have left less than they should: then look further down
        if len(seen) < width or len(rows) >= most:
            return rows
        width *= 16


def _ids_of(
    known: Postings, column: Column, expression: Expression, held: Sequence[int], name: str
) -> Any:
    """The ids that answer a question: beside the blocks, and those found in them."""
    parts: list[TextualSelect] = []
    if known.fresh:
        parts.append(known.words.matching(known.kind, column, expression, name))
    if held:
        parts.append(known.listed(held, f"held_{name}"))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else union_all(*parts)


def _newest(source: Source, ids: Any, most: int) -> Select[Any]:
    inner = select(source.key.label("id")).where(source.key.in_(ids), *source.clauses)
    newest = inner.order_by(source.key.desc()).limit(most).subquery()
    return select(newest.c.id)


def _read(source: Source, chosen: Sequence[Select[Any]]) -> Rows:
    if not chosen:
        return []
    ids = chosen[0] if len(chosen) == 1 else union_all(*chosen)
    query = select(source.key, source.title, *source.body).where(source.key.in_(ids))
    return [
        (row[0], rank.Text(row[1] or ""), rank.Text("\n".join(part or "" for part in row[2:])))
        for row in session().execute(query)
    ]


# -- words -----------------------------------------------------------------------------------------


def _by_words(
    source: Source, query: str, synonyms: Synonyms, known: Postings
) -> tuple[Found, list[Term]]:
    """What holds the words of a query; and the words that no text knows."""
    terms = read_query(query, synonyms)
    if not terms:
        return Found(), []
    whole_query = "".join(term.typed for term in terms)
    counts = known.count(tokens_to_count(terms), _tokens_beside(terms, whole_query))
    total = known.total
    unknown = [term for term in terms if not is_known(term, counts, total)]
    settled = settle(terms, counts, total, synonyms)
    question = rank.weigh(settled, counts, total, whole_query)
    strict = every(term.expression for term in settled)
    in_one = every(Token(pair) for pair in pairs(question.whole)[:-1])
    whole = some([strict, in_one])
    questions: list[tuple[Column, Expression | None]]
    questions = [("title", whole), ("whole", whole), ("whole", _most(question))]
    rows = read_texts(source, known, questions)
    scored = {key: rank.score(question, title, body) for key, title, body in rows}
    return _answer(rows, scored, terms=settled), unknown


def _tokens_beside(terms: Sequence[Term], whole: str) -> list[str]:
    """What the blocks will be asked for beside what is counted."""
    tokens = [token.text for term in terms for token in parts_of(term.expression)]
    return [*tokens, *pairs(whole)[:-1]]


def _most(question: rank.Question) -> Expression | None:
    """The smallest sets of words that carry enough of the question's weight."""
    weighed = list(zip(question.terms, question.weights, strict=True))
    if len(weighed) < 2:
        return None
    needed = question.needed
    asked: list[tuple[int, ...]] = []
    for size in range(1, len(weighed)):
        for chosen in combinations(range(len(weighed)), size):
            if any(set(smaller) <= set(chosen) for smaller in asked):
                continue
            if sum(weighed[at][1] for at in chosen) >= needed:
                asked.append(chosen)
    return some(every(weighed[at][0].expression for at in chosen) for chosen in asked)


# -- initial consonants ----------------------------------------------------------------------------


def _by_initials(source: Source, query: str, known: Postings) -> Found:
    """Texts whose words begin with the typed consonants: in titles, of three and more in bodies too."""
    letters = plain(query)
    if len(letters) < 2:
        return Found(how="initials", read_as=query)
    in_title = every(Token(token) for token in initial_tokens(letters, 2))
    anywhere = every(Token(token) for token in initial_tokens(letters, 3))
    # pairs of consonants are kept of titles only
    rows = read_texts(source, known, [("sounds", in_title), ("sounds", anywhere)])
    scored = {
        key: 3.0 * _initials_in(title, letters)
        + (_initials_in(body, letters) if len(letters) > 2 else 0)
        for key, title, body in rows
    }
    return _answer(rows, scored, "initials", query)


def _initials_in(text: rank.Text, letters: str) -> float:
    """Where the consonants stand: as whole words 1, from the beginning of a word a little less, else 0."""
    initials = to_initials(text.plain)
    at = initials.find(letters)
    best = 0.0
    while at >= 0:
        if at in text.starts:
            word = next(word for word in text.words if text.plain.startswith(word, at))
            rest = word[len(letters) :]
            best = max(best, 1.0 if not rest or rest in rank.SHORT_PARTICLES else 0.9)
        at = initials.find(letters, at + 1)
    return best


# -- the other keyboard layout, slips, pieces ------------------------------------------------------


def _by_layout(source: Source, query: str, synonyms: Synonyms, known: Postings) -> Found | None:
    """Latin letters that make Hangul syllables on the Korean layout: `cjdsus` was meant as `청년`."""
    if not re.search(r"[A-Za-z]", query):
        return None
    meant = from_english_layout(query)
    if is_initials(meant):
        found = _by_initials(source, meant, known) if len(plain(meant)) > 2 else Found()
    elif re.search(r"[가-힣]", meant):
        found = _by_words(source, meant, synonyms, known)[0]
    else:
        return None
    return replace(found, how="layout", read_as=meant) if found.hits else None


def _by_slip(
    source: Source,
    query: str,
    unknown: Sequence[Term],
    synonyms: Synonyms,
    known: Postings,
) -> Found | None:
    """Words that nobody wrote, read as the words most like them."""
    questions: list[tuple[Column, Expression | None]] = [
        ("sounds", slips.candidates(term.typed)) for term in unknown
    ]
    rows = read_texts(source, known, questions)
    seen = [word for _key, title, body in rows for word in (title.spaced + body.spaced).split()]
    meant = query
    for term in unknown:
        better = slips.correct(term.typed, seen)
        if better and better != term.typed:
            meant = meant.replace(term.typed, better) if term.typed in meant else better
    if meant == query:
        return None
    found = _by_words(source, meant, synonyms, known)[0]
    return replace(found, how="slip", read_as=meant) if found.hits else None


def _by_pieces(source: Source, query: str, known: Postings) -> Found | None:
    """The last step, for one long word: texts that hold at least 60 % of its pairs."""
    words = words_of(query)
    if len(words) != 1 or len(words[0]) < 4:
        return None
    asked = pairs(words[0])[:-1]
    middle = (len(asked) + 1) // 2
    halves = (asked[:middle], asked[-middle:])
    rows = read_texts(source, known, [("whole", some(every(map(Token, half)) for half in halves))])
    scored = {}
    for key, title, body in rows:
        held = [3 * (pair in title.spaced) + (pair in body.spaced) for pair in asked]
        share = sum(1 for value in held if value) / len(asked)
        scored[key] = sum(held) / len(asked) if share >= _SHARE else 0.0
    found = _answer(rows, scored, "pieces", terms=read_query(query, {}))
    return found if found.hits else None
