"""The shape in which a room tells what happened to a thing and when, so that a page reads all rooms in one statement.

Each room gives a select of these four columns; whoever composes them joins the selects with UNION ALL.
Ids may be given as bound parameters, so that such a statement is put together once and not for every page.
Must not know any room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, Text, cast, literal, null

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

    Key = int | BindParameter[int] | BindParameter[int | None]


def told(
    kind: str | ColumnElement[str] | InstrumentedAttribute[str],
    at: ColumnElement[Any] | Any,
    *,
    number: Any = None,
    words: Any = None,
) -> tuple[ColumnElement[Any], ...]:
    """The columns `kind` (what happened), `at` (an instant), `number` (a version, or the id of what it
    leads to) and `words` (a reason or a title that everybody may read).
    """
    return (
        cast(kind if not isinstance(kind, str) else literal(kind), String(40)).label("kind"),
        at.label("at"),
        cast(null() if number is None else number, Integer).label("number"),
        cast(null() if words is None else words, Text).label("words"),
    )
