"""Statements that are put together once: their text for each kind of database, and how their values come and go.

For the few that every page asks for. SQLAlchemy otherwise walks through a statement at each call to find out that it
knows its text already, and puts each row into an object of its own. Must not know any table.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Engine, bindparam
from sqlalchemy.sql.visitors import replacement_traverse

from ideas_app.core import bursts
from ideas_app.core.db import db, reach, session
from ideas_app.core.readers import read_file, read_server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, Dialect
    from sqlalchemy.sql.base import Executable
    from sqlalchemy.types import TypeEngine


def given(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    """A place in a prepared statement for a value that each call names."""
    return bindparam(name, None, type_=kind)


class Prepared:
    """A statement with places made by `given`; all other values in it were given when it was made.

    `row`: the named tuple that its rows become, of whose fields the columns are the first; `rest` are the others.
    """

    def __init__(
        self, statement: Executable, row: type[Any] | None = None, rest: tuple[Any, ...] = ()
    ) -> None:
        self._statement = statement
        self._row = row
        self._rest = rest
        self._texts: dict[str, _Text] = {}
        self._numbered: _Text | None = None

    def all(self, **values: Any) -> list[Any]:
        """All rows, as named tuples. Raises `KeyError` for a value that is missing."""
        (found,) = all_together((self, values))
        return found

    def run(self, **values: Any) -> None:
        """Writes, within `transaction()`. Raises `KeyError` for a value that is missing."""
        self.all(**values)

    def rows(self, reached: Engine | Connection, values: Mapping[str, Any]) -> list[Any]:
        """The rows that one statement gives by itself, past the session or in its transaction."""
        text = self._text_for(reached.dialect)
        if isinstance(reached, Engine):
            return text.rows(read_file(reached, text.sql, text.values(values)))
        return text.rows(_ask(reached, text.sql, text.values(values)))

    def numbered(self, dialect: Dialect) -> _Text:
        """The text for PostgreSQL with numbered places, as its own protocol wants it."""
        if self._numbered is None:
            kind: Any = type(dialect)
            self._numbered = self._text(kind(paramstyle="numeric_dollar"))
        return self._numbered

    def _text_for(self, dialect: Dialect) -> _Text:
        if dialect.name not in self._texts:
            self._texts[dialect.name] = self._text(dialect)
        return self._texts[dialect.name]

    def _text(self, dialect: Dialect) -> _Text:
        return _Text(self._statement, dialect, self._row, self._rest)


Asked = tuple[Prepared, "Mapping[str, Any]"]


def all_together(*asked: Asked) -> list[list[Any]]:
    """The rows of each statement, as `Prepared.all` gives them; PostgreSQL is sent all at once. Each sees what is true
    when its turn comes.
    """
    held, together = _way()
    if not together:
        return [statement.rows(held, values) for statement, values in asked]
    texts = [statement.numbered(held.dialect) for statement, _values in asked]
    parts = [
        bursts.Sent(text.sent, text.values(values))
        for text, (_statement, values) in zip(texts, asked, strict=True)
    ]
    found = read_server(held, parts) if isinstance(held, Engine) else bursts.send(held, parts)
    return [text.rows(rows) for text, rows in zip(texts, found, strict=True)]


class Foreseen:
    """A question that is asked along with another, as somebody will most likely ask it next; and its rows."""

    def __init__(self, statement: Prepared, values: Mapping[str, Any]) -> None:
        self.asked: Asked = (statement, values)
        self.rows: list[Any] | None = None


def answer_to(asked: Asked, foreseen: Foreseen | None = None) -> list[Any]:
    """The rows of a question: those of the foreseen one where it is the same."""
    if foreseen is not None and foreseen.rows is not None and foreseen.asked == asked:
        return foreseen.rows
    statement, values = asked
    return statement.all(**values)


def goes_together() -> bool:
    """Whether what `all_together` is asked goes to the database at once: then one question more costs no way of its
    own, and what may turn out not to be needed can be asked along.
    """
    return _way()[1]


def _way() -> tuple[Engine | Connection, bool]:
    """What to ask, and whether statements can be sent to it together."""
    engine = _idle_engine()
    return (engine, engine.dialect.name != "sqlite") if engine is not None else reach()


def _idle_engine() -> Engine | None:
    """The engine to read from past the session, where none has begun yet: what is only read needs no transaction."""
    if db.session.registry.has():
        current = session()
        if current.in_transaction():
            return None
        engine = current.get_bind()
    else:
        engine = db.engine  # a connection, in tests
    return engine if isinstance(engine, Engine) else None


def _ask(held: Connection, sql: str, values: Any) -> list[Any]:
    """What came back, in the session's transaction; an empty list where nothing comes back."""
    if held.dialect.name != "sqlite":
        result = held.exec_driver_sql(sql, values)
        found = list(result.cursor.fetchall()) if result.returns_rows else []
        result.close()
        return found
    # the way through SQLAlchemy takes five times as long as SQLite itself
    for tell in held.dispatch.before_cursor_execute:
        tell(held, None, sql, values, None, False)  # noqa: FBT003  # as SQLAlchemy calls it
    raw: Any = held.connection.driver_connection
    try:
        return list(raw.execute(sql, values))
    except sqlite3.Error as fault:
        held._handle_dbapi_exception(fault, sql, None, None, None)  # noqa: SLF001  # told as always


