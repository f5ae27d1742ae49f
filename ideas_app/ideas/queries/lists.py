"""Lists of ideas as plain rows: filters, orders, keyset cursors.

One statement for a page: an inner select finds the page's ids along an index, the outer one joins what a
card shows. No OFFSET, no COUNT.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, func, literal, select, union_all
from sqlalchemy import cast as sql_cast

from ideas_app.accounts.models import Account
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.core.tokens import keyed_hash
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.ideas.queries.one import readable_clause
from ideas_app.ideas.queries.orders import Order, first_of
from ideas_app.ideas.rules import LEAST_SEEN_SLOT, LISTED, deal_mixed, shown_number
from ideas_app.programmes.models import Programme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select

PAGE = 20
_EXCERPT = 160


class Sort(StrEnum):
    """Orders of the list."""

    MIXED = "mixed"
    NEW = "new"
    ACTIVE = "active"
    SUPPORTED = "supported"
    RATED = "rated"
    RISING = "rising"
    DEBATED = "debated"
    LEAST_READ = "least_read"


TELLING = frozenset({Sort.SUPPORTED, Sort.RATED, Sort.RISING, Sort.DEBATED})
"""Orders from which numbers of supports could be guessed."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked the list for; unknown words are passed over when it is read from an address."""

    campaign: str | None = None
    field: str | None = None
    state: str | None = None
    programme: str | None = None
    """A programme's slug, or `any` for ideas that grew out of some programme."""
    q: str = ""
    sort: Sort = Sort.MIXED

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered out."""
        return not (self.campaign or self.field or self.state or self.programme or self.q)


@dataclass(frozen=True, slots=True)
class IdeaRow:
    """An idea as lists show it: plain values, no entity."""

    id: int
    number: str
    title: str
    excerpt: str
    state: State
    field_key: str
    field_name: str
    field_name_en: str
    campaign_id: int
    campaign_slug: str
    author_id: int
    nickname: str
    pen_name: str | None
    is_author_deleted: bool
    programme_slug: str | None
    programme_title: str | None
    programme_title_en: str | None
    family_id: int | None
    family_title: str | None
    family_supports: int | None
    neighbourhood: str | None
    supports_count: int
    comments_count: int
    readers_count: int
    published_at: datetime | None
    active_at: datetime


STATE_GROUPS: dict[str, frozenset[State]] = {
    "gathering": frozenset({State.PUBLISHED}),
    "on_ballot": frozenset({State.ON_BALLOT}),
    "shortlisted": frozenset({State.SHORTLISTED}),
    "answered": frozenset({State.ANSWERED, State.DONE}),
    "rejected": frozenset({State.REJECTED}),
    "withdrawn": frozenset({State.WITHDRAWN}),
}
"""What `?state=` may ask for: a few groups that people understand."""


def read_filters(arguments: Mapping[str, str], *, default: Sort = Sort.MIXED) -> Filters:
    """The filters of an address. What it does not know it passes over; it never shows more for it.

    `default` is the order where none is asked for.
    """

    def word(name: str) -> str | None:
        return arguments.get(name, "").replace("\x00", "").strip()[:80] or None

    state = word("state")
    sort = word("sort")
    return Filters(
        campaign=word("campaign"),
        field=word("field"),
        state=state if state in STATE_GROUPS else None,
        programme=word("programme"),
        q=word("q") or "",
        sort=Sort(sort) if sort in set(Sort) else default,
    )


def list_ideas(
    *, campaign: str | None = None, sort: str = "new", limit: int = PAGE, after: str | None = None
) -> Page[IdeaRow]:
    """Listed ideas of one campaign or all, in one of the orders of `Sort`."""
    return list_filtered(Filters(campaign=campaign, sort=Sort(sort)), limit=limit, after=after)


def mixed_seed(account_id: int | None, address: str) -> int:
    """The seed of the mixed order: the same for one reader over one day, another the next day.

    A visitor is told from others by a keyed hash of their address, which is kept nowhere.
    """
    who = account_id or int(keyed_hash("mixed order", address)[:7], 16)
    return clock.today().toordinal() * 7919 + who


def list_filtered(
    filters: Filters,
    *,
    seed: int = 0,
    limit: int = PAGE,
    after: str | None = None,
    among: Sequence[int] | None = None,
) -> Page[IdeaRow]:
    """A page of ideas; the cursor names the last row, so pages stand still under inserts.

    One statement, two where a filter may leave few ideas.
    `seed` draws the mixed order: the same seed gives the same order; that order takes two statements.
    `among`: only these ideas, in an order other than mixed. The words of a search are not its matter:
    `search.list_filtered` stands before it.
    """
    if filters.sort is Sort.MIXED:
        return _list_mixed(filters, seed, limit=limit, after=after)
    order = _order(filters.sort)
    ids = select(Idea.id.label("id"), order.column.label("order_key")).where(*clauses_of(filters))
    way = _way_to(filters) if among is None else [Idea.id.in_(among)]
    ids = ids.where(*way)
    key = decode_cursor(after, order.kind, int)
    beyond = [] if key is None else order.after(key[0], int(key[1]))
    page = first_of(ids, beyond, order, limit + 1)
    query = (
        _rows_query()
        .add_columns(page.c.order_key)
        .join(page, page.c.id == Idea.id)
        .order_by(*order.terms(page.c.order_key, page.c.id))
    )
    found = session().execute(query).all()
    more = None
    if len(found) > limit:
        last = found[limit - 1]
        more = encode_cursor(order.cursor(last.order_key), last.id)
    return Page([_row(row) for row in found[:limit]], more)


_MANY = 3_000
"""Ideas of a filter that are read and sorted in about the time in which as many are met along an order's index."""


