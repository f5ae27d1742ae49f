"""The mixed order: another shuffle for each reader and day, every third place to the idea that fewest have read.

Where it is known how many ideas there are, the next ones of the shuffle are drawn as ids instead of sorting all ideas:
a page costs the same for a thousand and for a million.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, literal, select, union_all
from sqlalchemy import cast as sql_cast

from ideas_app.core import clock
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.core.prepared import Prepared, answer_to, given
from ideas_app.core.tokens import keyed_hash
from ideas_app.ideas.models import Idea
from ideas_app.ideas.queries.lists import (
    PAGE,
    Filters,
    Listing,
    Shape,
    Sort,
    clauses_of,
    list_ordered,
    ordered_question,
    values_of,
)
from ideas_app.ideas.queries.rows import Own, lean_query, lean_row_of, row_of, rows_query
from ideas_app.ideas.rules import LEAST_SEEN_SLOT, deal_mixed, draw_ids, shuffle_of, shuffle_prime

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.campaigns.queries import House
    from ideas_app.core.prepared import Asked, Foreseen
    from ideas_app.ideas.queries.rows import IdeaRow
    from ideas_app.ideas.rules import Shuffle

SHUFFLES = 64
"""So many shuffles there are on a day: visitors who share one share its pages, see `web.kept`."""
MIXED_MEMORY = 60
"""Ideas that a cursor of the mixed order can remember; with more of them ahead the shuffle goes on alone."""
_DRAWS = (48, 64, 96, 128, 200, 400)
"""How many ids are drawn at most: a few sizes, so that there are few statements."""
_SPARE = 3
"""So many of the least-read ideas may come by the shuffle too, before a page that reads no more than it needs falls
short. It is then read anew.
"""
_FEW = 500
"""So many ideas are sorted without drawing."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many ideas there are to draw from."""

    newest_id: int
    matching: int
    """About how many of them fit the filters."""


def mixed_seed(account_id: int | None, address: str) -> int:
    """The seed of the mixed order: the same for one reader over one day, another the next day.

    A visitor is told from others by a keyed hash of their address, which is kept nowhere; it chooses one of the day's
    `SHUFFLES`.
    """
    who = account_id or share_of(address)
    return clock.today().toordinal() * 7919 + who


def share_of(address: str, secret: str | None = None) -> int:
    """Which of the day's shuffles the visitors at an address are given. `secret` as of `keyed_hash`."""
    return int(keyed_hash("mixed order", address, secret)[:7], 16) % SHUFFLES


def list_ideas(
    *, campaign: str | None = None, sort: str = "new", limit: int = PAGE, after: str | None = None
) -> Page[IdeaRow]:
    """Listed ideas of one campaign or all, in one of the orders of `Sort`."""
    return list_filtered(Filters(campaign=campaign, sort=Sort(sort)), limit=limit, after=after)


def list_filtered(
    filters: Filters,
    *,
    seed: int = 0,
    limit: int = PAGE,
    after: str | None = None,
    among: Sequence[int] | None = None,
) -> Page[IdeaRow]:
    """A page of ideas, one statement, without marks: see `list_page`."""
    if filters.sort is Sort.MIXED:
        return list_page(filters, seed=seed, limit=limit, after=after).page
    return list_ordered(filters, limit=limit, after=after, among=among).page


def list_page(
    filters: Filters,
    *,
    seed: int = 0,
    limit: int = PAGE,
    after: str | None = None,
    crowd: Crowd | None = None,
    own: Own | None = None,
    house: House | None = None,
    foreseen: Foreseen | None = None,
) -> Listing:
    """A page of ideas. One statement; the cursor names the last row, so pages stand still under inserts.

    `seed` draws the mixed order: the same seed gives the same order. `crowd`: how many there are to draw it from;
    without it all are sorted. `own`: what to mark for the reader. `house`: the settings, see `list_ordered`. The words
    of a search are not its matter: `search.list_filtered` stands before it. `foreseen`: what was asked before, see
    `question_of_page`.
    """
    if filters.sort is not Sort.MIXED:
        return list_ordered(
            filters, limit=limit, after=after, own=own, house=house, foreseen=foreseen
        )
    place = _place(after, seed, crowd)
    piles, drawn = _drawn(place, crowd, limit)
    is_lean = house is not None
    found = answer_to(_question(filters, place, piles, drawn, own, is_lean=is_lean), foreseen)
    is_end = place.used_up + 1 + len(drawn) >= place.shuffle.prime
    if drawn and not _is_enough(found, piles, is_end=is_end):
        piles = _Piles(limit, limit + 1, piles.rare and limit + 1)
        found = answer_to(_question(filters, place, piles, [], own, is_lean=is_lean))
    return _dealt(found, place, limit, house)


