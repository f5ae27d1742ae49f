"""One idea with all that stands around it, in one statement of plain rows: what its page is made of.

To put an entity and its five neighbours together costs more than to ask the database for them, and this is the page
that is read most (`docs/performance.md`). What leaves here reads like the entity, for policies, rules and templates,
but nothing can be loaded or written through it. Must not change anything.
"""

from __future__ import annotations

from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Integer, bindparam, select

from ideas_app.accounts.models import Account
from ideas_app.campaigns.models import Campaign, Field, Phase
from ideas_app.ideas.models import Family, Follow, Idea, Reading
from ideas_app.programmes.models import Programme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import BindParameter, ColumnElement, Row, Select

IDEA: BindParameter[int] = bindparam("idea_id", type_=Integer)
READER: BindParameter[int] = bindparam("reader_id", type_=Integer)
"""What `whole_query` and the columns that are added to it are asked with."""

# tables, not classes: such a statement goes past the mapper
_TABLES = tuple(
    model.__table__ for model in (Idea, Account, Field, Campaign, Programme, Family, Phase)
)
_idea, _author, _field, _campaign, _programme, _family, _phase = _TABLES

# of the neighbours what a page of an idea can show, and no more: an account holds far more than a name
_SHOWN: dict[str, tuple[ColumnElement[Any], ...]] = {
    "idea": tuple(_idea.c),
    "author": (_author.c.nickname, _author.c.deleted_at),
    "field": tuple(_field.c),
    "campaign": tuple(
        _campaign.c[name]
        for name in ("id", "slug", "title", "title_en", "year", "settings", "eligibility")
    ),
    "programme": tuple(
        _programme.c[name] for name in ("id", "slug", "title", "title_en", "outcome")
    ),
    "family": tuple(
        _family.c[name]
        for name in ("id", "title", "formed_at", "split_at", "supports_count", "answered_at")
    ),
    "phase": tuple(
        _phase.c[name]
        for name in ("position", "kind", "title", "title_en", "starts_at", "ends_at", "activities")
    ),
}
_NAMES = {part: tuple(str(column.key) for column in columns) for part, columns in _SHOWN.items()}
_PLACES: dict[str, slice] = {}
_end = 0
for _part, _columns in _SHOWN.items():
    _PLACES[_part] = slice(_end, _end + len(_columns))
    _end += len(_columns)


def whole_query() -> Select[*tuple[Any, ...]]:
    """The statement for `whole_of`, one row a phase of the campaign; asked with `IDEA`. Rooms above add columns."""
    return (
        select(*(column for columns in _SHOWN.values() for column in columns))
        .select_from(_idea)
        .join(_author, _author.c.id == _idea.c.author_id)
        .join(_field, _field.c.id == _idea.c.field_id)
        .join(_campaign, _campaign.c.id == _idea.c.campaign_id)
        .outerjoin(_programme, _programme.c.id == _idea.c.programme_id)
        .outerjoin(_family, _family.c.id == _idea.c.family_id)
        .outerjoin(_phase, _phase.c.campaign_id == _idea.c.campaign_id)
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


def whole_of(rows: Sequence[Row[*tuple[Any, ...]]]) -> Idea:
    """The idea of `whole_query`, with its author, field, campaign (and its phases), programme and family."""
    first = rows[0]
    found = _cut(first, "idea")
    found.author = _cut(first, "author")
    found.field = _cut(first, "field")
    found.campaign = _cut(first, "campaign")
    found.programme = _cut(first, "programme") if found.programme_id is not None else None
    found.family = _cut(first, "family") if found.family_id is not None else None
    phases = [_cut(row, "phase") for row in rows]
    found.campaign.phases = sorted(
        (phase for phase in phases if phase.kind is not None), key=attrgetter("position")
    )
    return cast("Idea", found)


def _cut(row: Row[*tuple[Any, ...]], part: str) -> SimpleNamespace:
    return SimpleNamespace(**dict(zip(_NAMES[part], row[_PLACES[part]], strict=True)))
