"""Orders of a list, and how a page goes on in one: along its index. Must not know filters or rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Integer, and_, select, union_all

from ideas_app.core.prepared import given
from ideas_app.ideas.models import Idea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select, Subquery


def first_of(
    ids: Select[Any], beyond: Sequence[ColumnElement[bool]], order: Order, number: int
) -> Subquery:
    """The first ids in an order, of those that fulfil one of some conditions; of all where there are none.

    A select a condition, each along the index: SQLite would walk all rows of the cursor's own key, and where
    nobody supports most ideas these are most of the list.
    """
    parts = [ids.where(each) for each in beyond] or [ids]
    legs = [part.order_by(*order.terms(order.column, Idea.id)).limit(number) for part in parts]
    if len(legs) == 1:
        return legs[0].subquery("page")
    both = union_all(*[select(leg.subquery()) for leg in legs]).subquery()
    first = select(both).order_by(*order.terms(both.c.order_key, both.c.id)).limit(number)
    return first.subquery("page")


@dataclass(frozen=True, slots=True)
class Order:
    """One order: the column it goes by, then the id, both in the same direction."""

    column: ColumnElement[Any]
    descending: bool = True
    is_instant: bool = False
    is_id: bool = False

    @property
    def kind(self) -> type:
        """What a cursor holds of the column."""
        return str if self.is_instant else int

    def terms(self, *columns: Any) -> list[ColumnElement[Any]]:
        """Columns in the order's direction."""
        return [each.desc() if self.descending else each.asc() for each in columns]

    def cursor(self, value: Any) -> int | str:
        """A value of the column as a cursor holds it."""
        return value.isoformat() if self.is_instant else int(value)

    def bound(self, value: int | str) -> Any:
        """The value of a cursor as the column holds it; None where it was tampered with: the list then starts anew."""
        return _instant(str(value)) if self.is_instant else value

    def after(self) -> list[ColumnElement[bool]]:
        """What comes after a row, in parts, by the names `after_key` and `after_id`."""
        last = given("after_id", Integer())
        if self.is_id:
            return [Idea.id < last]
        key = given("after_key", self.column.type)
        equal = self.column == key
        if self.descending:
            return [and_(equal, Idea.id < last), self.column < key]
        return [and_(equal, Idea.id > last), self.column > key]


def _instant(written: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(written)
    except ValueError:
        return None
    return instant if instant.tzinfo else None
