"""Groups of alike ideas: proposals for families, never a judgement. Pure.

Likeness is the cosine of two texts' pairs of characters within words, each pair weighed by how rare
it is among the texts (log of their number over those that have it), thrice where it stands in the
title. Korean words end in particles, so the last pair of a longer word says nothing, and neither
does a word of the wish itself ("please", "there is"). Pairs of more than one text in ten, or of 30, join
nothing, and only they make the work large: they are left out. Must not know the database, nor who
decides.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.core import text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

ALIKE = 100
"""Thousandths of likeness from which two texts are proposed as alike."""
MOST = 12
"""Members of a group: more cannot be compared by eye."""
PIECES = 5
"""Shared pieces that are named for a group."""

_TITLE_WEIGHT = 3
_COMMON_FROM = 60
"""With fewer texts than this nothing can be called common."""
_COMMON_PART = 10
_COMMON_MOST = 30
"""The work grows with the square of how many texts hold a pair: 3,000 texts take 1.3 s."""
_WORD = re.compile(r"[0-9a-z가-힣]{2,}")
_WISH = re.compile(
    "있|없|하|해|했|되|돼|주[세시면는]|줘|같[이은]|너무|어떻|조금|받[을고]|만들|필요|좋|싶|보태|그[래런냥]|저[는도]|우리|"
    "제가|때문|정말|많"
)
"""Beginnings of words that any wish has."""
_PARTICLE = re.compile("(?<=[가-힣]{2})(?:으로|에서|까지|[이가은는을를에의도로와과만])$")
_LONGEST = 6

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Text:
    """What is compared: `i17` an idea, `f3` a family."""

    key: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Two alike texts, the smaller key first."""

    first: str
    second: str
    thousandths: int


def pair_of(one: str, other: str) -> tuple[str, str]:
    """Two keys in the order in which pairs are kept."""
    return (one, other) if one < other else (other, one)


def pairs_within(keys: Collection[str]) -> list[tuple[str, str]]:
    """Every pair of some keys, each once."""
    ordered = sorted(set(keys))
    return [(one, other) for place, one in enumerate(ordered) for other in ordered[place + 1 :]]


