"""Dates as officials write them, and birth dates with two-digit years.

Order of attempts (korea.md 4.4): a date cell, `960301`, `1999.3.1`, `'99.03.01`, an Excel serial
number. Source of the serial: ECMA-376 18.17.4.1, the 1900 date system (day 60 does not exist, so
day 0 is 1899-12-30).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ideas_app.programmes.rules.issues import Unreadable

if TYPE_CHECKING:
    from ideas_app.adapters.spreadsheets import Cell

YOUNGEST, OLDEST = 7, 100
"""Ages between which a birth date on a roster is believed; two-digit years are put into this
window.
"""
EARLIEST_YEAR = 2000
"""No roster of a youth programme is older."""

_BLANK = frozenset({"-", "--", "x", "없음", "미기재", "해당없음", "n/a", "na", "none"})
_EPOCH = date(1899, 12, 30)
_PARTS = re.compile(
    r"(?P<year>\d{4}|\d{2})\s*[.\-/년]\s*(?P<month>\d{1,2})\s*[.\-/월]\s*(?P<day>\d{1,2})\s*[.일]?\s*생?"
    r"(?:\s*\(?[일월화수목금토](?:요일)?\)?)?"
    r"(?:[T\s]+(?:오전|오후|[AP]M)?\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_WITH_SIGN = re.compile(r"(\d{6})\s*-\s*([1-8])\**")
"""A birth date and the first digit of the second half, the rest hidden: the digit tells the
century.
"""
_DASHES = str.maketrans("–—−‐‑", "-----")


def read_day(cell: Cell, *, reference_on: date) -> date | None:
    """A calendar date of a programme, None for a blank or a dash; a two-digit year is of this
    century.

    Raises `Unreadable` (day_unreadable; day_implausible: before `EARLIEST_YEAR` or over a year
    after `reference_on`).
    """
    plain = _plain(cell)
    if plain is None or isinstance(plain, date):
        day = plain
    else:
        day = _of_parts(plain, 2000) or _compact(plain, 2000) or _serial(plain)
        if day is None:
            raise Unreadable("day_unreadable")
    if day and not (day.year >= EARLIEST_YEAR and day <= reference_on + timedelta(days=366)):
        raise Unreadable("day_implausible")
    return day


def read_birth(cell: Cell, *, reference_on: date, is_compact: bool | None = None) -> date | None:
    """A birth date, None for a blank or a dash; the century of a two-digit year by age on
    `reference_on`.

    A number of five digits may be `960301` without its leading 0 or a serial number; where both are
    possible `is_compact` decides (see `has_compact_births`). Raises `Unreadable` (birth_unreadable,
    birth_implausible, birth_unclear).
    """
    plain = _plain(cell)
    if plain is None:
        return None
    if isinstance(plain, date):
        return _believable(plain, reference_on)
    if match := _WITH_SIGN.fullmatch(plain):
        century = 1900 if match[2] in "1256" else 2000
        day = _compact(match[1], century)
    else:
        day = _of_parts(plain, None, reference_on) or _birth_number(
            plain, reference_on, is_compact=is_compact
        )
    if day is None:
        raise Unreadable("birth_unreadable")
    return _believable(day, reference_on)


def has_compact_births(cells: list[Cell], *, reference_on: date) -> bool | None:
    """Whether a column writes births as `960301`: True if some cell can only be that, False if
    some can only be a serial number, None if neither or both.
    """
    compact = serial = False
    for cell in cells:
        plain = _plain(cell)
        if not isinstance(plain, str) or not plain.isdigit() or len(plain) > 6:
            continue
        first, second = _in_window(plain, reference_on), _serial(plain)
        compact |= first is not None and len(plain) == 6
        serial |= first is None and second is not None
    return None if compact == serial else compact


def mask_birth(day: date) -> str:
    """`1999-**-**`: the year alone."""
    return f"{day.year}-**-**"


def age_on(birth_on: date, day: date) -> int:
    """Age in full years (만 나이)."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def _plain(cell: Cell) -> str | date | None:
    """The cell as a date, or as text without marks around it."""
    if isinstance(cell, datetime):
        return cell.date()
    if cell is None or isinstance(cell, date):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if 1 <= cell < 100_000 else str(cell)
    typed = (
        unicodedata.normalize("NFKC", str(cell)).translate(_DASHES).strip().strip("'’‘`").strip()
    )
    return None if typed.casefold() in _BLANK or not typed else typed


def _of_parts(typed: str, century: int | None, reference_on: date | None = None) -> date | None:
    match = _PARTS.fullmatch(typed)
    if match is None:
        return None
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if len(match["year"]) == 4:
        return _make(year, month, day)
    if century is not None:
        return _make(century + year, month, day)
    return _in_window(f"{year:02}{month:02}{day:02}", reference_on) if reference_on else None


def _birth_number(typed: str, reference_on: date, *, is_compact: bool | None) -> date | None:
    if not typed.isdigit():
        return None
    if len(typed) in {6, 8}:
        return _in_window(typed, reference_on) if len(typed) == 6 else _compact(typed, 0)
    if not 3 <= len(typed) <= 5:
        return None
    compact, serial = _in_window(typed, reference_on), _serial(typed)
    if serial and not YOUNGEST <= age_on(serial, reference_on) <= OLDEST:
        serial = None
    if compact and serial:
        if is_compact is None:
            raise Unreadable("birth_unclear", first=str(compact.year), second=str(serial.year))
        return compact if is_compact else serial
    return compact or serial


def _compact(typed: str, century: int) -> date | None:
    """`19960301`, or `960301` (also without leading zeros) in a century that is known."""
    if not typed.isdigit():
        return None
    if len(typed) == 8:
        return _make(int(typed[:4]), int(typed[4:6]), int(typed[6:]))
    if len(typed) != 6:
        return None
    return _make(century + int(typed[:2]), int(typed[2:4]), int(typed[4:]))


def _in_window(typed: str, reference_on: date) -> date | None:
    """`yymmdd`, its leading zeros perhaps lost, in the century in which the age is between 7 and
    106.
    """
    typed = typed.zfill(6)
    for century in (2000, 1900):
        day = _compact(typed, century)
        if day and age_on(day, reference_on) >= YOUNGEST:
            return day
    return None


def _serial(typed: str) -> date | None:
    """An Excel serial number of the years 1900 to 2099."""
    if not typed.isdigit() or not 1 <= int(typed[:7]) <= 73_050 or len(typed) > 5:
        return None
    return _EPOCH + timedelta(days=int(typed))


def _believable(day: date, reference_on: date) -> date:
    if not YOUNGEST <= age_on(day, reference_on) <= OLDEST:
        raise Unreadable("birth_implausible")
    return day


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
