"""Columns of a roster that stand for meetings: what their titles say, and the marks below them. Pure.

Titles come in two ways, by day (`3/5`, `2025. 3. 5.(수)`) and by number (`1회`, `2차시`, 1 2 3 ...), perhaps
with a length (`2시간`, `14:00~16:00`), in one line or in two. Must not know which meetings are stored.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ideas_app.programmes.rules.issues import Unreadable
from ideas_app.programmes.rules.marks import plain_word, read_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ideas_app.adapters.spreadsheets import Cell

LONGEST = 24 * 60
"""Minutes that one meeting may take."""
TOPIC = 80
"""Characters of what a meeting is about."""

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})\s*[~\-–]\s*(\d{1,2}):(\d{2})")
_HOURS = re.compile(
    r"(?<![\d.])(\d{1,2}(?:\.\d+)?)\s*(?:시간|hours?|hrs?|h)(?![a-z])", re.IGNORECASE
)
_MINUTES = re.compile(r"(?<!\d)(\d{1,4})\s*(?:분(?!반)|minutes?|mins?)", re.IGNORECASE)
_WHOLE_DAY = re.compile(
    r"(?<!\d)'?(\d{4}|\d{2})\s*[.\-/년]\s*(\d{1,2})\s*[.\-/월]\s*(\d{1,2})(?!\d)\s*[.일]?(?:\s+00:00(?::00)?)?"
)
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[./\-월]\s*(\d{1,2})(?!\d)\s*[.일]?")
_NUMBER = re.compile(
    r"(?:^|\s)제?\s*(\d{1,3})\s*(?:회차|차시|일차|주차|번째|회|강|차)(?![가-힣])"
    r"|(?:^|\s)(?:session|meeting|class|week|day|no\.?|#)\s*(\d{1,3})(?!\d)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[()\[\]{}<>]")
_FILLER = re.compile(
    r"출석\s*여부|참석\s*여부|출결|출석|참석|참여|수업|교육|강의|모임|attendance|attended|present|session"
    r"|meeting|class|day|week|(?<![가-힣])[월화수목금토일](?:요일)?(?![가-힣])|[\s·,:.~\-–]",
    re.IGNORECASE,
)
_LATE = frozenset(
    plain_word(word) for word in ["지각", "조퇴", "외출", "출", "△", "▲", "l", "late"]
)
_AWAY = frozenset(
    plain_word(word)
    for word in ["결", "공결", "병결", "유고", "무단", "무단결석", "a", "absence", "excused"]
)


@dataclass(frozen=True, slots=True)
class SessionColumn:
    """One column that says who was at a meeting: its place from 0, and what its titles say of the meeting.

    `minutes` is its length. A column chosen by hand may say neither number nor day.
    """

    place: int
    title: str
    number: int | None = None
    held_on: date | None = None
    minutes: int | None = None
    topic: str = ""
    sheet: str = ""

    @property
    def is_named(self) -> bool:
        """Whether the titles say which meeting it is."""
        return self.number is not None or self.held_on is not None


def read_session_mark(cell: Cell) -> bool | None:
    """Whether somebody was there; None for a blank, which says nothing. Late and left early are there,
    excused is not.

    Raises `Unreadable` (session_mark_unreadable).
    """
    word = plain_word("" if cell is None else str(cell))
    if word in _LATE:
        return True
    if word in _AWAY:
        return False
    try:
        return read_mark(cell)
    except Unreadable:
        raise Unreadable("session_mark_unreadable") from None


def read_title(title: str, *, year: int) -> SessionColumn:
    """What one title says of a meeting; a day without a year is of `year`. `topic` is the rest of it."""
    rest = " ".join(_BRACKETS.sub(" ", unicodedata.normalize("NFKC", title)).split())
    minutes, rest = _take_length(rest)
    held_on, rest = _take_day(rest, year)
    number, rest = _take_number(rest)
    topic = " ".join(rest.split()) if _FILLER.sub("", rest) else ""
    return SessionColumn(0, title, number, held_on, minutes, topic[:TOPIC])


def find_sessions(
    titles: Sequence[str],
    *,
    below: Sequence[str] = (),
    above: Sequence[str] = (),
    used: Collection[int] = (),
    year: int,
    looks_marked: Callable[[int], bool],
) -> tuple[SessionColumn, ...]:
    """The columns that stand for meetings, from the row of titles and, where titles have two lines, the rows
    around it.

    `used` columns serve a field. A title with other words beside the number or day needs marks below it
    (`looks_marked`), as `1차 합격` is none. Bare numbers count where they run 1, 2, 3 ...
    """
    found: dict[int, SessionColumn] = {}
    for place, title in enumerate(titles):
        if place in used:
            continue
        said = read_title(title, year=year)
        second = _at(below, place)
        if second:
            said = _filled(said, read_title(second, year=year))
        if not said.is_named or (said.topic and not looks_marked(place)):
            continue
        if first := _at(above, place):
            more = read_title(first, year=year)
            said = said if more.topic else _filled(said, more)
        found[place] = replace(said, place=place, title=_both(title, second))
    bare = [
        place
        for place, title in enumerate(titles)
        if place not in used and (_at(below, place) or title).isdecimal()
    ]
    numbers = [int(_at(below, place) or titles[place]) for place in bare]
    if len(bare) > 1 and numbers == list(range(1, len(bare) + 1)):
        for place, number in zip(bare, numbers, strict=True):
            title = _both(titles[place], _at(below, place))
            more = read_title(_at(above, place), year=year)
            found[place] = SessionColumn(place, title, number, more.held_on, more.minutes)
    return tuple(found[place] for place in sorted(found))


def chosen_sessions(
    titles: Sequence[str], below: Sequence[str], places: Collection[int], *, year: int
) -> tuple[SessionColumn, ...]:
    """The columns that a person chose, numbered in their order where their titles say nothing."""
    made = []
    for order, place in enumerate(sorted(places), start=1):
        title = titles[place] if place < len(titles) else ""
        second = _at(below, place)
        said = _filled(read_title(title, year=year), read_title(second, year=year))
        number = said.number if said.is_named else order
        made.append(replace(said, place=place, title=_both(title, second), number=number))
    return tuple(made)


def write_title(number: int, held_on: date, minutes: int | None, *, lang: str) -> str:
    """A title that `read_title` reads back: `3회 (2025-03-05, 90분)`."""
    length = "" if minutes is None else f", {minutes}분" if lang == "ko" else f", {minutes} min"
    word = f"{number}회" if lang == "ko" else f"Session {number}"
    return f"{word} ({held_on.isoformat()}{length})"


def _at(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _both(first: str, second: str) -> str:
    return " ".join(each for each in dict.fromkeys((first, second)) if each)


def _filled(said: SessionColumn, more: SessionColumn) -> SessionColumn:
    """What one line says, with what only the other one says."""
    return replace(
        said,
        number=said.number if said.number is not None else more.number,
        held_on=said.held_on or more.held_on,
        minutes=said.minutes if said.minutes is not None else more.minutes,
        topic=said.topic or more.topic,
    )


def _take_length(text: str) -> tuple[int | None, str]:
    if match := _CLOCK.search(text):
        first, first_minute, last, last_minute = (int(each) for each in match.groups())
        minutes = (last - first) * 60 + last_minute - first_minute
        return (minutes if 0 < minutes <= LONGEST else None), _CLOCK.sub(" ", text)
    hours, more = _HOURS.search(text), _MINUTES.search(text)
    if not hours and not more:
        return None, text
    minutes = round(float(hours[1]) * 60) if hours else 0
    minutes += int(more[1]) if more else 0
    rest = _MINUTES.sub(" ", _HOURS.sub(" ", text))
    return (minutes if 0 < minutes <= LONGEST else None), rest


def _take_day(text: str, year: int) -> tuple[date | None, str]:
    if match := _WHOLE_DAY.search(text):
        said = int(match[1])
        day = _make(said if said > 99 else 2000 + said, int(match[2]), int(match[3]))
    elif match := _DAY.search(text):
        day = _make(year, int(match[1]), int(match[2]))
    else:
        return None, text
    if day is None:
        return None, text
    return day, f"{text[: match.start()]} {text[match.end() :]}"


def _take_number(text: str) -> tuple[int | None, str]:
    match = _NUMBER.search(text)
    number = int(match[1] or match[2]) if match else 0
    if match is None or number < 1:
        return None, text
    return number, f"{text[: match.start()]} {text[match.end() :]}"


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
