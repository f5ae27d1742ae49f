"""The index in PostgreSQL: a table of tsvectors a kind, GIN over each column, no extension.

Must not know what is indexed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Integer, text

from ideas_app.adapters.fulltext.expressions import Expression, to_tsquery

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection, TextualSelect
    from sqlalchemy.orm import Session

    from ideas_app.adapters.fulltext.grams import Tokens

_COLUMNS = ("title", "whole", "sounds")


def create(kind: str) -> list[str]:
    """The statements that make the table of a kind."""
    columns = ", ".join(f"{column} tsvector NOT NULL" for column in _COLUMNS)
    made = [f"CREATE TABLE fulltext_{kind} (id integer PRIMARY KEY, {columns})"]
    # without the list of pending changes a search never pays for the writes before it
    made += [
        f"CREATE INDEX ix_fulltext_{kind}_{column} ON fulltext_{kind} USING gin ({column}) "
        "WITH (fastupdate = off)"
        for column in _COLUMNS
    ]
    return made


def drop(kind: str) -> list[str]:
    """The statement that takes it away."""
    return [f"DROP TABLE fulltext_{kind}"]


def put(connection: Connection, kind: str, rows: Iterable[tuple[int, Tokens]]) -> None:
    """Writes the tokens of some things in the place of what was there."""
    values = [
        {
            "id": key,
            "title": sorted(tokens.title),
            "whole": sorted(tokens.whole),
            "sounds": sorted(tokens.sounds),
        }
        for key, tokens in rows
    ]
    if not values:
        return
    vectors = ", ".join(f"array_to_tsvector(CAST(:{name} AS text[]))" for name in _COLUMNS)
    kept = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)
    statement = (
        f"INSERT INTO fulltext_{kind} (id, title, whole, sounds) VALUES (:id, {vectors}) "  # noqa: S608  # a kind, not input
        f"ON CONFLICT (id) DO UPDATE SET {kept}"
    )
    connection.execute(text(statement), values)


def remove(connection: Connection, kind: str, keys: Collection[int]) -> None:
    """Takes things out."""
    if keys:
        statement = text(f"DELETE FROM fulltext_{kind} WHERE id = ANY(:ids)")  # noqa: S608
        connection.execute(statement, {"ids": list(keys)})


def matching(kind: str, column: str, expression: Expression, name: str) -> TextualSelect:
    """A select of the ids that answer a question; `name` names its parameter."""
    query = text(f"SELECT id FROM fulltext_{kind} WHERE {column} @@ CAST(:{name} AS tsquery)")  # noqa: S608
    return query.bindparams(**{name: to_tsquery(expression)}).columns(id=Integer)


def frequencies(session: Session, kind: str, tokens: Collection[str]) -> tuple[dict[str, int], int]:
    """In how many things each token stands (those that stand nowhere left out), and how many things there are."""
    query = text(
        "SELECT t.term, (SELECT count(*) FROM fulltext_{kind} f "
        "WHERE f.whole @@ CAST(quote_literal(t.term) AS tsquery)) AS doc "
        "FROM unnest(CAST(:tokens AS text[])) AS t(term) "
        "UNION ALL SELECT '', count(*) FROM fulltext_{kind}".replace("{kind}", kind)
    )
    rows = session.execute(query, {"tokens": list(tokens)})
    found = {row.term: row.doc for row in rows if row.doc or not row.term}
    return found, found.pop("")


def ids(session: Session, kind: str) -> set[int]:
    """Everything that stands in the index."""
    return set(session.scalars(text(f"SELECT id FROM fulltext_{kind}")))  # noqa: S608


def clear(connection: Connection, kind: str) -> None:
    """Empties the index of a kind."""
    connection.execute(text(f"DELETE FROM fulltext_{kind}"))  # noqa: S608