def question_of_page(
    filters: Filters,
    *,
    seed: int,
    after: str | None,
    crowd: Crowd,
    own: Own | None,
    limit: int = PAGE,
) -> Asked | None:
    """What `list_page` will ask at first, with the settings known; None where that takes a question of its own."""
    if filters.sort is not Sort.MIXED:
        return ordered_question(filters, after=after, own=own, is_lean=True, limit=limit)
    place = _place(after, seed, crowd)
    piles, drawn = _drawn(place, crowd, limit)
    return _question(filters, place, piles, drawn, own, is_lean=True)


@dataclass(frozen=True, slots=True)
class _Piles:
    """How many ideas a page is dealt from."""

    limit: int
    shuffled: int
    """The next ones of the shuffle: one more than can be needed, to know whether anything follows."""
    rare: int
    """The least-read ones; 0 where no cursor could remember any more of them."""


def _piles(place: _Place, limit: int, *, is_few: bool) -> _Piles:
    slots = limit // LEAST_SEEN_SLOT
    if len(place.ahead) + slots >= MIXED_MEMORY:
        return _Piles(limit, limit + 1, 0)
    if is_few:
        return _Piles(limit, limit + 1, limit + 1)
    spared = min(limit + 1, limit - slots + 1 + _SPARE)
    return _Piles(limit, spared, min(limit + 1, slots + 1 + _SPARE))


def _is_enough(found: Sequence[Any], piles: _Piles, *, is_end: bool) -> bool:
    """Whether a page dealt from these is the one that all ideas would give: the shuffle's pile is full, and so few are
    in both piles that neither ends before the page does. Or all that is left is here (`is_end`).
    """
    shuffled = {row.id for row in found if row.pile == 0}
    if len(shuffled) < piles.shuffled:
        return is_end
    both = sum(row.id in shuffled for row in found if row.pile == 1)
    return not piles.rare or both <= _SPARE


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page begins."""

    seed: int
    shuffle: Shuffle
    used_up: int
    """The shuffle's key of the last idea that was taken from it."""
    slot: int
    ahead: list[int]
    """Least-seen ideas that were dealt before the shuffle came to them."""


def _place(after: str | None, seed: int, crowd: Crowd | None) -> _Place:
    """Where a cursor of the mixed order stands; its beginning for a missing or spoilt one."""
    found = decode_cursor(after, int, int, int, int, str)
    newest = crowd.newest_id if crowd else 2**30
    if found is None or shuffle_prime(int(found[1]) - 1) != found[1]:
        return _Place(seed, shuffle_of(seed, shuffle_prime(newest)), -1, 0, [])
    words = [word for word in str(found[4]).split(".") if word.isascii() and word.isdigit()]
    ahead = [int(word) for word in words[:MIXED_MEMORY] if len(word) < 10]
    old_seed, prime = int(found[0]), int(found[1])
    slot = int(found[3]) % LEAST_SEEN_SLOT
    return _Place(old_seed, shuffle_of(old_seed, prime), int(found[2]), slot, ahead)


def _drawn(place: _Place, crowd: Crowd | None, limit: int) -> tuple[_Piles, list[int]]:
    """What a page needs, and the ids that the shuffle names next, enough for it; none where sorting is as good."""
    if crowd is None or crowd.matching <= _FEW:
        return _piles(place, limit, is_few=True), []
    piles = _piles(place, limit, is_few=False)
    wanted = math.ceil(1.4 * piles.shuffled * place.shuffle.prime / crowd.matching) + 8
    size = next((size for size in _DRAWS if size >= wanted), 0)
    if not size:
        return _piles(place, limit, is_few=True), []
    return piles, draw_ids(place.shuffle, place.used_up + 1, size)


