"""Orders of the list as numbers to sort by, and how the mixed order deals its slots. Pure.

Keys are whole millionths, so that SQLite, PostgreSQL and Python agree and a page can stop anywhere.
In all of them u are supports, which only count for an idea: nobody can vote against one here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Z = 1.96
"""The normal quantile of a 95 % interval."""
RISING_SPAN = timedelta(days=5)
"""T: ten times the supports weigh as much as so many days."""
DEBATED_LEAST = 20
"""Fewer voices are no debate."""
LEAST_SEEN_SLOT = 3
"""Every third slot of the mixed order goes to the least-seen idea."""

_MILLION = 1_000_000
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def wilson_lower_bound(ups: int, total: int) -> float:
    """The lower end of the 95 % interval of the share of people who say yes; 0 where nobody was asked.

    Source: Wilson (1927), as in Evan Miller, "How Not To Sort By Average Rating" (2009).
    """
    if total == 0:
        return 0.0
    share, z2 = ups / total, Z * Z
    middle = share + z2 / (2 * total)
    spread = Z * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return max((middle - spread) / (1 + z2 / total), 0.0)


def rated_key(supports: int, unsure: int) -> int:
    """Best rated: Wilson's lower bound of u of n, in millionths; n are supports and "not sure" answers."""
    return round(_MILLION * wilson_lower_bound(supports, supports + unsure))


def rising_key(supports: int, published_at: datetime | None) -> int:
    """Rising: log10 max(u, 1) + age / T, in millionths; 0 for what was never published.

    Source: reddit's `_sorts.pyx` (hot) with T = 5 days in place of 12.5 hours. There are no votes against, so
    s = u and its sign is never negative. The age is counted from one fixed day in place of the
    campaign's opening: that moves every key by the same number and changes no order.
    """
    if published_at is None:
        return 0
    return round(_MILLION * (math.log10(max(supports, 1)) + (published_at - _EPOCH) / RISING_SPAN))


def debated_key(supports: int, unsure: int, concerned: int) -> int:
    """Debated: n / max(|u - d|, 1), in thousandths; 0 below 20 voices.

    d is doubt that was spoken: "not sure" answers and distinct people whose comments speak against it;
    who says both has said two things. n = u + d. Source: reddit's `_sorts.pyx` (controversy).
    """
    doubts = unsure + concerned
    voices = supports + doubts
    if voices < DEBATED_LEAST:
        return 0
    return round(1000 * voices / max(abs(supports - doubts), 1))


def deal_mixed(
    shuffled: Sequence[int], least_seen: Sequence[int], *, start: int, size: int
) -> tuple[list[int], int]:
    """The next `size` ids of the mixed order, and how many of `shuffled` were used up on the way.

    Both lists hold the same ideas in two orders, without those that were dealt before. Slots are counted
    from `start`: every third takes the least-seen idea that is left, the others the next one of the
    shuffle. No id comes twice.
    """
    dealt: list[int] = []
    known: set[int] = set()
    used = 0
    rare = iter(least_seen)
    while len(dealt) < size:
        chosen = None
        if (start + len(dealt)) % LEAST_SEEN_SLOT == LEAST_SEEN_SLOT - 1:
            chosen = next((one for one in rare if one not in known), None)
        while chosen is None and used < len(shuffled):
            if shuffled[used] not in known:
                chosen = shuffled[used]
            used += 1
        if chosen is None:
            break
        known.add(chosen)
        dealt.append(chosen)
    while used < len(shuffled) and shuffled[used] in known:
        used += 1
    return dealt, used


_PRIMES = (
    257, 521, 1031, 2063, 4127, 8219, 16421, 32771, 65537, 131111, 262151, 524309, 1048583, 2097257, 4194329,
    8388617, 16777259, 33554501, 67108913, 134217773, 268435463, 536870951, 1073741831, 2147483579,
)  # fmt: skip
"""One above each power of two from 2^8 on, that leaves 2 when divided by 3: cubing modulo it is one-to-one. The last
is the largest below 2^31.
"""


@dataclass(frozen=True, slots=True)
class Shuffle:
    """A shuffle of the ids below a prime: an affine step, then the cube, both one-to-one modulo the prime.

    A step alone would leave neighbours in even steps; the cube breaks that. All products stay below 2^63, so that
    SQLite, PostgreSQL and Python agree.
    """

    factor: int
    shift: int
    prime: int

    def key_of(self, idea_id: int) -> int:
        """The place of an id in the shuffle, from 0 to below the prime."""
        stepped = (idea_id * self.factor + self.shift) % self.prime
        return stepped * stepped % self.prime * stepped % self.prime


def shuffle_of(seed: int, prime: int) -> Shuffle:
    """The shuffle of a seed."""
    factor = 1 + (seed * 1_103_515_245 + 12_345) % (prime - 1)
    return Shuffle(factor, (seed * 69_069 + 907_133_923) % prime, prime)


def shuffle_prime(newest_id: int) -> int:
    """The prime that shuffles ids up to the newest one. It changes when their number has doubled, so that a day's
    shuffle stays what it is although ideas come in.
    """
    return next((prime for prime in _PRIMES if prime > newest_id), _PRIMES[-1])


def draw_ids(shuffle: Shuffle, start: int, size: int) -> list[int]:
    """The ids at the places from `start` on, in their order: `key_of` backwards. At the end 0 fills up, which is
    nobody's id.
    """
    prime = shuffle.prime
    root = pow(3, -1, prime - 1)
    back = pow(shuffle.factor, -1, prime)
    places = range(max(start, 0), min(max(start, 0) + size, prime))
    drawn = [(pow(place, root, prime) - shuffle.shift) * back % prime for place in places]
    return drawn + [0] * (size - len(drawn))


def order_keys(
    supports: int, unsure: int, concerned: int, published_at: datetime | None
) -> tuple[int, int, int]:
    """The three stored keys of an idea: best rated, rising, debated."""
    return (
        rated_key(supports, unsure),
        rising_key(supports, published_at),
        debated_key(supports, unsure, concerned),
    )