class _Text:
    """A statement in the words of one kind of database."""

    def __init__(
        self, statement: Any, dialect: Dialect, row: Any = None, rest: tuple[Any, ...] = ()
    ) -> None:
        written = statement if dialect.name == "sqlite" else _with_numbers(statement)
        compiled: Any = written.compile(
            dialect=dialect, compile_kwargs={"render_postcompile": True}
        )
        self.sql = str(compiled)
        self.sent = self.sql.encode()
        self._given: dict[str, Any] = dict(compiled.params)
        self._wanted = {name for name, bound in compiled.binds.items() if not bound.unique}
        self._order: list[str] | None = compiled.positiontup
        self._inward: dict[str, Callable[[Any], Any]] = dict(compiled._bind_processors)  # noqa: SLF001
        for name, value in self._given.items():
            if name not in self._wanted and name in self._inward:
                self._given[name] = self._inward[name](value)
        columns = getattr(statement, "selected_columns", ())
        if row is None:
            row = _row_of([str(column.key) for column in columns])
        processors = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ]
        self._made = _maker_of(row, processors, rest)

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
        return list(map(self._made, found))


def _row_of(names: list[str]) -> Any:
    return namedtuple("Row", names)  # noqa: PYI024


def _with_numbers(statement: Any) -> Any:
    """The statement with its own whole numbers written out. PostgreSQL then knows how few rows a `LIMIT` leaves, and
    plans once; with a place in its stead it takes that for a tenth of the table, and plans anew at each call.
    """

    def write(element: Any, **_options: Any) -> Any:
        is_own = isinstance(element, BindParameter) and element.unique and not element.expanding
        return element.render_literal_execute() if is_own and type(element.value) is int else None

    return replacement_traverse(statement, {}, write)


def _maker_of(row: Any, processors: list[Any], rest: tuple[Any, ...]) -> Callable[[Any], Any]:
    """What makes a row of what a driver found: written out by place, as a loop over them takes four times as long."""
    values = "".join(
        f"found[{at}], " if turn is None else f"turn_{at}(found[{at}]), "
        for at, turn in enumerate(processors)
    )
    known = {f"turn_{at}": turn for at, turn in enumerate(processors)}
    known |= {"new": tuple.__new__, "row": row, "rest": rest}
    values += "*rest" if rest else ""
    # nothing of it comes from outside: numbers of places, as `namedtuple` itself is made
    made: Callable[[Any], Any] = eval(f"lambda found: new(row, ({values}))", known)  # noqa: S307
    return made