def _question(
    filters: Filters,
    place: _Place,
    piles: _Piles,
    drawn: list[int],
    own: Own | None,
    *,
    is_lean: bool,
) -> Asked:
    """What finds the next ideas of the shuffle (pile 0) and the least-read ones (pile 1), each with its key."""
    shape = Shape.of(
        filters,
        piles.limit,
        drawn=len(drawn),
        shuffled=piles.shuffled,
        rare=piles.rare,
        passed=MIXED_MEMORY if place.ahead else 0,
    )
    values = values_of(filters) | ({} if own is None else own.values)
    values |= {"factor": place.shuffle.factor, "shift": place.shuffle.shift}
    values |= {"prime": place.shuffle.prime, "used_up": place.used_up}
    values |= {f"drawn_{at}": each for at, each in enumerate(drawn)}
    if place.ahead:
        padded = place.ahead + place.ahead[:1] * (MIXED_MEMORY - len(place.ahead))
        values |= {f"ahead_{at}": each for at, each in enumerate(padded)}
    return _prepared(shape, own, is_lean=is_lean), values


_statements: dict[tuple[Shape, str, bool], Prepared] = {}


def _prepared(shape: Shape, own: Own | None, *, is_lean: bool = False) -> Prepared:
    key = (shape, "" if own is None else own.name, is_lean)
    if key not in _statements:
        _statements[key] = Prepared(_query(shape, own, is_lean=is_lean))
    return _statements[key]


def _query(shape: Shape, own: Own | None, *, is_lean: bool) -> Any:
    key = _key(*(given(name, BigInteger()) for name in ("factor", "shift", "prime")))
    left: Any = select(Idea.id.label("id"), key.label("order_key")).where(
        *clauses_of(shape.filters, named=True), key > given("used_up", BigInteger())
    )
    if shape.passed:
        left = left.where(Idea.id.not_in(_places("ahead", shape.passed)))
    near = left.where(Idea.id.in_(_places("drawn", shape.drawn))) if shape.drawn else left
    piles = near.add_columns(literal(0).label("pile")).order_by("order_key").limit(shape.shuffled)
    chosen: Any = select(piles.subquery("shuffled"))
    if shape.rare:
        rare = left.add_columns(literal(1).label("pile")).order_by(Idea.readers_count, Idea.id)
        chosen = union_all(chosen, select(rare.limit(shape.rare).subquery("rare")))
    page = chosen.subquery("page")
    rows = lean_query if is_lean else rows_query
    return rows(own, page.c.order_key, page.c.pile, page=page)


def _places(name: str, number: int) -> list[Any]:
    return [given(f"{name}_{at}", Idea.id.type) for at in range(number)]


def _dealt(found: list[Any], place: _Place, limit: int, house: House | None) -> Listing:
    by_id = {row.id: row for row in found}
    shuffled = sorted((row for row in found if row.pile == 0), key=lambda row: row.order_key)
    in_turn = [row.id for row in shuffled]
    rare = sorted(
        (row for row in found if row.pile == 1), key=lambda row: (row.readers_count, row.id)
    )
    dealt, used = deal_mixed(in_turn, [row.id for row in rare], start=place.slot, size=limit)
    used_up = by_id[in_turn[used - 1]].order_key if used else place.used_up
    ahead = place.ahead + [one for one in dealt if by_id[one].order_key > used_up]
    ahead = [one for one in ahead if place.shuffle.key_of(one) > used_up]
    more = None
    if len(in_turn) > used:
        words = ".".join(str(one) for one in ahead)
        slot = (place.slot + len(dealt)) % LEAST_SEEN_SLOT
        more = encode_cursor(place.seed, place.shuffle.prime, used_up, slot, words)
    own = frozenset(one for one in dealt if getattr(by_id[one], "is_own", False))
    chosen = [by_id[one] for one in dealt]
    rows = [row_of(row) if house is None else lean_row_of(row, house) for row in chosen]
    return Listing(Page(rows, more), own)


def mixed_key(seed: int) -> ColumnElement[Any]:
    """A number that shuffles the ids, for those who sort by it: `rules.Shuffle.key_of` in SQL."""
    shuffle = shuffle_of(seed, shuffle_prime(2**30))
    numbers = (shuffle.factor, shuffle.shift, shuffle.prime)
    return _key(*(literal(number, BigInteger) for number in numbers))


def _key(
    factor: ColumnElement[int], shift: ColumnElement[int], prime: ColumnElement[int]
) -> ColumnElement[Any]:
    stepped = (sql_cast(Idea.id, BigInteger) * factor + shift) % prime
    return (stepped * stepped % prime) * stepped % prime
