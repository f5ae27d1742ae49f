"""Statements that are put together once: their text for each kind of database, and how their values come and go.

For the few that every page asks for. SQLAlchemy otherwise walks through a statement at each call to find out that it
knows its text already, and puts each row into an object of its own. Must not know any table.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam

from ideas_app.core.db import session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import BindParameter, Compiled, Dialect
    from sqlalchemy.sql.base import Executable
    from sqlalchemy.types import TypeEngine


def given(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    """A place in a prepared statement for a value that each call names."""
    return bindparam(name, None, type_=kind)


class Prepared:
    """A select with places made by `given`; all other values in it were given when it was made."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._texts: dict[str, _Text] = {}

    def all(self, **values: Any) -> list[Any]:
        """All rows, as named tuples. Raises `KeyError` for a value that is missing."""
        connection = session().connection()
        text = self._texts.get(connection.dialect.name)
        if text is None:
            text = _Text(self._statement, connection.dialect)
            self._texts[connection.dialect.name] = text
        result = connection.exec_driver_sql(text.sql, text.values(values))
        found = result.cursor.fetchall()
        result.close()
        return text.rows(found)


class _Text:
    """A statement in the words of one kind of database."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled: Compiled = statement.compile(
            dialect=dialect, compile_kwargs={"render_postcompile": True}
        )
        self.sql = str(compiled)
        self._given: dict[str, Any] = dict(compiled.params)
        self._wanted = {name for name, bound in compiled.binds.items() if not bound.unique}
        self._order: list[str] | None = compiled.positiontup
        self._inward: dict[str, Callable[[Any], Any]] = dict(compiled._bind_processors)  # noqa: SLF001
        for name, value in self._given.items():
            if name not in self._wanted and name in self._inward:
                self._given[name] = self._inward[name](value)
        columns = statement.selected_columns
        self._row = namedtuple("Row", [str(column.key) for column in columns])  # type: ignore[misc]  # noqa: PYI024
        processors = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ]
        self._outward = [(at, each) for at, each in enumerate(processors) if each is not None]

    def values(self, given: Mapping[str, Any]) -> Any:
        """The values in the order, or by the names, that the text has."""
        inward = self._inward
        own = {
            name: inward[name](given[name]) if name in inward else given[name]
            for name in self._wanted
        }
        every = {**self._given, **own}
        return every if self._order is None else tuple(every[name] for name in self._order)

    def rows(self, found: list[Any]) -> list[Any]:
        """Rows as the types of their columns want them."""
        make = self._row._make
        outward = self._outward
        if not outward:
            return [make(row) for row in found]
        made = []
        for row in found:
            values = list(row)
            for at, turn in outward:
                values[at] = turn(values[at])
            made.append(make(values))
        return made
