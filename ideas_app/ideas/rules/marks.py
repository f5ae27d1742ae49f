"""What a machine can see in a text: numbers of persons, addresses, links, words sent before. Pure.

It points out and never judges. The writer is shown it before sending, the moderator afterwards: both by
these same functions. Only a resident registration number is refused.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING

from ideas_app.core import hangul, text

if TYPE_CHECKING:
    from collections.abc import Iterable

MANY_LINKS = 3
"""From so many links on a text is more a list of links than a wish."""
_HALF = 0.5
_SAME = 0.9
"""Share of pairs of characters from which on two texts say the same."""
_SHORT = 12
"""Pairs of characters below which a text is too short to be called a repetition ("thank you")."""

TOLD_BEFORE = frozenset({"phone", "email", "many_links", "repeated"})
"""Marks that a writer is asked about before sending; a single link is no fault, a resident number is refused."""

_DASHES = r"[\s\-‐‑–—−.·]{0,3}"
# 주민등록번호 and 외국인등록번호: six digits of a date of birth, then 1-8 and six more
_RESIDENT_NUMBER = re.compile(
    rf"(?<!\d)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_DASHES}[1-8]\d{{6}}(?!\d)"
)
_PHONE = re.compile(
    rf"(?<!\d)(?:\+?82{_DASHES})?0?(?:1[016789]|2|[3-6][1-5]|70){_DASHES}\d{{3,4}}{_DASHES}\d{{4}}(?!\d)"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_LINK = re.compile(r"(?:https?://|www\.|open\.kakao\.com|bit\.ly/)\S+", re.IGNORECASE)


class Mark(StrEnum):
    """One thing that can be seen in a text."""

    RESIDENT_NUMBER = "resident_number"
    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    MANY_LINKS = "many_links"
    REPEATED = "repeated"


def has_resident_number(*texts: str) -> bool:
    """Whether a text holds what looks like a resident registration number, however its digits are typed."""
    return any(_RESIDENT_NUMBER.search(_plain(each)) for each in texts)


def has_phone(*texts: str) -> bool:
    """Whether a text holds what looks like a Korean telephone number."""
    return any(_PHONE.search(_RESIDENT_NUMBER.sub("", _plain(each))) for each in texts)


def has_link(*texts: str) -> bool:
    """Whether a text leads out of the house."""
    return any(_LINK.search(each) for each in texts)


def is_link_heavy(*texts: str) -> bool:
    """Whether a text has three links or more, or consists of links by more than half."""
    whole = "\n".join(texts)
    links = _LINK.findall(whole)
    letters = len(re.sub(r"\s", "", whole))
    return len(links) >= MANY_LINKS or sum(map(len, links)) > _HALF * max(letters, 1)


def is_repeated(words: str, earlier: Iterable[str]) -> bool:
    """Whether a text says again, to nine tenths, what one of the earlier ones said.

    Compared are the pairs of characters, without spaces and signs (Jaccard's index).
    """
    own = _pairs(words)
    if len(own) < _SHORT:
        return False
    return any(
        len(own & other) >= _SAME * len(own | other) for other in map(_pairs, earlier) if other
    )


def marks_of(*texts: str, earlier: Iterable[str] = ()) -> list[Mark]:
    """Everything that can be seen in the parts of one text; `earlier` are the writer's other texts."""
    whole = "\n".join(texts)
    seen = {
        Mark.RESIDENT_NUMBER: has_resident_number(*texts),
        Mark.PHONE: has_phone(*texts),
        Mark.EMAIL: bool(_EMAIL.search(whole)),
        Mark.LINK: has_link(*texts),
        Mark.MANY_LINKS: is_link_heavy(*texts),
        Mark.REPEATED: is_repeated(whole, earlier),
    }
    return [mark for mark, is_seen in seen.items() if is_seen]


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", text.normalise(words))


def _pairs(words: str) -> frozenset[str]:
    """Overlapping pairs of characters of the despaced text: texts that repeat each other share most."""
    whole = hangul.plain(words)
    return frozenset(whole[at : at + 2] for at in range(len(whole) - 1))
