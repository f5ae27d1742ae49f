"""Lists of ideas as plain rows: filters, orders, keyset cursors.

One statement for a page: an inner select finds the page's ids along an index, the outer one joins what a
card shows. No OFFSET, no COUNT.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, String, func, select

from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core.db import session
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.core.prepared import Prepared, answer_to, given
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.queries.one import readable_clause
from ideas_app.ideas.queries.orders import Order, first_of
from ideas_app.ideas.queries.rows import (
    IdeaRow,
    Own,
    lean_query,
    lean_row_of,
    row_of,
    rows_query,
)
from ideas_app.ideas.rules import LISTED
from ideas_app.programmes.models import Programme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select

    from ideas_app.campaigns.queries import House
    from ideas_app.core.prepared import Asked, Foreseen

PAGE = 20


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


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of ideas, and which of them are marked as the reader's own."""

    page: Page[IdeaRow]
    own: frozenset[int] = frozenset()


class Way(StrEnum):
    """How the ideas of a filter are best met."""

    PLAIN = "plain"
    """As the database thinks."""
    FEW = "few"
    """They are read and sorted."""
    LISTED = "listed"
    """Along the order's index, among the listed ones."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What makes two pages the same statement with other values."""

    filters: Filters
    limit: int
    goes_on: bool = False
    """Whether it begins after a cursor."""
    way: Way = Way.PLAIN
    drawn: int = 0
    """Ids drawn beforehand, among which the mixed order need not look further; 0 for all."""
    shuffled: int = 0
    """How many of the shuffle's next ideas the mixed order looks at."""
    rare: int = 0
    """How many of the least-read ideas it looks at."""
    passed: int = 0
    """Places for ids that it has dealt ahead."""

    @classmethod
    def of(cls, filters: Filters, limit: int, **more: Any) -> Shape:
        """The shape of a page under some filters: which are set counts, not to what."""
        programme = filters.programme if filters.programme in {None, "any"} else "one"
        named = replace(
            filters,
            campaign="one" if filters.campaign else None,
            field="one" if filters.field else None,
            programme=programme,
            q="",
        )
        return cls(named, limit, **more)


def values_of(filters: Filters) -> dict[str, Any]:
    """The named values that the clauses of some filters ask for."""
    values: dict[str, Any] = {}
    if filters.campaign:
        values["campaign"] = filters.campaign
    if filters.field:
        values["field"] = filters.field
    if filters.programme not in {None, "any"}:
        values["programme"] = filters.programme
    return values


def list_ordered(
    filters: Filters,
    *,
    limit: int = PAGE,
    after: str | None = None,
    among: Sequence[int] | None = None,
    own: Own | None = None,
    house: House | None = None,
    foreseen: Foreseen | None = None,
) -> Listing:
    """A page of ideas in an order other than mixed. One statement, two where a filter may leave few ideas; the cursor
    names the last row, so pages stand still under inserts. `among`: only these ideas. `own`: what to mark. `house`: the
    settings, if they are known, which need not be read with each idea then; raises `KeyError` where they are too old.
    `foreseen`: what was asked before, see `ordered_question`.
    """
    order = _order(filters.sort)
    if among is None:
        way = _way_to(filters)
        asked = _question(filters, limit, after, own, way, is_lean=house is not None)
        found = answer_to(asked, foreseen)
    else:
        house = None
        shape, values = _shaped(filters, limit, after, own, Way.PLAIN)
        found = list(session().execute(_ordered_query(shape, own, list(among)), values))
    rows = [row_of(row) if house is None else lean_row_of(row, house) for row in found[:limit]]
    more = None
    if len(found) > limit:
        last = found[limit - 1]
        more = encode_cursor(order.cursor(last.order_key), last.id)
    marked = frozenset(row.id for row in found[:limit] if own is not None and row.is_own)
    return Listing(Page(rows, more), marked)


def ordered_question(
    filters: Filters, *, after: str | None, own: Own | None, is_lean: bool, limit: int = PAGE
) -> Asked | None:
    """What `list_ordered` will ask; None where that takes a question of its own to know."""
    if _narrow(filters):
        return None
    return _question(filters, limit, after, own, Way.PLAIN, is_lean=is_lean)


def _question(
    filters: Filters, limit: int, after: str | None, own: Own | None, way: Way, *, is_lean: bool
) -> Asked:
    shape, values = _shaped(filters, limit, after, own, way)
    return _prepared(shape, own, is_lean=is_lean), values


