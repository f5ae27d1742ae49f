"""Names of persons: what is kept for display, what two spellings share, and how a list hides them.

Source: korea.md's rule of one name field, 1 to 40 characters, no split into family and given name.
"""

from __future__ import annotations

import re
import unicodedata

from ideas_app.core import text
from ideas_app.programmes.rules.issues import Unreadable

LONGEST = 40
_SPACED_HANGUL = re.compile(r"[가-힣](?: [가-힣])+")
_SIGNS = frozenset(" .,'’·ㆍ・()[]/&-")
_HIDDEN = re.compile(r"[*○◯〇●＊]")


def normalise_name(name: str) -> str:
    """The name for display: NFC, one line; syllables typed apart (`홍 길 동`) are joined.

    Raises `Unreadable` (name_too_long, name_hidden, name_unreadable).
    """
    name = text.one_line(name)
    if _SPACED_HANGUL.fullmatch(name):
        name = name.replace(" ", "")
    if text.length(name) > LONGEST:
        raise Unreadable("name_too_long", limit=LONGEST)
    if _HIDDEN.search(name):
        raise Unreadable("name_hidden")
    if not any(sign.isalpha() for sign in name) or not all(_may_stand(sign) for sign in name):
        raise Unreadable("name_unreadable")
    return name


def _may_stand(sign: str) -> bool:
    """Letters, their marks and digits (two of one name are told apart by A and B, 1 and 2), a
    few signs.
    """
    return sign in _SIGNS or unicodedata.category(sign)[0] in "LMN"


def name_key(name: str) -> str:
    """The form under which two spellings are one name: NFKC, case folded, without any space."""
    return text.key(name)


def mask_name(name: str) -> str:
    """`홍*동`, `김*`, `남**수`; of a name in several words the first letter of each."""
    words = text.one_line(name).split(" ")
    if len(words) > 1:
        return " ".join(word[:1] + "*" * (len(word) - 1) for word in words)
    word = words[0]
    if len(word) <= 2:
        return word[:1] + "*" if len(word) == 2 else "*" * len(word)
    return word[0] + "*" * (len(word) - 2) + word[-1]
