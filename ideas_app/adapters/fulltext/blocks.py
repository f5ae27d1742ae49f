"""The old part of the index: for each token the keys that hold it, as bits, a block of 65,536 keys a row.

A database's own full text walks the list of every common pair of characters, so a search grows with the number
of texts. Here the lists are bits: "and" and "or" of them cost the same for rare and for common pairs, the newest
block is asked first, and it ends as soon as enough is found. What is new or changed stands beside the blocks, in
the database's own index, until `fold` moves it; what a block holds of a changed text is stale, and passed over
until `purge` has taken it out. A small site has no blocks at all. Must not know what is indexed.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ideas_app.adapters.fulltext import packed
from ideas_app.adapters.fulltext.packed import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import ModuleType

    from sqlalchemy import Connection

TITLE, WHOLE, SOUNDS, ALL = range(4)
"""The columns of the index as numbers; `ALL` holds one token, the empty one, for every key in the blocks."""
_ROWS_AT_ONCE = 500
FOLD_FROM = 3_000
"""So many texts beside the blocks are cheap to search; above it the oldest of them are folded."""
FOLD_AT_ONCE = 500
"""Texts of one fold: it holds SQLite's write lock for a second or two."""


class Gathered:
    """Keys by token, gathered until they are written: two bytes a token and text."""

    def __init__(self) -> None:
        self._keys: dict[int, tuple[defaultdict[str, array[int]], ...]] = {}

    def add(
        self, key: int, title: Iterable[str], whole: Iterable[str], sounds: Iterable[str]
    ) -> None:
        """Adds a text with its tokens.

        The first characters of pairs become tokens too: a word of one syllable is asked for by how pairs begin.
        """
        block, offset = divmod(key, BLOCK)
        if block not in self._keys:
            self._keys[block] = tuple(defaultdict(_no_keys) for _field in range(4))
        held = self._keys[block]
        for field, tokens in ((TITLE, title), (WHOLE, whole)):
            by_token = held[field]
            for token in {token[0] for token in tokens}.union(tokens):
                by_token[token].append(offset)
        by_token = held[SOUNDS]
        for token in sounds:
            by_token[token].append(offset)
        held[ALL][""].append(offset)

    def rows(self) -> Iterator[tuple[int, int, list[tuple[str, array[int]]]]]:
        """Block, field, and some of the tokens with their keys, in order."""
        for block, fields in sorted(self._keys.items()):
            for field, by_token in enumerate(fields):
                in_order = sorted(by_token.items())
                for at in range(0, len(in_order), _ROWS_AT_ONCE):
                    yield block, field, in_order[at : at + _ROWS_AT_ONCE]

    def write(self, connection: Connection, words: ModuleType, kind: str) -> None:
        """Writes everything into the blocks, beside what they hold, and forgets it."""
        for block, field, some in self.rows():
            known = _read(connection, words, kind, block, field, [token for token, _ in some])
            rows = [(token, *packed.add(known.get(token), offsets)) for token, offsets in some]
            _put(connection, kind, block, field, rows)
        self._keys.clear()


def _no_keys() -> array[int]:
    return array("H")


def _read(
    connection: Connection,
    words: ModuleType,
    kind: str,
    block: int,
    field: int,
    tokens: Sequence[str],
) -> dict[str, bytes]:
    """What a block holds of some tokens."""
    query = text(
        f"SELECT token, keys FROM fulltext_{kind}_block WHERE field = :field "  # noqa: S608  # a kind, not input
        f"AND {words.among('token', 'tokens')} AND block = :block"
    )
    values = {"field": field, "tokens": words.listed(tokens), "block": block}
    return {token: bytes(keys) for token, keys in connection.execute(query, values)}


def _put(
    connection: Connection,
    kind: str,
    block: int,
    field: int,
    rows: Sequence[tuple[str, bytes, int]],
) -> None:
    statement = text(
        f"INSERT INTO fulltext_{kind}_block (field, token, block, held, keys) "  # noqa: S608
        "VALUES (:field, :token, :block, :held, :keys) ON CONFLICT (field, token, block) "
        "DO UPDATE SET held = excluded.held, keys = excluded.keys"
    )
    values: list[dict[str, Any]] = [
        {"field": field, "token": token, "block": block, "held": number, "keys": keys}
        for token, keys, number in rows
    ]
    connection.execute(statement, values)


