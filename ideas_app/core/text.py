"""Text as people see it: one normal form at every entry, lengths in graphemes.

Must not know forms or requests. Sources: Unicode UAX #15 (NFC), UAX #29 (grapheme clusters).
"""

from __future__ import annotations

import re
import unicodedata

import regex

_GRAPHEME = regex.compile(r"\X")
_NOT_ALLOWED = regex.compile(r"[\p{Cc}\p{Cs}--[\n\t]]", regex.V1)
_BLANK_LINES = regex.compile(r"\n{3,}")
_READABLE = re.compile(r"[0-9a-z가-힣]+")
_READABLE_AS_IT_IS = re.compile(r"[0-9a-z가-힣 ]+").fullmatch
"""Most titles: there is nothing to take apart, and a list has twenty."""
_SPACES = regex.compile(r"\s+")
_INVISIBLE = regex.compile(r"[\u200b\u2060\ufeff]")


def normalise(text: str) -> str:
    """NFC, one kind of line end, no control characters, no lone surrogates, trimmed.

    Not NFKC: it would change what people wrote (a circled 1, the company mark).
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _NOT_ALLOWED.sub("", text)
    return _BLANK_LINES.sub("\n\n", unicodedata.normalize("NFC", _INVISIBLE.sub("", text))).strip()


def one_line(text: str) -> str:
    """`normalise`, with every run of white space made one space: titles, nicknames."""
    return _SPACES.sub(" ", normalise(text))


def length(text: str) -> int:
    """The number of characters a reader counts: grapheme clusters of the normalised text."""
    return len(_GRAPHEME.findall(normalise(text)))


def shorten(text: str, most: int) -> str:
    """A text of at most `most` characters as readers count them, an ellipsis after a cut."""
    characters = _GRAPHEME.findall(text)
    return text if len(characters) <= most else "".join(characters[:most]).rstrip() + "…"


def key(text: str) -> str:
    """The form under which two spellings of one name are the same: NFKC, case folded, no spaces."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", normalise(text)).casefold())


def slugify(title: str, *, longest: int = 40) -> str:
    """The readable part of an address: Hangul, Latin letters and digits joined by hyphens; maybe empty."""
    if _READABLE_AS_IT_IS(title) and "  " not in title:
        return title.strip().replace(" ", "-")[:longest].strip("-")
    words = _READABLE.findall(unicodedata.normalize("NFC", title).casefold())
    return "-".join(words)[:longest].strip("-")
