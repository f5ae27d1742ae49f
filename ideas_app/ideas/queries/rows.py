"""Lines of lists: what a card shows of an idea. Must not know filters or orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, func, join, select

from ideas_app.accounts.models import Account
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core.db import session
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.ideas.rules import shown_number
from ideas_app.programmes.models import Programme

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select, Subquery

    from ideas_app.campaigns.queries import House

_EXCERPT = 160


class IdeaRow(NamedTuple):
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


class Own(NamedTuple):
    """What a page of ideas is marked by for its reader: a condition on `Idea` with named values, and the values."""

    name: str
    clause: ColumnElement[bool]
    values: dict[str, Any]


_AUTHOR: tuple[Any, ...] = (
    Idea.author_id,
    Account.nickname,
    Idea.pen_name,
    Account.deleted_at.is_not(None).label("is_author_deleted"),
)
_STANDING: tuple[Any, ...] = (
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
"""What both shapes of a row have in common, in the order of `IdeaRow`."""


def rows_query(
    own: Own | None = None, *more: ColumnElement[Any], page: Subquery | None = None
) -> Select[*tuple[Any, ...]]:
    """What `IdeaRow` holds, then the year, what is asked for more, and the mark; of the ideas of `page`, or of all."""
    ideas = Idea if page is None else join(page, Idea, Idea.id == page.c.id)
    # outer joins although none of the first three can be missing: a planner then cannot begin with them
    query = (
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
            *_AUTHOR,
            Programme.slug.label("programme_slug"),
            Programme.title.label("programme_title"),
            Programme.title_en.label("programme_title_en"),
            *_STANDING,
            Campaign.year,
            *more,
        )
        .select_from(ideas)
        .outerjoin(Campaign, Campaign.id == Idea.campaign_id)
        .outerjoin(Field, Field.id == Idea.field_id)
        .outerjoin(Account, Account.id == Idea.author_id)
        .outerjoin(Programme, Programme.id == Idea.programme_id)
        .outerjoin(Family, Family.id == Idea.family_id)
    )
    return query if own is None else query.add_columns(own.clause.label("is_own"))


def lean_query(
    own: Own | None, *more: ColumnElement[Any], page: Subquery
) -> Select[*tuple[Any, ...]]:
    """The same without what the centre has set up - campaigns, fields, programmes: see `lean_row_of`."""
    query = (
        select(
            Idea.id,
            Idea.number,
            Idea.title,
            func.substr(Idea.why, 1, _EXCERPT).label("excerpt"),
            Idea.state,
            Idea.campaign_id,
            *_AUTHOR,
            *_STANDING,
            Idea.field_id,
            Idea.programme_id,
            *more,
        )
        .select_from(join(page, Idea, Idea.id == page.c.id))
        .outerjoin(Account, Account.id == Idea.author_id)
        .outerjoin(Family, Family.id == Idea.family_id)
    )
    return query if own is None else query.add_columns(own.clause.label("is_own"))


_NO_PROGRAMME = (None, None, None)
_line = tuple.__new__  # what the named tuple's own does, without counting its values again


def lean_row_of(row: Any, house: House) -> IdeaRow:
    """The line of a list from a row of `lean_query` and the settings. Raises `KeyError` where it belongs to something
    that was set up since these were read.
    """
    idea_id, number, title, excerpt, state, campaign_id = row[:6]
    slug, year = house.campaign_names[campaign_id]
    field_id, grown = row[19:21]
    return _line(
        IdeaRow,
        (
            idea_id,
            shown_number(year, number),
            title,
            "" if state is State.WITHDRAWN else excerpt,
            state,
            *house.field_names[field_id],
            campaign_id,
            slug,
            *row[6:10],
            *(_NO_PROGRAMME if grown is None else house.programmes[grown][1:]),
            *row[10:19],
        ),
    )


_WIDTH = len(IdeaRow._fields)


def row_of(row: Any) -> IdeaRow:
    """The line of a list from a row of `rows_query`."""
    idea_id, number, title, excerpt, state, *rest = row[:_WIDTH]
    told = "" if state is State.WITHDRAWN else excerpt
    return IdeaRow(idea_id, shown_number(row.year, number), title, told, state, *rest)


def list_rows(idea_ids: Sequence[int]) -> list[IdeaRow]:
    """The rows of given ideas, whatever their state, in the given order. For screens that know who may see them."""
    if not idea_ids:
        return []
    query = rows_query().where(Idea.id.in_(idea_ids))
    found = {row.id: row_of(row) for row in session().execute(query)}
    return [found[idea_id] for idea_id in idea_ids if idea_id in found]
