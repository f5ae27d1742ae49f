"""Questions to the index: tokens joined by and/or, the same for both databases. Pure.

`None` stands for a question that nothing answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Column = Literal["title", "whole", "sounds"]


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the index, or the beginning of one."""

    text: str
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All of the parts."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One of the parts at least."""

    parts: tuple[Expression, ...]


Expression = Token | Every | Some


def every(parts: Iterable[Expression | None]) -> Expression | None:
    """All of the parts; nothing, where one of them has no answer or there are none."""
    found = list(dict.fromkeys(parts))
    if not found or None in found:
        return None
    kept = tuple(part for part in found if part is not None)
    return kept[0] if len(kept) == 1 else Every(kept)


def some(parts: Iterable[Expression | None]) -> Expression | None:
    """One of the parts that have an answer."""
    kept = tuple(dict.fromkeys(part for part in parts if part is not None))
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else Some(kept)


def parts_of(expression: Expression | None) -> Iterator[Token]:
    """Every token of a question."""
    if isinstance(expression, Token):
        yield expression
    elif expression is not None:
        for part in expression.parts:
            yield from parts_of(part)


def to_fts5(expression: Expression) -> str:
    """The question in the words of SQLite's FTS5, without its column."""
    if isinstance(expression, Token):
        return f'"{expression.text}"{"*" if expression.is_prefix else ""}'
    word = " AND " if isinstance(expression, Every) else " OR "
    return "(" + word.join(to_fts5(part) for part in expression.parts) + ")"


def to_tsquery(expression: Expression) -> str:
    """The question in the words of PostgreSQL's tsquery."""
    if isinstance(expression, Token):
        return f"'{expression.text}'{':*' if expression.is_prefix else ''}"
    word = " & " if isinstance(expression, Every) else " | "
    return "(" + word.join(to_tsquery(part) for part in expression.parts) + ")"
