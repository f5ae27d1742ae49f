"""Numbers, addresses, likeness and differences of ideas' texts. Pure."""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

from ideas_app.core import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Piece = tuple[Literal["same", "ins", "del"], str]
_WORDS = re.compile(r"\s*\S+|\s+")
"""A word with the space before it: two changed words in a row are then one change."""


def shown_number(year: int, number: int) -> str:
    """The number people quote: year and running number, `2026-017`."""
    return f"{year}-{number:03d}"


def address_slug(title: str) -> str:
    """The readable tail of an idea's address; empty where nothing readable is left."""
    return text.slugify(title)


def diff(before: str, after: str) -> list[Piece]:
    """What changed between two texts, word by word (Korean words as spaces part them).

    The `same` and `del` pieces joined give `before`, the `same` and `ins` pieces `after`.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(old[a:b])))
            continue
        if a < b:
            pieces.append(("del", "".join(old[a:b])))
        if c < d:
            pieces.append(("ins", "".join(new[c:d])))
    return pieces


def bigrams(words: str) -> frozenset[str]:
    """Overlapping pairs of characters of the despaced, folded text: alike texts share many."""
    plain = re.sub(r"[^0-9a-z가-힣]", "", text.key(words))
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


_COMMON_FROM = 50
"""With fewer texts than this nothing can be called common."""
_TITLE_WEIGHT = 3
_ENDINGS = frozenset(
    {"해주", "주세", "세요", "면좋", "좋겠", "겠어", "어요", "습니", "니다", "합니"}
)
"""Pairs of the endings that every wish has: they say nothing of what is wished."""


def rank_alike(
    title: str, body: str, others: Sequence[tuple[int, str]], *, least: int, limit: int
) -> list[tuple[int, int]]:
    """The texts most like a title (weight 3) and a body (weight 1): their ids with their likeness.

    Likeness in thousandths: the shared pairs of characters over all pairs asked for, each weighed by how
    rare it is among the texts; pairs in more than a tenth of them are left out of the question. Only
    from `least` on, at most `limit`, the most alike first, the newest (largest id) first among equals.
    """
    texts = [(key, bigrams(words)) for key, words in others]
    seen = Counter(pair for _key, pairs in texts for pair in pairs)
    wanted = dict.fromkeys(bigrams(body), 1) | dict.fromkeys(bigrams(title), _TITLE_WEIGHT)
    weights = _weights(wanted, seen, len(texts))
    whole = sum(weights.values())
    if len(weights) < 2:
        return []
    scored = [(int(1000 * _total(weights, pairs) / whole), key) for key, pairs in texts]
    best = sorted((each for each in scored if each[0] >= least), reverse=True)[:limit]
    return [(key, score) for score, key in best]


def _weights(wanted: dict[str, int], seen: Counter[str], texts: int) -> dict[str, float]:
    most = texts // 10 if texts >= _COMMON_FROM else texts
    return {
        pair: weight * math.log(1 + (texts + 1) / (seen[pair] + 1))
        for pair, weight in wanted.items()
        if seen[pair] <= most and pair not in _ENDINGS
    }


def _total(weights: dict[str, float], pairs: Iterable[str]) -> float:
    return sum(weights.get(pair, 0.0) for pair in pairs)
