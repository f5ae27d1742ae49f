"""How alike two texts are, by the pairs of characters that they share, each weighed by how rare it is.

A help to the eye, never a judgement: no lexical measure can tell a duplicate from another wish on the same
theme. Must not know ideas.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from ideas_app.adapters.fulltext import index
from ideas_app.adapters.fulltext.expressions import Token, every, some
from ideas_app.adapters.fulltext.finder import read_texts
from ideas_app.adapters.fulltext.grams import pairs
from ideas_app.adapters.fulltext.synonyms import load_synonyms
from ideas_app.core.hangul import cut_light_verb, cut_particle, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ideas_app.adapters.fulltext.expressions import Column, Expression
    from ideas_app.adapters.fulltext.finder import Rows, Source
    from ideas_app.adapters.fulltext.postings import Postings
    from ideas_app.adapters.fulltext.rank import Text
    from ideas_app.adapters.fulltext.terms import Synonyms

_TITLE, _ACROSS, _SAME, _BODY = 3.0, 0.75, 1.5, 1.0
"""Weights of a pair: in a word of the title, in its particle or across words, of a synonym, in a word of the body."""
_IN_BODY = 0.4
"""What a pair counts that the other text has in its body only."""
_COMMON_FROM = 60
"""A pair in fewer texts than this is never called common."""
_MOST_BODY = 40
_RARE = 500
"""Texts read for the rare pairs together; more common pairs are asked for two by two."""
_PAIRED = 8
_WEIGHED = 200
"""Texts read of those that the blocks weighed: there the pairs of all texts are added up."""
_ENOUGH, _MOST_WEIGHED = 50, 50_000
"""With fewer read than this it looks further down; so far at most."""
_ENDINGS_WORDS = """
해주 주세 세요 면좋 좋겠 겠어 어요 습니 니다 합니 아요 해요 으면 있으 있는 하는 에서
으로 좋아 싶어 싶습 필요 요합 겠습
"""
_ENDINGS = frozenset(_ENDINGS_WORDS.split())
"""Pairs of the endings that every wish has: they say nothing of what is wished."""

Wanted = dict[str, float]


@dataclass(frozen=True, slots=True)
class Alike:
    """A text that resembles another: by how many thousandths of the weighed pairs, and the pairs shared."""

    key: int
    thousandths: int
    shared: frozenset[str]


def wanted_of(title: str, body: str = "", synonyms: Synonyms | None = None) -> Wanted:
    """The pairs of a text with their weights, endings left out."""
    wanted: Wanted = {}

    def add(found: Iterable[str], weight: float) -> None:
        for pair in found:
            if len(pair) == 2 and pair not in _ENDINGS:
                wanted[pair] = max(wanted.get(pair, 0.0), weight)

    words = words_of(title)
    add(pairs("".join(words)), _ACROSS)
    for word in words:
        add(pairs(cut_particle(word) or cut_light_verb(word) or word), _TITLE)
        for known in (word, cut_particle(word), cut_light_verb(word)):
            for other in (synonyms or {}).get(known or "", ()):
                add(pairs(other), _SAME)
    for word in words_of(body):
        add(pairs(cut_particle(word) or word), _BODY)
    return wanted


def weigh_pairs(wanted: Wanted, counts: Mapping[str, int], total: int) -> Wanted:
    """The pairs times their rarity; those in more than a tenth of the texts are left out."""
    most = max(total // 10, _COMMON_FROM)
    weighed = {
        pair: weight * math.log(1 + (total + 1) / (counts.get(pair, 0) + 1))
        for pair, weight in wanted.items()
        if counts.get(pair, 0) <= most
    }
    light = sorted((pair for pair in weighed if wanted[pair] <= _BODY), key=weighed.__getitem__)
    for pair in light[: max(0, len(light) - _MOST_BODY)]:
        del weighed[pair]
    return weighed


def likeness(
    weights: Wanted, whole: float, title: Text, body: Text
) -> tuple[float, frozenset[str]]:
    """From 0 to 1: the weighed share of the pairs that a text holds, those in its body alone counted less."""
    name, rest = title.plain, body.plain
    reached = 0.0
    shared = []
    for pair, weight in weights.items():
        if pair in name:
            reached += weight
        elif pair in rest:
            reached += weight * _IN_BODY
        else:
            continue
        shared.append(pair)
    return reached / whole if whole else 0.0, frozenset(shared)


def find_alike(
    source: Source,
    title: str,
    body: str = "",
    *,
    least: int,
    limit: int,
    without: int | None = None,
) -> list[Alike]:
    """The texts most like a title and a body, of `least` thousandths on, the most alike first, then the newest.

    Three statements.
    """
    wanted = wanted_of(title, body, load_synonyms())
    if len(wanted) < 2:
        return []
    index_of = index.postings_of(source.kind)
    counts = index_of.count(wanted)
    weights = weigh_pairs(wanted, counts, index_of.total)
    known = {pair for pair in weights if counts.get(pair, 0)}
    # a synonym that nobody wrote, or one beside the word itself, makes nothing less alike
    whole = sum(
        weight
        for pair, weight in weights.items()
        if wanted[pair] != _SAME and wanted[pair] != _ACROSS
    )
    if not known or len(weights) < 2:
        return []
    found = []
    for key, name, rest in _read(source, index_of, weights, _ask(known, counts)):
        share, shared = likeness(weights, whole, name, rest)
        # particles and pairs across words alone say nothing
        telling = frozenset(pair for pair in shared if wanted[pair] != _ACROSS)
        if key != without and telling and 1000 * share >= least and len(shared) >= 2:
            found.append(Alike(key, min(1000, int(1000 * share)), telling))
    return sorted(found, key=lambda one: (-one.thousandths, -one.key))[:limit]


def _read(
    source: Source, index_of: Postings, weights: Wanted, asked: Sequence[Expression | None]
) -> Rows:
    """The texts that may be alike: what answers beside the blocks, and of the blocks what weighs most.

    Where conditions leave little of that, it looks further down: answered ideas are few among all.
    """
    beside: list[tuple[Column, Expression | None]] = []
    if index_of.fresh:
        beside = [("whole", question) for question in asked]
    if not index_of.has_blocks:
        return read_texts(source, index_of, beside, _RARE)
    by_weight = _in_whole_numbers(weights)
    width = _WEIGHED
    while True:
        proposed = index_of.heaviest(by_weight, width)
        rows = read_texts(source, index_of, beside, _RARE, proposed)
        if len(rows) >= _ENOUGH or not len(proposed) == width < _MOST_WEIGHED:
            return rows
        width *= 16


def _in_whole_numbers(weights: Wanted) -> dict[str, tuple[int, int]]:
    """The weights of `likeness` for the blocks: what a pair counts in a body, and what more in a title; up to 31."""
    most = max(weights.values(), default=1.0)
    found = {}
    for pair, weight in weights.items():
        full = round(31 * weight / most)
        anywhere = round(_IN_BODY * full)
        found[pair] = (anywhere, full - anywhere)
    return found


def _ask(known: Iterable[str], counts: Mapping[str, int]) -> list[Expression | None]:
    """Any of the rare pairs; two of the more common ones."""
    by_rarity = sorted(known, key=lambda pair: (counts.get(pair, 0), pair))
    rare: list[str] = []
    seen = 0
    for pair in by_rarity:
        seen += counts.get(pair, 0)
        if seen > _RARE:
            break
        rare.append(pair)
    common = by_rarity[len(rare) : len(rare) + _PAIRED]
    return [
        some(Token(pair) for pair in rare),
        some(every((Token(one), Token(other))) for one, other in combinations(common, 2)),
    ]
