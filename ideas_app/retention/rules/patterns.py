"""What is odd in a month of looks at other people's data: a few rules that anybody can check by hand. Pure.

An oddity accuses nobody: it says where to ask.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ideas_app.audit.rules import Look
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from flask_babel import LazyString

    IsDayOff = Callable[[date], bool]

NIGHT_FROM, NIGHT_UNTIL = 22, 6
"""Hours, local, between which a look is out of hours."""
MANY_A_DAY = 1_000
"""Lines of other people that one colleague sees on one day: a roster of 50 a page takes 20 pages."""
LARGE_FILE = 500
"""Lines of a file that was taken."""
UNMASKED_A_DAY = 10
ADDRESSES_A_DAY = 3
SHORT_REASON = 5
"""Characters of a reason that says nothing."""


class Odd(StrEnum):
    """The kinds of oddity, in the order in which they are listed."""

    OUT_OF_HOURS = "out_of_hours"
    MANY = "many"
    LARGE_FILE = "large_file"
    UNMASKED = "unmasked"
    ADDRESSES = "addresses"
    REASON = "reason"


WORDS: dict[Odd, LazyString] = {
    Odd.OUT_OF_HOURS: _l("Looks between 22:00 and 06:00, or on a day off"),
    Odd.MANY: _l("Lines of 1,000 people or more on one day"),
    Odd.LARGE_FILE: _l("A file of 500 lines or more"),
    Odd.UNMASKED: _l("Ten people or more unmasked on one day"),
    Odd.ADDRESSES: _l("From three network addresses or more on one day"),
    Odd.REASON: _l("A reason of fewer than five characters"),
}
"""What each rule looks for, as the page explains it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look, with its local time."""

    at: datetime
    actor_id: int | None
    kind: str
    count: int
    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class Oddity:
    """One oddity: whose looks, on which days, and a number that says how much of it there was in all."""

    odd: Odd
    actor_id: int | None
    days: tuple[date, ...]
    number: int


def is_out_of_hours(at: datetime, is_day_off: IsDayOff) -> bool:
    """Whether a local time is at night or on a day off."""
    return at.hour >= NIGHT_FROM or at.hour < NIGHT_UNTIL or is_day_off(at.date())


def find_oddities(looks: Sequence[Seen], is_day_off: IsDayOff) -> list[Oddity]:
    """The oddities of some looks, each rule once a colleague, in the order of the rules."""
    found: Counter[tuple[Odd, int | None, date]] = Counter()
    for look in looks:
        for odd, number in _odd_in_itself(look, is_day_off):
            found[odd, look.actor_id, look.at.date()] += number
    by_day: dict[tuple[int | None, date], list[Seen]] = defaultdict(list)
    for look in looks:
        by_day[look.actor_id, look.at.date()].append(look)
    for by, theirs in by_day.items():
        found.update({(odd, *by): number for odd, number in _odd_together(theirs)})
    days: dict[tuple[Odd, int | None], list[date]] = defaultdict(list)
    sums: Counter[tuple[Odd, int | None]] = Counter()
    for (odd, actor_id, day), number in found.items():
        days[odd, actor_id].append(day)
        sums[odd, actor_id] += number
    order = list(Odd)
    told = [Oddity(odd, who, tuple(sorted(days[odd, who])), sums[odd, who]) for odd, who in days]
    return sorted(told, key=lambda one: (order.index(one.odd), -one.number, one.actor_id or 0))


def _odd_in_itself(look: Seen, is_day_off: IsDayOff) -> Iterator[tuple[Odd, int]]:
    if look.actor_id is not None and is_out_of_hours(look.at, is_day_off):
        yield Odd.OUT_OF_HOURS, 1
    if look.kind == Look.EXPORT and look.count >= LARGE_FILE:
        yield Odd.LARGE_FILE, look.count
    if look.reason and len(look.reason) < SHORT_REASON:
        yield Odd.REASON, 1


def _odd_together(looks: Sequence[Seen]) -> Iterator[tuple[Odd, int]]:
    """What is odd about one colleague's looks of one day."""
    counted = (
        (Odd.MANY, sum(look.count for look in looks), MANY_A_DAY),
        (
            Odd.UNMASKED,
            sum(look.count for look in looks if look.kind == Look.UNMASKED),
            UNMASKED_A_DAY,
        ),
        (Odd.ADDRESSES, len({look.address for look in looks} - {""}), ADDRESSES_A_DAY),
    )
    yield from ((odd, number) for odd, number, many in counted if number >= many)