def _shaped(
    filters: Filters, limit: int, after: str | None, own: Own | None, way: Way
) -> tuple[Shape, dict[str, Any]]:
    order = _order(filters.sort)
    values = values_of(filters) | ({} if own is None else own.values)
    key = decode_cursor(after, order.kind, int)
    bound = None if key is None else order.bound(key[0])
    if key is not None and bound is not None:
        values |= {"after_key": bound, "after_id": int(key[1])}
    return Shape.of(filters, limit, goes_on=bound is not None, way=way), values


_statements: dict[tuple[Shape, str, bool], Prepared] = {}
"""By shape, whether the reader's own are marked, and whether the settings are known: a few dozen at most, as filters
are on or off.
"""


def _prepared(shape: Shape, own: Own | None, *, is_lean: bool = False) -> Prepared:
    key = (shape, "" if own is None else own.name, is_lean)
    if key not in _statements:
        _statements[key] = Prepared(_ordered_query(shape, own, None, is_lean=is_lean))
    return _statements[key]


def _ordered_query(
    shape: Shape, own: Own | None, among: list[int] | None, *, is_lean: bool = False
) -> Select[*tuple[Any, ...]]:
    order = _order(shape.filters.sort)
    ids = select(Idea.id.label("id"), order.column.label("order_key"))
    ids = ids.where(*clauses_of(shape.filters, named=True))
    if among is not None:
        ids = ids.where(Idea.id.in_(among))
    if shape.way is Way.FEW:
        few = select(Idea.id).where(*_narrow(shape.filters, named=True)).correlate(None)
        ids = ids.where(Idea.id.in_(few))
    elif shape.way is Way.LISTED:
        ids = ids.where(Idea.is_listed.expression)
    page = first_of(ids, order.after() if shape.goes_on else [], order, shape.limit + 1)
    rows = lean_query if is_lean else rows_query
    return rows(own, page.c.order_key, page=page).order_by(
        *order.terms(page.c.order_key, page.c.id)
    )


_MANY = 3_000
"""Ideas of a filter that are read and sorted in about the time in which as many are met along an order's index."""


def _way_to(filters: Filters) -> Way:
    """How the ideas of a filter are best met; it leaves out nothing that the filters do not.

    Where it leaves many ideas they are met along the order's index, where it leaves few these are read and sorted.
    SQLite cannot know which by itself: it would read a million ideas for either. One short statement.
    """
    narrow = _narrow(filters)
    if not narrow:
        return Way.PLAIN
    some = select(Idea.id).where(*narrow).limit(_MANY).subquery()
    if session().scalars(select(func.count()).select_from(some)).one() < _MANY:
        return Way.FEW
    if filters.state is None or STATE_GROUPS[filters.state] <= LISTED:
        return Way.LISTED
    return Way.PLAIN


def _narrow(filters: Filters, *, named: bool = False) -> list[ColumnElement[bool]]:
    """The filter that may leave few ideas; empty where there is none."""
    if filters.programme == "any":
        return [Idea.programme_id.is_not(None)]
    if filters.programme:
        slug = given("programme", String()) if named else filters.programme
        grown = select(Programme.id).where(Programme.slug == slug)
        return [Idea.programme_id == grown.scalar_subquery()]
    if filters.state is not None:
        return [Idea.state.in_(STATE_GROUPS[filters.state])]
    return []


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


def clauses_of(filters: Filters, *, named: bool = False) -> list[ColumnElement[bool]]:
    """The conditions of the filters; the words of a search are asked of the index, see `search`.

    With `named` their values are left open, see `values_of`.
    """

    def value(name: str) -> Any:
        return given(name, String()) if named else getattr(filters, name)

    clauses: list[ColumnElement[bool]] = []
    if filters.state is None:
        clauses.append(Idea.is_listed.expression)
    else:
        clauses += [Idea.state.in_(STATE_GROUPS[filters.state]), readable_clause()]
    if filters.campaign:
        wanted = select(Campaign.id).where(Campaign.slug == value("campaign"))
        clauses.append(Idea.campaign_id == wanted.scalar_subquery())
    if filters.field:
        clauses.append(Idea.field_id.in_(select(Field.id).where(Field.key == value("field"))))
    if filters.programme == "any":
        clauses.append(Idea.programme_id.is_not(None))
    elif filters.programme:
        grown = select(Programme.id).where(Programme.slug == value("programme"))
        clauses.append(Idea.programme_id == grown.scalar_subquery())
    if filters.sort is Sort.DEBATED:
        clauses.append(Idea.debated_key > 0)
    return clauses
