"""Check codes of certificates: letters that cannot be mistaken on paper. Pure.

Source of the alphabet: Crockford's Base32, which leaves out I, L, O and U and reads them as 1, 1, 0 and nothing.
"""

from __future__ import annotations

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
"""Sixty bits: nobody finds one by trying."""
_MISREAD = str.maketrans("OIL", "011")


def write_code(number: int) -> str:
    """The code of a drawn number below 32 ** 12."""
    signs = []
    for _place in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(reversed(signs))


def show_code(code: str) -> str:
    """`K7Q2-9FHM-3XWP`."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def read_code(typed: str) -> str | None:
    """The code in what somebody typed, or None: small letters, spaces, dashes, O for 0 and l for 1 are read."""
    plain = unicodedata.normalize("NFKC", typed).upper().translate(_MISREAD)
    kept = "".join(sign for sign in plain if not sign.isspace() and sign not in "-–")
    return kept if len(kept) == LENGTH and set(kept) <= set(ALPHABET) else None