def _way_to(filters: Filters) -> list[ColumnElement[bool]]:
    """By which index a filter is best met; it leaves out nothing that the filters do not.

    Where it leaves many ideas they are met along the order's index, where it leaves few these are read and sorted.
    SQLite cannot know which by itself: it would read a million ideas for either. One short statement.
    """
    narrow: ColumnElement[bool]
    if filters.programme == "any":
        narrow = Idea.programme_id.is_not(None)
    elif filters.programme:
        grown = select(Programme.id).where(Programme.slug == filters.programme)
        narrow = Idea.programme_id == grown.scalar_subquery()
    elif filters.state is not None:
        narrow = Idea.state.in_(STATE_GROUPS[filters.state])
    else:
        return []
    some = select(Idea.id).where(narrow).limit(_MANY).subquery()
    if session().scalars(select(func.count()).select_from(some)).one() < _MANY:
        return [Idea.id.in_(select(Idea.id).where(narrow).correlate(None))]
    if filters.state is None or STATE_GROUPS[filters.state] <= LISTED:
        return [Idea.is_listed.expression]
    return []


_PRIME = 2_147_483_579
"""The largest prime below 2^31 that leaves 2 when divided by 3: cubing modulo it is one-to-one."""


def mixed_key(seed: int) -> ColumnElement[Any]:
    """A number that shuffles the ids: an affine step, then the cube, both one-to-one modulo a prime.

    A step alone would leave neighbours in even steps; the cube breaks that. All products stay
    below 2^63, so SQLite and PostgreSQL agree.
    """
    factor = 1 + (seed * 1_103_515_245 + 12_345) % (_PRIME - 1)
    shift = (seed * 69_069 + 907_133_923) % _PRIME
    stepped = (sql_cast(Idea.id, BigInteger) * literal(factor, BigInteger) + shift) % _PRIME
    return (stepped * stepped % _PRIME) * stepped % _PRIME


MIXED_MEMORY = 60
"""Ideas that a cursor of the mixed order can remember; with more of them ahead the shuffle goes on alone."""


def _list_mixed(filters: Filters, seed: int, *, limit: int, after: str | None) -> Page[IdeaRow]:
    """A page of the mixed order (`rules.deal_mixed`): two statements.

    The cursor holds the seed, the key up to which the shuffle is used up, the slot, and the least-seen
    ideas that were dealt ahead of the shuffle. So a page stands still although ideas come in, readers
    are counted or the day changes meanwhile: nothing comes twice.
    """
    seed, used_up, slot, ahead = _mixed_place(after, seed)
    key = mixed_key(seed)
    left = select(Idea.id, key.label("key")).where(*clauses_of(filters), key > used_up)
    if ahead:
        left = left.where(Idea.id.not_in(ahead))
    shuffled = left.order_by(key).limit(limit + 1).subquery()
    rare = left.order_by(Idea.readers_count, Idea.id).limit(limit + 1).subquery()
    rows = session().execute(
        union_all(
            select(literal(0).label("pile"), shuffled.c.id, shuffled.c.key),
            select(literal(1), rare.c.id, rare.c.key),
        )
    )
    piles: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for pile, idea_id, row_key in rows:
        piles[pile].append((idea_id, row_key))
    keys = dict(piles[0] + piles[1])
    in_turn = sorted((one for one, _key in piles[0]), key=keys.__getitem__)
    has_room = len(ahead) + limit // LEAST_SEEN_SLOT < MIXED_MEMORY
    least_seen = [one for one, _key in piles[1]] if has_room else []
    dealt, used = deal_mixed(in_turn, least_seen, start=slot, size=limit)
    if used:
        used_up = keys[in_turn[used - 1]]
    ahead = [one for one in ahead + dealt if keys.get(one, used_up + 1) > used_up]
    more = None
    if len(in_turn) > used:
        ahead_words = ".".join(str(one) for one in ahead)
        more = encode_cursor(seed, used_up, (slot + len(dealt)) % LEAST_SEEN_SLOT, ahead_words)
    return Page(list_rows(dealt), more)


