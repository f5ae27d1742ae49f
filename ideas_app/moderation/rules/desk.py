"""How moderators share a desk: how long an item stays theirs, how long an act can be taken back, what a
typing error is, whom a note names, which words two texts share. Pure.

Must not know the database, the clock or the request.
"""

from __future__ import annotations

import difflib
import re
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ideas_app.core import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAGE_HOLD = timedelta(minutes=2)
"""How long looking at an item keeps it: for browsers that run no script."""
BEAT_HOLD = timedelta(seconds=60)
"""How long each sign of life of an open page keeps it."""
LEFT_HOLD = timedelta(seconds=30)
"""How long an item stays kept after its moderator opened another one."""
UNDO_FOR = timedelta(seconds=10)
"""How long a decision can be taken back; until then nobody is told of it."""
NOTE_MAX = 500
SHEET_NOTE_MAX = 100
"""How a person without an account agreed, in a few words."""
BULK_MAX = 50
"""Items decided at once: no more than somebody can have looked at."""
TYPO_PERCENT = 20
"""A fix changes less than this share of a text: more would be another text under the author's name."""
_TYPO_FREE = 6
"""Characters that a fix may change in however short a text."""
_WORD = re.compile(r"[0-9A-Za-z가-힣]+")
_SHARED_MIN = 2


class Item(StrEnum):
    """What can be open at the desk."""

    IDEA = "idea"
    FLAG = "flag"
    APPEAL = "appeal"


def is_typo_fix(before: str, after: str) -> bool:
    """Whether a change is small enough for a moderator to make in somebody else's text."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    kept = sum(block.size for block in matcher.get_matching_blocks())
    changed = max(len(before), len(after)) - kept
    return changed <= max(_TYPO_FREE, len(before) * TYPO_PERCENT // 100)


def named_in(note: str, colleagues: Mapping[int, str]) -> list[int]:
    """The accounts whose nickname stands behind an @ in a note, in the order of their ids.

    Longer names are looked for first: `@은지` does not name her where `@은지은` does.
    """
    found = []
    rest = text.normalise(note).casefold()
    for account_id, name in sorted(colleagues.items(), key=lambda each: -len(each[1])):
        sign = f"@{text.normalise(name).casefold()}"
        if sign in rest:
            found.append(account_id)
            rest = rest.replace(sign, "")
    return sorted(found)


def shared_runs(words: str, other: str) -> list[str]:
    """Every beginning of a word that two texts share, longest first: what is marked in both.

    Korean words carry particles, so a word counts by its longest beginning (two characters at least)
    with which a word of the other text begins too.
    """
    theirs = {word.casefold() for word in _WORD.findall(other)}
    beginnings = {word[:end] for word in theirs for end in range(_SHARED_MIN, len(word) + 1)}
    found: dict[str, None] = {}
    for word in _WORD.findall(words):
        for end in range(len(word), _SHARED_MIN - 1, -1):
            if word[:end].casefold() in beginnings:
                found[word[:end]] = None
                break
    return sorted(found, key=len, reverse=True)


def shared_words(words: str, other: str, *, most: int = 4) -> list[str]:
    """The longest pieces that two texts share, none within another: why one stands beside the other."""
    kept: list[str] = []
    for piece in shared_runs(words, other):
        if not any(piece in other_piece for other_piece in kept):
            kept.append(piece)
    return kept[:most]


def marked(words: str, pieces: Sequence[str]) -> list[tuple[bool, str]]:
    """A text in pieces, each with whether it is one of those to be marked; joined they give the text."""
    if not pieces:
        return [(False, words)]
    longest_first = sorted(map(re.escape, pieces), key=len, reverse=True)
    parts = re.split(f"({'|'.join(longest_first)})", words, flags=re.IGNORECASE)
    return [(place % 2 == 1, part) for place, part in enumerate(parts) if part]