def find_alike(texts: Sequence[Text], *, least: int = ALIKE) -> list[AlikePair]:
    """All pairs of texts that are alike, the most alike first, then by key: the same at every run."""
    vectors = _vectors(texts)
    holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, vector in enumerate(vectors):
        for pair, weight in vector.items():
            holders[pair].append((place, weight))
    shared: dict[int, float] = defaultdict(float)
    width = len(texts)
    for pair in sorted(holders):
        found = holders[pair]
        for at, (one, weight) in enumerate(found):
            row = one * width
            for other, also in found[at + 1 :]:
                shared[row + other] += weight * also
    pairs = []
    for both, likeness in shared.items():
        # rounded before it is cut: sums of the same parts may differ in the last bit
        thousandths = int(round(likeness * 1000, 6))
        if thousandths >= least:
            keys = pair_of(texts[both // width].key, texts[both % width].key)
            pairs.append(AlikePair(*keys, thousandths))
    return sorted(pairs, key=lambda one: (-one.thousandths, one.first, one.second))


def group_alike(
    pairs: Iterable[AlikePair], apart: Pairs = frozenset(), *, least: int = ALIKE
) -> list[tuple[str, ...]]:
    """Groups of two to `MOST` texts, no text in two, none with a pair that was set apart.

    The most alike pairs first; two groups become one where their texts are alike on average, a pair
    below `least` counting nothing: a chain of neighbours is no group.
    """
    wanted = [pair for pair in pairs if pair.thousandths >= least]
    known = {(pair.first, pair.second): pair.thousandths for pair in wanted}
    group_of: dict[str, list[str]] = {}
    for pair in wanted:
        here = group_of.setdefault(pair.first, [pair.first])
        there = group_of.setdefault(pair.second, [pair.second])
        if here is there or len(here) + len(there) > MOST:
            continue
        across = [pair_of(one, other) for one in here for other in there]
        if any(both in apart for both in across):
            continue
        if sum(known.get(both, 0) for both in across) < least * len(across):
            continue
        here += there
        for key in there:
            group_of[key] = here
    groups = {id(group): tuple(sorted(group)) for group in group_of.values() if len(group) > 1}
    return sorted(groups.values(), key=lambda group: (-len(group), group))


def shared_pieces(group: Sequence[Text], rarity: Mapping[str, int], texts: int) -> list[str]:
    """The beginnings of words that most of a group share, the most telling first, `PIECES` at most.

    Korean adds particles at the end of a word, so words are compared from their start; a longer
    piece takes the place of its own beginning. `rarity` says how many of the `texts` hold a pair.
    """
    counts: Counter[str] = Counter()
    for one in group:
        counts.update(
            {
                word[:end]
                for word in _stems(f"{one.title} {one.body}")
                for end in range(2, min(len(word), _LONGEST) + 1)
            }
        )
    enough = max(2, (len(group) + 1) // 2)
    found = {piece: count for piece, count in counts.items() if count >= enough}
    weighed = {
        piece: found[piece] * _rareness(piece, rarity, texts)
        for piece in found
        if not any(
            longer != piece and longer.startswith(piece) and found[longer] == found[piece]
            for longer in found
        )
    }
    told = [
        piece
        for piece in sorted(weighed, key=lambda one: (-weighed[one], one))
        if weighed[piece] > 0
    ]
    kept: list[str] = []
    for piece in told:
        if not any(piece.startswith(other) or other.startswith(piece) for other in kept):
            kept.append(piece)
    return kept[:PIECES]


def rarity_of(texts: Iterable[Text]) -> Counter[str]:
    """How many of the texts hold each pair of characters."""
    return Counter(pair for one in texts for pair in _pairs(f"{one.title} {one.body}"))


def mark_shared(words: str, pieces: Iterable[str]) -> list[tuple[str, bool]]:
    """A text in parts, each with whether it is a shared piece; joined they give the text."""
    wanted = sorted((re.escape(piece) for piece in pieces), key=len, reverse=True)
    if not wanted:
        return [(words, False)] if words else []
    parts = re.split(f"({'|'.join(wanted)})", words, flags=re.IGNORECASE)
    return [(part, place % 2 == 1) for place, part in enumerate(parts) if part]


def _words(source: str) -> list[str]:
    # `text.key` takes the spaces out, and words are what is wanted here
    folded = " ".join(text.key(word) for word in source.split())
    return [word for word in _WORD.findall(folded) if not _WISH.match(word)]


def _stems(source: str) -> list[str]:
    return [_PARTICLE.sub("", word) for word in _words(source)]


def _pairs(source: str) -> set[str]:
    found: set[str] = set()
    for word in _words(source):
        last = len(word) - 1 if len(word) > 2 else len(word)
        found.update(word[at : at + 2] for at in range(last - 1))
    return found


def _vectors(texts: Sequence[Text]) -> list[dict[str, float]]:
    titles = [_pairs(one.title) for one in texts]
    bodies = [_pairs(one.body) for one in texts]
    seen = Counter(pair for one, other in zip(titles, bodies, strict=True) for pair in one | other)
    most = _most(len(texts))
    rare = {
        pair: math.log((len(texts) + 1) / count) for pair, count in seen.items() if count <= most
    }
    vectors = []
    for title, body in zip(titles, bodies, strict=True):
        # in one order, so that the sums are the same at every run
        vector = {
            pair: rare[pair] * (_TITLE_WEIGHT if pair in title else 1)
            for pair in sorted(title | body)
            if pair in rare
        }
        size = math.sqrt(sum(weight * weight for weight in vector.values()))
        vectors.append({pair: weight / size for pair, weight in vector.items()} if size else {})
    return vectors


def _most(texts: int) -> int:
    """In how many texts a pair may stand and still join some."""
    return min(texts // _COMMON_PART, _COMMON_MOST) if texts >= _COMMON_FROM else texts


def _rareness(piece: str, rarity: Mapping[str, int], texts: int) -> float:
    """0 for a piece that says nothing: digits, or a beginning that is common among the texts."""
    count = rarity.get(piece[:2], 0)
    if piece.isdigit() or count > _most(texts):
        return 0.0
    return math.log((texts + 1) / max(count, 1))