def _mixed_place(after: str | None, seed: int) -> tuple[int, int, int, list[int]]:
    """Where a cursor of the mixed order stands; its beginning for a missing or spoilt one."""
    place = decode_cursor(after, int, int, int, str)
    if place is None:
        return seed, -1, 0, []
    words = [word for word in str(place[3]).split(".") if word.isascii() and word.isdigit()]
    ahead = [int(word) for word in words[:MIXED_MEMORY] if len(word) < 10]
    return int(place[0]), int(place[1]), int(place[2]) % LEAST_SEEN_SLOT, ahead


def _order(sort: Sort) -> Order:
    if sort is Sort.NEW:
        return Order(Idea.id.expression, is_id=True)
    if sort is Sort.ACTIVE:
        return Order(Idea.active_at.expression, is_instant=True)
    if sort is Sort.SUPPORTED:
        return Order(Idea.supports_count.expression)
    if sort is Sort.LEAST_READ:
        return Order(Idea.readers_count.expression, descending=False)
    columns = {
        Sort.RATED: Idea.rated_key,
        Sort.RISING: Idea.rising_key,
        Sort.DEBATED: Idea.debated_key,
    }
    return Order(columns[sort].expression)


def clauses_of(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions of the filters; the words of a search are asked of the index, see `search`."""
    clauses: list[ColumnElement[bool]] = []
    if filters.state is None:
        clauses.append(Idea.is_listed.expression)
    else:
        clauses += [Idea.state.in_(STATE_GROUPS[filters.state]), readable_clause()]
    if filters.campaign:
        wanted = select(Campaign.id).where(Campaign.slug == filters.campaign)
        clauses.append(Idea.campaign_id == wanted.scalar_subquery())
    if filters.field:
        clauses.append(Idea.field_id.in_(select(Field.id).where(Field.key == filters.field)))
    if filters.programme == "any":
        clauses.append(Idea.programme_id.is_not(None))
    elif filters.programme:
        grown = select(Programme.id).where(Programme.slug == filters.programme)
        clauses.append(Idea.programme_id == grown.scalar_subquery())
    if filters.sort is Sort.DEBATED:
        clauses.append(Idea.debated_key > 0)
    return clauses


def _rows_query() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Idea.id,
            Idea.number,
            Idea.title,
            func.substr(Idea.why, 1, _EXCERPT).label("excerpt"),
            Idea.state,
            Field.key.label("field_key"),
            Field.name.label("field_name"),
            Field.name_en.label("field_name_en"),
            Idea.campaign_id,
            Campaign.slug.label("campaign_slug"),
            Campaign.year,
            Idea.author_id,
            Account.nickname,
            Idea.pen_name,
            Account.deleted_at,
            Programme.slug.label("programme_slug"),
            Programme.title.label("programme_title"),
            Programme.title_en.label("programme_title_en"),
            Idea.family_id,
            Family.title.label("family_title"),
            Family.supports_count.label("family_supports"),
            Idea.neighbourhood,
            Idea.supports_count,
            Idea.comments_count,
            Idea.readers_count,
            Idea.published_at,
            Idea.active_at,
        )
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .join(Field, Field.id == Idea.field_id)
        .join(Account, Account.id == Idea.author_id)
        .outerjoin(Programme, Programme.id == Idea.programme_id)
        .outerjoin(Family, Family.id == Idea.family_id)
    )


def _row(row: Any) -> IdeaRow:
    values = row._asdict()
    year = values.pop("year")
    values.pop("order_key", None)
    values["number"] = shown_number(year, values["number"])
    values["is_author_deleted"] = values.pop("deleted_at") is not None
    if values["state"] is State.WITHDRAWN:
        values["excerpt"] = ""
    return IdeaRow(**values)


def list_rows(idea_ids: Sequence[int]) -> list[IdeaRow]:
    """The rows of given ideas, whatever their state, in the given order. For screens that know who may see them."""
    if not idea_ids:
        return []
    query = _rows_query().where(Idea.id.in_(idea_ids))
    found = {row.id: _row(row) for row in session().execute(query)}
    return [found[idea_id] for idea_id in idea_ids if idea_id in found]


def list_of_author(account_id: int) -> list[IdeaRow]:
    """A person's own ideas in every state, newest first."""
    query = _rows_query().where(Idea.author_id == account_id, Idea.pen_name.is_(None))
    return [_row(row) for row in session().execute(query.order_by(Idea.id.desc()))]
