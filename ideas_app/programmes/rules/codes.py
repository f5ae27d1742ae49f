"""The code on the day: six digits, open for some hours. Pure.

Must not know who reads it.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

DIGITS = 6
OPEN_FOR = timedelta(hours=3)
"""How long a code stays open by itself: a course of an afternoon."""


def code_of(number: int) -> str:
    """The code of a drawn number from 0 to 999,999."""
    return f"{number:0{DIGITS}d}"


def read_code(typed: str) -> str | None:
    """The code in what somebody typed: digits of any width, spaces and a dash between them; None for
    anything else.
    """
    plain = unicodedata.normalize("NFKC", typed)
    kept = "".join(sign for sign in plain if not sign.isspace() and sign not in "-–")
    return kept if len(kept) == DIGITS and kept.isascii() and kept.isdigit() else None


def is_open(until: datetime | None, now: datetime) -> bool:
    """Whether a code still counts; not at its last instant any more."""
    return until is not None and now < until
