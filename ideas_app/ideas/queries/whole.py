"""One idea with all that stands around it, in one statement of a plain row: what its page is made of.

To put an entity and its five neighbours together costs more than to ask the database for them, and this is the page
that is read most (`docs/performance.md`). What leaves here reads like the entity, for policies, rules and templates,
but nothing can be loaded or written through it. Campaign and field are those that the process keeps under a stamp,
which is read with the idea. Must not change anything.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Integer, select

from ideas_app.accounts.models import Account
from ideas_app.campaigns.models import Stamp
from ideas_app.campaigns.queries import CAMPAIGNS_STAMP, house_of
from ideas_app.core.prepared import given
from ideas_app.ideas.models import Family, Follow, Idea, Reading
from ideas_app.programmes.models import Programme

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, ColumnElement, Select

IDEA: BindParameter[int] = given("idea_id", Integer())
READER: BindParameter[int] = given("reader_id", Integer())
"""What `whole_query` and the columns that are added to it are asked with."""

# tables, not classes: such a statement goes past the mapper
_idea, _author, _programme, _family = (
    model.__table__ for model in (Idea, Account, Programme, Family)
)

# of the neighbours what a page of an idea can show, and no more: an account holds far more than a name
_SHOWN: dict[str, tuple[ColumnElement[Any], ...]] = {
    "author": (_author.c.nickname, _author.c.deleted_at),
    "programme": tuple(
        _programme.c[name] for name in ("id", "slug", "title", "title_en", "outcome")
    ),
    "family": tuple(
        _family.c[name]
        for name in ("id", "title", "formed_at", "split_at", "supports_count", "answered_at")
    ),
}
_NAMES = {part: tuple(str(column.key) for column in columns) for part, columns in _SHOWN.items()}
_OWN = tuple(str(column.key) for column in _idea.c)
_PLACES: dict[str, slice] = {}
_end = len(_OWN)
for _part, _columns in _SHOWN.items():
    _PLACES[_part] = slice(_end, _end + len(_columns))
    _end += len(_columns)


def whole_query() -> Select[*tuple[Any, ...]]:
    """The statement for `whole_of`, a row at most; asked with `IDEA`. Rooms above add columns."""
    stamp = select(Stamp.value).where(Stamp.name == CAMPAIGNS_STAMP).scalar_subquery()
    return (
        select(
            *_idea.c,
            *(
                column.label(f"its_{part}_{column.key}")
                for part, columns in _SHOWN.items()
                for column in columns
            ),
            stamp.label("stamp"),
        )
        .select_from(_idea)
        .join(_author, _author.c.id == _idea.c.author_id)
        .outerjoin(_programme, _programme.c.id == _idea.c.programme_id)
        .outerjoin(_family, _family.c.id == _idea.c.family_id)
        .where(_idea.c.id == IDEA)
    )


def reader_columns() -> tuple[ColumnElement[Any], ...]:
    """Columns for `whole_query`, asked with `READER`: `has_read` and `follows`."""
    read, follow = Reading.__table__, Follow.__table__
    has_read = select(read.c.idea_id).where(read.c.idea_id == IDEA, read.c.account_id == READER)
    follows = select(follow.c.idea_id).where(
        follow.c.idea_id == IDEA, follow.c.account_id == READER
    )
    return has_read.exists().label("has_read"), follows.exists().label("follows")


def whole_of(row: Any) -> Idea:
    """The idea of a row of `whole_query`, with its author, field, campaign (and its phases), programme and family."""
    # the idea's own columns come first, so that the others are left out where their names end
    found = SimpleNamespace(**dict(zip(_OWN, row, strict=False)))
    house = house_of(row.stamp)
    found.campaign = house.by_id[found.campaign_id]
    found.field = house.fields[found.field_id]
    found.author = _cut(row, "author")
    found.programme = _cut(row, "programme") if found.programme_id is not None else None
    found.family = _cut(row, "family") if found.family_id is not None else None
    return cast("Idea", found)


def _cut(row: Any, part: str) -> SimpleNamespace:
    return SimpleNamespace(**dict(zip(_NAMES[part], row[_PLACES[part]], strict=True)))
