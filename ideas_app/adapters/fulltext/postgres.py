"""The index in PostgreSQL: a table of tsvectors a kind, GIN over each column, no extension.

Must not know what is indexed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Integer, text

from ideas_app.adapters.fulltext.expressions import Expression, to_tsquery

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

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


def create_blocks(kind: str) -> list[str]:
    """The statements that make the tables of its blocks, see `blocks`."""
    return [
        (
            f"CREATE TABLE fulltext_{kind}_block (field smallint NOT NULL, "
            'token text COLLATE "C" NOT NULL, block integer NOT NULL, held integer NOT NULL, '
            "keys bytea NOT NULL, PRIMARY KEY (field, token, block))"
        ),
        # packed already: the server need not try it again
        f"ALTER TABLE fulltext_{kind}_block ALTER COLUMN keys SET STORAGE EXTERNAL",
        f"CREATE TABLE fulltext_{kind}_stale (id integer PRIMARY KEY)",
    ]


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


def listed(values: Iterable[int] | Iterable[str]) -> list[int] | list[str]:
    """Values as one parameter."""
    return list(values)  # type: ignore[return-value]  # of one type, whichever


def among(column: str, name: str) -> str:
    """A condition: the column is one of the texts of a parameter that `listed` made."""
    return f"{column} = ANY(CAST(:{name} AS text[]))"


def proposed(name: str) -> str:
    """A select of the numbers of a parameter that `listed` made."""
    return f"SELECT unnest(CAST(:{name} AS integer[])) AS id"


def frequencies(kind: str, tokens: str) -> str:
    """A select of each token of a parameter and in how many things it stands; those of 0 may be left out."""
    return (
        f"SELECT t.term, (SELECT count(*) FROM fulltext_{kind} f "  # noqa: S608  # a kind, not input
        "WHERE f.whole @@ CAST(quote_literal(t.term) AS tsquery)) "
        f"FROM unnest(CAST(:{tokens} AS text[])) AS t(term)"
    )


def number(kind: str) -> str:
    """An expression: how many things stand in the index."""
    return f"(SELECT count(*) FROM fulltext_{kind})"  # noqa: S608


def take(
    connection: Connection, kind: str, most: int
) -> Iterator[tuple[int, list[str], list[str], list[str]]]:
    """Takes the oldest things out, those with a stale entry in a block left aside: key and tokens by column."""
    arrays = ", ".join(f"tsvector_to_array({column})" for column in _COLUMNS)
    # what somebody is just changing is left for the next time: nobody waits for it, nor it for them
    query = text(
        f"DELETE FROM fulltext_{kind} WHERE id IN (SELECT id FROM fulltext_{kind} f "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT 1 FROM fulltext_{kind}_stale s WHERE s.id = f.id) "
        f"ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED) RETURNING id, {arrays}"
    )
    yield from sorted(tuple(row) for row in connection.execute(query, {"most": most}))


def claim_blocks(connection: Connection, kind: str) -> None:
    """Until the end of the transaction nobody else writes the blocks; whoever reads them does not wait."""
    connection.execute(text(f"LOCK TABLE fulltext_{kind}_block IN SHARE ROW EXCLUSIVE MODE"))


def mark_stale(connection: Connection, kind: str, keys: Collection[int]) -> None:
    """Notes keys whose entry in a block no longer holds: those that do not stand in the index beside the blocks.

    The lock makes it wait for whoever is just moving one of them into a block.
    """
    statement = text(
        f"WITH here AS (SELECT id FROM fulltext_{kind} WHERE id = ANY(:keys) FOR UPDATE) "  # noqa: S608
        f"INSERT INTO fulltext_{kind}_stale (id) SELECT k.id FROM unnest(CAST(:keys AS integer[])) AS k(id) "
        f"WHERE k.id NOT IN (SELECT id FROM here) AND EXISTS (SELECT 1 FROM fulltext_{kind}_block) "
        "ON CONFLICT DO NOTHING"
    )
    connection.execute(statement, {"keys": list(keys)})


def ids(session: Session, kind: str) -> set[int]:
    """Everything that stands in the index."""
    return set(session.scalars(text(f"SELECT id FROM fulltext_{kind}")))  # noqa: S608


def clear(connection: Connection, kind: str) -> None:
    """Empties the index of a kind."""
    connection.execute(text(f"DELETE FROM fulltext_{kind}"))  # noqa: S608
