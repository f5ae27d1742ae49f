"""Slips of the fingers: words that differ from a typed one by a letter or two. Pure.

Letters that are neighbours on the 두벌식 keyboard or sound alike count as one slip, others as two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.adapters.fulltext.expressions import Expression, Token, every, some
from ideas_app.adapters.fulltext.grams import letter_tokens
from ideas_app.core.hangul import to_jamo

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALIKE_WORDS = """
ㅏㅐ ㅓㅔ ㅐㅔ ㅒㅖ ㅓㅗ ㅗㅜ ㅓㅏ ㅡㅜ ㅡㅓ ㅣㅏ ㅕㅛ ㅑㅕ ㅣㅓ ㅔㅖ ㄱㄲㅋ ㄷㄸㅌ
ㅂㅃㅍ ㅅㅆ ㅈㅉㅊ ㄷㅅㅈ ㄴㅇ ㄴㄹ ㅁㄴ ㅇㄹ ㅎㄹ ㅂㅈ ㄱㄷ ㄱㅅ ㅁㅂ
"""
_ALIKE = tuple(_ALIKE_WORDS.split())
_NEAR = frozenset(
    (one, other) for group in _ALIKE for one in group for other in group if one != other
)
SHORTEST = 5
"""Letters that a word must have before a slip in it is looked for."""


def slips_allowed(letters: str) -> int:
    """How many slips a word of so many letters may hold."""
    if len(letters) < SHORTEST:
        return 0
    return 1 if len(letters) < 8 else 2


def candidates(word: str) -> Expression | None:
    """What to ask the index for: words that share the beginning or the end of the typed one, letter by letter."""
    tokens = letter_tokens(word)
    if len(tokens) < 3:
        return None
    middle = len(tokens) // 2
    first = every(Token(token) for token in tokens[: max(middle - 1, 1)])
    last = every(Token(token) for token in tokens[min(middle + 1, len(tokens) - 1) :])
    return some([first, last])


def distance(typed: str, seen: str, most: int) -> int:
    """Slips between typed letters and seen ones; above `most` it stops counting.

    Insertions, losses, swaps of neighbours count one; a wrong letter one if it is near, else two.
    """
    before: list[int] = []
    row = list(range(len(seen) + 1))
    for i, letter in enumerate(typed, 1):
        fresh = [i]
        for j, other in enumerate(seen, 1):
            wrong = 0 if letter == other else 1 if (letter, other) in _NEAR else 2
            best = min(row[j] + 1, fresh[j - 1] + 1, row[j - 1] + wrong)
            if i > 1 and j > 1 and letter == seen[j - 2] and typed[i - 2] == other:
                best = min(best, before[j - 2] + 1)
            fresh.append(best)
        if min(fresh) > most:
            return most + 1
        before, row = row, fresh
    return row[-1]


def correct(word: str, seen: Iterable[str]) -> str | None:
    """The beginning of a seen word that was most likely meant: fewest slips, then the most often seen."""
    letters = to_jamo(word)
    most = slips_allowed(letters)
    if not most:
        return None
    pieces = [piece[1:] for piece in letter_tokens(word)]
    found: dict[str, tuple[int, int]] = {}
    memory: dict[str, tuple[int, str]] = {}
    for other in seen:
        if other not in memory:
            memory[other] = _compare(letters, word, other, pieces, most)
        slips, meant = memory[other]
        if slips <= most:
            known, times = found.get(meant, (slips, 0))
            found[meant] = (min(known, slips), times + 1)
    if not found:
        return None
    return min(found, key=lambda meant: (found[meant][0], -found[meant][1], meant))


def _compare(letters: str, word: str, other: str, pieces: list[str], most: int) -> tuple[int, str]:
    """The fewest slips to a beginning of another word, and that beginning: as many syllables, one less or more."""
    whole = to_jamo(other)
    none = (most + 1, "")
    if len(whole) < len(letters) - most or not any(piece in whole for piece in pieces):
        return none
    best = none
    for size in (len(word), len(word) - 1, len(word) + 1):
        start = other[:size]
        if len(start) < 2 or len(start) < size:
            continue
        seen = to_jamo(start)
        if most == 1 and seen[0] != letters[0] and (seen[0], letters[0]) not in _NEAR:
            continue
        if abs(len(seen) - len(letters)) <= most:
            slips = distance(letters, seen, most) + (len(start) != len(word) and most > 1)
            if slips < best[0]:
                best = (slips, start)
    return best
