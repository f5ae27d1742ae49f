"""The index in SQLite: an FTS5 table a kind, its tokens cut by us and parted by spaces.

Must not know what is indexed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, text

from ideas_app.adapters.fulltext.expressions import Expression, to_fts5

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection, TextualSelect
    from sqlalchemy.orm import Session

    from ideas_app.adapters.fulltext.grams import Tokens

# detail=column: positions are not asked for, a match is confirmed against the text itself
_OPTIONS = "tokenize='unicode61 remove_diacritics 0', detail=column, prefix='1'"
_CREATE = (
    f"CREATE VIRTUAL TABLE fulltext_{{kind}} USING fts5(title, whole, sounds, {_OPTIONS})",
    "CREATE VIRTUAL TABLE fulltext_{kind}_terms USING fts5vocab(fulltext_{kind}, col)",
)


def create(kind: str) -> list[str]:
    """The statements that make the tables of a kind."""
    return [statement.format(kind=kind) for statement in _CREATE]


def drop(kind: str) -> list[str]:
    """The statements that take them away."""
    return [f"DROP TABLE fulltext_{kind}_terms", f"DROP TABLE fulltext_{kind}"]


def put(connection: Connection, kind: str, rows: Iterable[tuple[int, Tokens]]) -> None:
    """Writes the tokens of some things in the place of what was there."""
    values: list[dict[str, Any]] = [
        {
            "id": key,
            "title": " ".join(sorted(tokens.title)),
            "whole": " ".join(sorted(tokens.whole)),
            "sounds": " ".join(sorted(tokens.sounds)),
        }
        for key, tokens in rows
    ]
    if not values:
        return
    columns = "(rowid, title, whole, sounds) VALUES (:id, :title, :whole, :sounds)"
    statement = f"INSERT OR REPLACE INTO fulltext_{kind} {columns}"  # a kind, not input
    connection.execute(text(statement), values)


def remove(connection: Connection, kind: str, keys: Collection[int]) -> None:
    """Takes things out."""
    if keys:
        statement = text(f"DELETE FROM fulltext_{kind} WHERE rowid = :id")  # noqa: S608
        connection.execute(statement, [{"id": key} for key in keys])


def matching(kind: str, column: str, expression: Expression, name: str) -> TextualSelect:
    """A select of the ids that answer a question; `name` names its parameter."""
    query = text(f"SELECT rowid AS id FROM fulltext_{kind} WHERE fulltext_{kind} MATCH :{name}")  # noqa: S608
    return query.bindparams(**{name: f"{{{column}}} : {to_fts5(expression)}"}).columns(id=Integer)


def frequencies(session: Session, kind: str, tokens: Collection[str]) -> tuple[dict[str, int], int]:
    """In how many things each token stands (those that stand nowhere left out), and how many things there are."""
    marks = ", ".join(f":t{at}" for at in range(len(tokens)))
    query = text(
        f"SELECT term, doc FROM fulltext_{kind}_terms WHERE term IN ({marks}) AND col = 'whole' "  # noqa: S608
        f"UNION ALL SELECT '', count(*) FROM fulltext_{kind}_docsize"
    )
    values: dict[str, Any] = {f"t{at}": token for at, token in enumerate(tokens)}
    found = {row.term: row.doc for row in session.execute(query, values)}
    return found, found.pop("")


def ids(session: Session, kind: str) -> set[int]:
    """Everything that stands in the index."""
    return set(session.scalars(text(f"SELECT id FROM fulltext_{kind}_docsize")))  # noqa: S608


def clear(connection: Connection, kind: str) -> None:
    """Empties the index of a kind."""
    connection.execute(text(f"DELETE FROM fulltext_{kind}"))  # noqa: S608
