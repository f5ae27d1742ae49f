"""What one search knows of the index: how common its tokens are, and which keys the blocks propose, newest first.

One statement for all tokens of a question. Must not know what is searched or how texts are ranked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, text

from ideas_app.adapters.fulltext import packed
from ideas_app.adapters.fulltext.blocks import ALL, SOUNDS, TITLE, WHOLE
from ideas_app.adapters.fulltext.expressions import Every, Token, parts_of
from ideas_app.core.db import session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import ModuleType

    from sqlalchemy import TextualSelect

    from ideas_app.adapters.fulltext.expressions import Column, Expression

_FIELDS: dict[Column, int] = {"title": TITLE, "whole": WHOLE, "sounds": SOUNDS}
_FREQUENCY, _NUMBER, _STALE = -1, -2, -3
"""Kinds of rows beside those of the blocks, told by their field."""


class Postings:
    """The lists of some tokens, read once for one search and never kept for another."""

    def __init__(self, kind: str, words: ModuleType) -> None:
        self.kind = kind
        self.words = words
        self.total = 0
        """How many texts there are."""
        self.fresh = 0
        """How many of them stand beside the blocks."""
        self._known: set[tuple[int, str]] = set()
        self._counts: dict[str, int] = {}
        self._held: dict[str, int] = {}
        self._rows: dict[tuple[int, str], dict[int, bytes | None]] = {}
        self._bits: dict[tuple[int, str, int], int] = {}
        self._stale: dict[int, int] = {}
        self._stale_number = 0
        self._is_loaded = False

    @property
    def has_blocks(self) -> bool:
        """Whether anything stands in blocks."""
        return (ALL, "") in self._rows

    # -- reading -----------------------------------------------------------------------------------

    def count(self, tokens: Iterable[str], beside: Iterable[str] = ()) -> Mapping[str, int]:
        """In how many texts each token stands, in title or body.

        `beside`: tokens that will be asked for too, so that they come with the same statement.
        """
        tokens = list(tokens)
        self._load(WHOLE, [*tokens, *beside], tokens)
        return {token: self._counts.get(token, 0) for token in tokens}

    def load(self, questions: Iterable[tuple[Column, Expression]]) -> None:
        """Reads what the blocks know of some questions, if there are any and it is not known yet."""
        tokens: dict[int, list[str]] = {}
        for column, expression in questions:
            field = SOUNDS if column == "sounds" else WHOLE
            tokens.setdefault(field, []).extend(each.text for each in parts_of(expression))
        for field, asked in tokens.items():
            self._load(field, asked)

    def _load(self, field: int, tokens: Iterable[str], counted: Iterable[str] = ()) -> None:
        asked = [token for token in dict.fromkeys(tokens) if (field, token) not in self._known]
        counted = [token for token in dict.fromkeys(counted) if token not in self._counts]
        if self._is_loaded and not counted and not (asked and self.has_blocks):
            return
        values: dict[str, Any] = {"tokens": self.words.listed(asked)}
        if counted:
            values["counted"] = self.words.listed(counted)
        query = text(self._statement(field, counts=bool(counted)))
        fresh = dict.fromkeys(counted, 0)
        stale: list[int] = []
        for kind, token, number, held, keys in session().execute(query, values):
            if kind >= 0:
                self._take(kind, token, number, held, keys)
            elif kind == _FREQUENCY:
                fresh[token] = number
            elif kind == _STALE:
                stale.append(number)
            else:
                self.fresh = number
                self.total += number
        self._known.update((field, token) for token in asked)
        if not self._is_loaded:
            self._is_loaded = True
            self._pass_over(stale)
        for token, number in fresh.items():
            self._counts[token] = number + self._number_of(token)

    def _statement(self, field: int, *, counts: bool) -> str:
        """The rows of the blocks; beside them how many texts hold a token, how many there are, which are stale."""
        block = f"fulltext_{self.kind}_block"
        fields = f"{TITLE}, {WHOLE}" if field == WHOLE else str(field)
        among = self.words.among("token", "tokens")
        parts = [
            f"SELECT field, token, block, held, keys FROM {block} WHERE field IN ({fields}) AND {among}"  # noqa: S608  # a kind, not input
        ]
        if counts:
            often = self.words.frequencies(self.kind, "counted")
            parts.append(f"SELECT {_FREQUENCY}, f.*, 0, NULL FROM ({often}) f")  # noqa: S608
        if not self._is_loaded:
            all_of = f"field = {ALL} AND token = ''"
            parts += [
                f"SELECT field, token, block, held, NULL FROM {block} WHERE {all_of}",  # noqa: S608
                f"SELECT {_NUMBER}, '', {self.words.number(self.kind)}, 0, NULL",
                f"SELECT {_STALE}, '', id, 0, NULL FROM fulltext_{self.kind}_stale",  # noqa: S608
            ]
        return " UNION ALL ".join(parts)

    def _take(self, field: int, token: str, block: int, held: int, keys: bytes | None) -> None:
        self._rows.setdefault((field, token), {})[block] = keys
        if field == WHOLE:
            self._held[token] = self._held.get(token, 0) + held
        elif field == ALL:
            self.total += held

    def _pass_over(self, stale: list[int]) -> None:
        by_block: dict[int, list[int]] = {}
        for key in stale:
            by_block.setdefault(key // packed.BLOCK, []).append(key % packed.BLOCK)
        self._stale = {block: packed.join(keys) for block, keys in by_block.items()}
        self._stale_number = len(stale)
        self.total = max(self.total - len(stale), 0)

    def _number_of(self, token: str) -> int:
        """How many texts of the blocks hold a token: to the last one where what is stale could make it none."""
        held = self._held.get(token, 0)
        if not 0 < held <= self._stale_number:
            return held
        return sum(
            (self._set_of(WHOLE, token, block) & ~self._stale.get(block, 0)).bit_count()
            for block in self._rows[WHOLE, token]
        )

    # -- asking ------------------------------------------------------------------------------------

    def newest(self, column: Column, expression: Expression, most: int) -> list[int]:
        """The newest keys in the blocks that answer a question, at most so many."""
        field = _FIELDS[column]
        found: list[int] = []
        for block in self._blocks():
            bits = self._answer(field, expression, block) & ~self._stale.get(block, 0)
            for offset in packed.part_newest(bits):
                found.append(block * packed.BLOCK + offset)
                if len(found) == most:
                    return found
        return found

    def heaviest(self, weights: Mapping[str, tuple[int, int]], most: int) -> list[int]:
        """The keys in the blocks that hold tokens of the most weight, at most so many, of equals the newest.

        By token what it weighs anywhere in a text, and what more in its title: small whole numbers.
        """
        self._load(WHOLE, weights)
        best: list[tuple[int, int]] = []
        for block in self._blocks():
            sets = []
            for token, (anywhere, more) in weights.items():
                sets.append((self._set_of(WHOLE, token, block), anywhere))
                sets.append((self._set_of(TITLE, token, block), more))
            stale = ~self._stale.get(block, 0)
            room = most
            for weight, bits in packed.weigh(
                (bits & stale, weight) for bits, weight in sets if bits
            ):
                for offset in packed.part_newest(bits):
                    best.append((weight, block * packed.BLOCK + offset))
                    room -= 1
                    if not room:
                        break
                if not room:
                    break
        return [key for _weight, key in sorted(best, reverse=True)[:most]]

    def listed(self, keys: Sequence[int], name: str) -> TextualSelect:
        """A select of given keys; `name` names its parameter."""
        query = text(self.words.proposed(name)).bindparams(**{name: self.words.listed(keys)})
        return query.columns(id=Integer)

    def _blocks(self) -> list[int]:
        return sorted(self._rows.get((ALL, ""), ()), reverse=True)

    def _set_of(self, field: int, token: str, block: int) -> int:
        place = (field, token, block)
        if place not in self._bits:
            keys = self._rows.get((field, token), {}).get(block)
            self._bits[place] = packed.unpack(bytes(keys)) if keys is not None else 0
        return self._bits[place]

    def _answer(self, field: int, expression: Expression, block: int) -> int:
        if isinstance(expression, Token):
            return self._set_of(field, expression.text, block)
        if isinstance(expression, Every):
            bits = -1
            for part in expression.parts:
                bits &= self._answer(field, part, block)
                if not bits:
                    break
            return bits
        bits = 0
        for part in expression.parts:
            bits |= self._answer(field, part, block)
        return bits