# -- upkeep ----------------------------------------------------------------------------------------


def fold(connection: Connection, words: ModuleType, kind: str, most: int = FOLD_AT_ONCE) -> int:
    """Moves the oldest texts that stand beside the blocks into them; how many. Call it in a transaction."""
    words.claim_blocks(connection, kind)
    gathered = Gathered()
    number = 0
    for key, title, whole, sounds in words.take(connection, kind, most):
        gathered.add(key, title, whole, sounds)
        number += 1
    gathered.write(connection, words, kind)
    return number


def is_due(connection: Connection, words: ModuleType, kind: str) -> bool:
    """Whether more texts stand beside the blocks than should."""
    waiting: int = connection.execute(text(f"SELECT {words.number(kind)}")).scalar_one()
    return waiting > FOLD_FROM


def is_stale(connection: Connection, kind: str) -> bool:
    """Whether a block holds something of a text that changed since."""
    query = text(f"SELECT 1 FROM fulltext_{kind}_stale LIMIT 1")  # noqa: S608
    return connection.execute(query).first() is not None


def purge(connection: Connection, words: ModuleType, kind: str) -> int:
    """Takes what is stale out of the block that has most of it; how many keys. Call it in a transaction."""
    if not is_stale(connection, kind):
        return 0
    words.claim_blocks(connection, kind)
    stale = text(
        f"SELECT id / {BLOCK} AS block, count(*) AS number FROM fulltext_{kind}_stale "  # noqa: S608
        "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
    )
    worst = connection.execute(stale).first()
    if worst is None:
        return 0  # another worker was faster
    block = worst.block
    taken = text(
        f"DELETE FROM fulltext_{kind}_stale WHERE id >= :first AND id < :end RETURNING id"  # noqa: S608
    )
    bounds = {"first": block * BLOCK, "end": (block + 1) * BLOCK}
    offsets = frozenset(key % BLOCK for key in connection.execute(taken, bounds).scalars().all())
    gone = packed.join(offsets)
    query = text(f"SELECT field, token, keys FROM fulltext_{kind}_block WHERE block = :block")  # noqa: S608
    emptied = []
    kept: dict[int, list[tuple[str, bytes, int]]] = {}
    for field, token, keys in connection.execute(query, {"block": block}):
        if not packed.may_hold(bytes(keys), offsets):
            continue
        bits = packed.unpack(bytes(keys))
        if bits & gone:
            bits &= ~gone
            if bits:
                kept.setdefault(field, []).append((token, packed.pack(bits), bits.bit_count()))
            else:
                emptied.append({"field": field, "token": token, "block": block})
    for field, rows in kept.items():
        _put(connection, kind, block, field, rows)
    if emptied:
        statement = text(
            f"DELETE FROM fulltext_{kind}_block "  # noqa: S608
            "WHERE field = :field AND token = :token AND block = :block"
        )
        connection.execute(statement, emptied)
    return gone.bit_count()


def clear(connection: Connection, words: ModuleType, kind: str) -> None:
    """Empties the blocks of a kind."""
    words.claim_blocks(connection, kind)
    connection.execute(text(f"DELETE FROM fulltext_{kind}_block"))  # noqa: S608
    connection.execute(text(f"DELETE FROM fulltext_{kind}_stale"))  # noqa: S608


def keys(connection: Connection, kind: str) -> set[int]:
    """Every key that the blocks hold, what is stale left out."""
    query = text(f"SELECT block, keys FROM fulltext_{kind}_block WHERE field = {ALL}")  # noqa: S608
    held = {
        block * BLOCK + offset
        for block, bits in connection.execute(query)
        for offset in packed.part(packed.unpack(bytes(bits)))
    }
    return held - set(connection.execute(text(f"SELECT id FROM fulltext_{kind}_stale")).scalars())  # noqa: S608
