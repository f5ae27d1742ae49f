"""Telephone numbers as people type them in Korea, and as one form: digits with the leading 0.

Sources: korea.md 4.4 (what spreadsheets do to numbers); the Korean numbering plan (02, 03x-06x,
01x, 050, 070).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ideas_app.programmes.rules.issues import Unreadable

if TYPE_CHECKING:
    from ideas_app.adapters.spreadsheets import Cell

LOCAL_AREA = "063"
"""The area code that people of Gunsan leave out."""

_BLANK = frozenset({"-", "--", "x", "없음", "미기재", "해당없음", "모름", "n/a", "na", "none"})
_SEVERAL = re.compile(r"[/,;\n|]|또는")
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?e\+?\d+$", re.IGNORECASE)
_HIDDEN = re.compile(r"[*●]")
_MOBILE = re.compile(r"010\d{8}|01[16789]\d{7,8}")
_OTHER = re.compile(r"02[2-9]\d{6,7}|0[3-6][1-5][2-9]\d{6,7}|070\d{8}|050\d{8,9}")
_FOREIGN = re.compile(r"\+(?!82)[1-9]\d{7,14}")
_LOCAL = re.compile(r"4\d{6}")


def read_phone(cell: Cell) -> str | None:
    """The number as `01012345678` (a foreign one as `+15551234567`), None for a blank or a dash.

    Of several numbers in a cell the first mobile one is taken, else the first.
    Raises `Unreadable` (phone_hidden, phone_rounded, phone_unreadable).
    """
    if cell is None:
        return None
    typed = unicodedata.normalize("NFKC", str(cell)).strip()
    typed = re.sub(r"^(\d+)\.0$", r"\1", typed)
    if isinstance(cell, float) or _SCIENTIFIC.match(typed):
        raise Unreadable("phone_rounded")
    if not typed or typed.casefold().replace(" ", "") in _BLANK:
        return None
    if _HIDDEN.search(typed):
        raise Unreadable("phone_hidden")
    numbers = [number for part in _SEVERAL.split(typed) if (number := _one_number(part))]
    if not numbers:
        raise Unreadable("phone_unreadable")
    return next((number for number in numbers if _MOBILE.fullmatch(number)), numbers[0])


def _one_number(typed: str) -> str | None:
    digits = re.sub(r"\D", "", typed)
    is_abroad = typed.strip().startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00") if is_abroad else digits
    if is_abroad and not digits.startswith("82"):
        return f"+{digits}" if _FOREIGN.fullmatch(f"+{digits}") else None
    candidates = [digits, f"0{digits}"]
    if digits.startswith("82"):
        home = digits.removeprefix("82")
        candidates = [home if home.startswith("0") else f"0{home}", *candidates]
    if _LOCAL.fullmatch(digits):
        candidates.append(LOCAL_AREA + digits)
    for number in candidates:
        if _MOBILE.fullmatch(number) or _OTHER.fullmatch(number):
            return number
    return None


def show_phone(phone: str) -> str:
    """`010-1234-5678`, `063-450-1234`, `02-123-4567`; a foreign number as it is."""
    if not phone.startswith("0"):
        return phone
    area = 2 if phone.startswith("02") else 4 if len(phone) == 12 else 3
    return f"{phone[:area]}-{phone[area:-4]}-{phone[-4:]}"


def mask_phone(phone: str) -> str:
    """`010-****-5678`: the middle is hidden."""
    shown = show_phone(phone)
    first, _, rest = shown.partition("-")
    if not rest:
        return phone[:2] + "*" * max(len(phone) - 4, 0) + phone[-2:] if len(phone) > 6 else "****"
    middle, _, last = rest.partition("-")
    return f"{first}-{'*' * len(middle)}-{last}"
