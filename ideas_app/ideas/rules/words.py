"""Numbers, addresses and differences of ideas' texts. Pure."""

from __future__ import annotations

import difflib
import re
from typing import Literal

from ideas_app.core import text

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
