"""The index in SQLite: an FTS5 table a kind, its tokens cut by us and parted by spaces.

Must not know what is indexed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, text

from ideas_app.adapters.fulltext.expressions import Expression, to_fts5

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection, TextualSelect
    from sqlalchemy.orm import Session

    from ideas_app.adapters.fulltext.grams import Tokens

# detail=column: positions are not asked for, a match is confirmed against the text itself
_OPTIONS = "tokenize='unicode61 remove_diacritics 0', detail=column, prefix='1'"
_CREATE = (
    f"CREATE VIRTUAL TABLE fulltext_{{kind}} USING fts5(title, whole, sounds, {_OPTIONS})",
    "CREATE VIRTUAL TABLE fulltext_{kind}_terms USING fts5vocab(fulltext_{kind}, col)",
)


_CREATE_BLOCKS = (
    (
        "CREATE TABLE fulltext_{kind}_block (field INTEGER NOT NULL, token TEXT NOT NULL, "
        "block INTEGER NOT NULL, held INTEGER NOT NULL, keys BLOB NOT NULL)"
    ),
    "CREATE UNIQUE INDEX ix_fulltext_{kind}_block ON fulltext_{kind}_block (field, token, block)",
    "CREATE TABLE fulltext_{kind}_stale (id INTEGER PRIMARY KEY)",
)


def create(kind: str) -> list[str]:
    """The statements that make the tables of a kind."""
    return [statement.format(kind=kind) for statement in _CREATE]


def create_blocks(kind: str) -> list[str]:
    """The statements that make the tables of its blocks, see `blocks`."""
    return [statement.format(kind=kind) for statement in _CREATE_BLOCKS]


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


def listed(values: Iterable[int] | Iterable[str]) -> str:
    """Values as one parameter."""
    return json.dumps(list(values), ensure_ascii=False)


def among(column: str, name: str) -> str:
    """A condition: the column is one of the texts of a parameter that `listed` made."""
    return f"{column} IN (SELECT value FROM json_each(:{name}))"  # noqa: S608  # names, not input


def proposed(name: str) -> str:
    """A select of the numbers of a parameter that `listed` made."""
    return f"SELECT value AS id FROM json_each(:{name})"  # noqa: S608


def frequencies(kind: str, tokens: str) -> str:
    """A select of each token of a parameter and in how many things it stands; those of 0 may be left out."""
    return (
        f"SELECT term, doc FROM fulltext_{kind}_terms "  # noqa: S608  # a kind, not input
        f"WHERE {among('term', tokens)} AND col = 'whole'"
    )


def number(kind: str) -> str:
    """An expression: how many things stand in the index."""
    return f"(SELECT count(*) FROM fulltext_{kind}_docsize)"  # noqa: S608


def take(
    connection: Connection, kind: str, most: int
) -> Iterator[tuple[int, list[str], list[str], list[str]]]:
    """Takes the oldest things out, those with a stale entry in a block left aside: key and tokens by column."""
    query = text(
        f"SELECT rowid, title, whole, sounds FROM fulltext_{kind} "  # noqa: S608
        f"WHERE rowid NOT IN (SELECT id FROM fulltext_{kind}_stale) ORDER BY rowid LIMIT :most"
    )
    rows = connection.execute(query, {"most": most}).all()
    remove(connection, kind, [row[0] for row in rows])
    for key, title, whole, sounds in rows:
        yield key, title.split(), whole.split(), sounds.split()


def claim_blocks(_connection: Connection, _kind: str) -> None:
    """Nothing to do: whoever writes is the only one."""


def mark_stale(connection: Connection, kind: str, keys: Collection[int]) -> None:
    """Notes keys whose entry in a block no longer holds: those that do not stand in the index beside the blocks."""
    statement = text(
        f"INSERT OR IGNORE INTO fulltext_{kind}_stale (id) SELECT value FROM json_each(:keys) "  # noqa: S608
        f"WHERE value NOT IN (SELECT id FROM fulltext_{kind}_docsize) "
        f"AND EXISTS (SELECT 1 FROM fulltext_{kind}_block)"
    )
    connection.execute(statement, {"keys": listed(keys)})


def ids(session: Session, kind: str) -> set[int]:
    """Everything that stands in the index."""
    return set(session.scalars(text(f"SELECT id FROM fulltext_{kind}_docsize")))  # noqa: S608


def clear(connection: Connection, kind: str) -> None:
    """Empties the index of a kind: made anew, because FTS5 reads every text again to delete it."""
    for statement in (*drop(kind), *create(kind)):
        connection.execute(text(statement))
