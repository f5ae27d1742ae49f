"""Resident registration numbers are found and refused; values are hidden before they stand in a
message.

Source: Personal Information Protection Act, article 24-2 (no such number without a law that asks
for it); korea.md 4.2. Digits 1-4 begin the second half of citizens' numbers, 5-8 those of
foreigners.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from ideas_app.core.masking import mask_email
from ideas_app.programmes.rules.issues import Issue
from ideas_app.programmes.rules.names import mask_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.adapters.spreadsheets import Cell, Table

MASK = "******-*******"
_NUMBER = re.compile(r"(?<!\d)\d{6}[\s.\-–—−‐‑]{0,3}[1-8]\d{6}(?!\d)")
_INVISIBLE = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad]")
_MOST = 20
"""Places named in the answer: the file is refused as a whole in any case."""


def holds_resident_number(cell: Cell) -> bool:
    """Whether a cell holds what looks like a resident registration number, also one that lost
    leading zeros.
    """
    if cell is None or isinstance(cell, date):
        return False
    if isinstance(cell, int | float):
        return _lost_zeros(str(int(cell)))
    if cell.isdecimal() and not cell.startswith("0") and _lost_zeros(cell):
        return True
    if len(cell) < 13:
        return False
    return _NUMBER.search(_INVISIBLE.sub("", unicodedata.normalize("NFKC", cell))) is not None


def _lost_zeros(digits: str) -> bool:
    """Of those born from 2000 on spreadsheets drop one or two zeros: 11 or 12 digits that begin
    with a date.
    """
    if len(digits) == 13:
        return _NUMBER.fullmatch(digits) is not None
    if len(digits) not in {11, 12}:
        return False
    whole = digits.zfill(13)
    return "01" <= whole[2:4] <= "12" and "01" <= whole[4:6] <= "31" and whole[6] in "3478"


def find_resident_numbers(tables: Iterable[Table]) -> list[Issue]:
    """Where such numbers stand, at most twenty places, the numbers themselves hidden."""
    issues: list[Issue] = []
    for table in tables:
        for row in table.rows:
            for place, cell in enumerate(row.cells):
                if cell is None or not holds_resident_number(cell):
                    continue
                values: dict[str, str | int] = {"sheet": table.name}
                issues.append(
                    Issue("resident_number", row.number, column_letter(place), "", MASK, values)
                )
                if len(issues) == _MOST:
                    return issues
    return issues


def column_letter(place: int) -> str:
    """The letter of a column in a spreadsheet, from 0: A, B, ... Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def mask_value(field: str, value: str) -> str:
    """A value as it may stand in a message: enough to find it in the file, too little to know
    the person.
    """
    value = _NUMBER.sub(MASK, " ".join(value.split()))[:40]
    if field == "name":
        return mask_name(value)
    if field == "email":
        return mask_email(value)
    if field == "phone":
        digits = sum(sign.isdigit() for sign in value)
        return _mask_digits(value, shown=3) if digits > 4 else value
    if field == "birth_on":
        return _mask_digits(value, shown=2)
    if sum(sign.isdigit() for sign in value) >= 9:
        return _mask_digits(value, shown=4)
    return value


def _mask_digits(value: str, *, shown: int) -> str:
    seen = 0
    signs: list[str] = []
    for sign in value:
        seen += sign.isdigit()
        signs.append("*" if sign.isdigit() and seen > shown else sign)
    return "".join(signs)
