"""Cells that a spreadsheet would take for a formula, and characters that CP949 cannot hold.

Must not know kinds of files. Sources: OWASP "CSV Injection"; Unicode NFKC for full-width and small
signs.
"""

from __future__ import annotations

import unicodedata

_SIGNS = frozenset("=+-@\u2212")
"""With the minus sign of mathematics, which reads as a hyphen to some programs."""

_CP949 = {
    "\u00a0": " ",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u2022": "·",
    "\u30fb": "·",
    "\uff65": "·",
    "\u20a9": "￦",
    "\u200b": "",
    "\u200c": "",
    "\u200d": "",
    "\u2060": "",
    "\ufe0e": "",
    "\ufe0f": "",
    "\ufeff": "",
}


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might compute the text: `= + - @` first, in any width, also behind
    blanks and marks.

    A text that begins with a tab or a line end counts too: some programs drop it and then look
    again.
    """
    if text[:1] in {"\t", "\r", "\n"}:
        return True
    for sign in text:
        if sign.isspace() or unicodedata.category(sign) in {"Cc", "Cf"}:
            continue
        return unicodedata.normalize("NFKC", sign)[:1] in _SIGNS
    return False


def neutralise(text: str) -> str:
    """The text, with a leading apostrophe where `is_formula_like`."""
    return f"'{text}" if is_formula_like(text) else text


def to_cp949(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The text with every character that CP949 lacks replaced, and the pairs (was, became) in their
    order.

    Must come before `neutralise`: a dash at the beginning becomes a hyphen here.
    """
    text = unicodedata.normalize("NFC", text)
    if _fits(text):
        return text, []
    signs: list[str] = []
    replaced: list[tuple[str, str]] = []
    for sign in text:
        if _fits(sign):
            signs.append(sign)
            continue
        other = _CP949.get(sign)
        if other is None:
            plain = unicodedata.normalize("NFKC", sign)
            other = plain if _fits(plain) else "?"
        signs.append(other)
        replaced.append((sign, other))
    return "".join(signs), replaced


def _fits(text: str) -> bool:
    try:
        text.encode("cp949")
    except UnicodeEncodeError:
        return False
    return True
