"""What stands in the index for a text: pairs of characters, initial consonants, letters. Pure.

Tokens hold `0-9a-zㄱ-ㅣ가-힣` only, so that they need no escaping in either database.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ideas_app.core.hangul import plain, to_initials, to_jamo, words_of


@dataclass(frozen=True, slots=True)
class Tokens:
    """The three columns of the index, each a set of tokens."""

    title: frozenset[str]
    whole: frozenset[str]
    """Of title and body: a word of the query may stand in either."""
    sounds: frozenset[str]


def pairs(despaced: str) -> list[str]:
    """Overlapping pairs of characters, and the last character alone, so that every character begins a token."""
    return [despaced[at : at + 2] for at in range(len(despaced))]


def initial_tokens(despaced: str, size: int) -> list[str]:
    """Runs of `size` initial consonants, marked with their size."""
    letters = to_initials(despaced)
    return [f"i{size}{letters[at : at + size]}" for at in range(len(letters) - size + 1)]


@lru_cache(maxsize=20_000)
def letter_tokens(word: str) -> tuple[str, ...]:
    """Runs of three letters of one word, marked."""
    letters = to_jamo(word)
    return tuple(f"j{letters[at : at + 3]}" for at in range(len(letters) - 2))


def tokens_of(title: str, body: str) -> Tokens:
    """All tokens of a text."""
    name, rest = plain(title), plain(body)
    sounds = set(initial_tokens(name, 2)) | set(initial_tokens(name, 3))
    sounds.update(initial_tokens(rest, 3))
    for word in {*words_of(title), *words_of(body)}:
        sounds.update(letter_tokens(word))
    in_title = frozenset(pairs(name))
    return Tokens(in_title, in_title | frozenset(pairs(rest)), frozenset(sounds))
