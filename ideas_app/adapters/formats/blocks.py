"""A document as plain blocks, from which each kind of file is made: PDF, HWPX.

The blocks are data, so no text of a person can become markup. Must not know what is written, nor how
a file is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.adapters.formats import AS_OF_TITLES, printable, show_phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ideas_app.adapters.formats import Column, Language, Record, Value

_SHORT = 12
"""Columns of so many characters never break a line."""
_NARROW = 80
"""A list whose columns are wider together, in characters of a spreadsheet, is laid across the page."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title; level 1 or 2."""

    text: str
    level: int = 1
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `is_small` for remarks."""

    text: str
    is_small: bool = False
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a term and what it is."""

    pairs: tuple[tuple[str, str], ...]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a numbered list: what stands first, its sentences, and figures beside."""

    mark: str
    title: str
    lines: tuple[str, ...] = ()
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Entries:
    """A list in which each line has sentences."""

    entries: tuple[Entry, ...]
    kind: str = "entries"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `numeric`: which columns are set right; `widths`: shares of the page,
    0 for as much as the column needs; equal if empty.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with the words that stand for it where it cannot be seen."""

    svg: str
    caption: str
    kind: str = "picture"


@dataclass(frozen=True, slots=True)
class Code:
    """A digest or a command, as it must be typed."""

    text: str
    kind: str = "code"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""

    kind: str = "break"


Block = Heading | Paragraph | Facts | Entries | Grid | Picture | Code | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A whole file. `about`: one line under the title; `author`: who publishes it."""

    title: str
    about: str
    author: str
    lang: Language
    as_of: date
    blocks: tuple[Block, ...]
    is_wide: bool = False
    mark: str = ""
    """Stands in the foot of each page of a working file: who took it, when, what for."""

    @property
    def foot(self) -> str:
        """What the foot of each page says: who publishes it, the day of the data, the mark."""
        as_of = f"{AS_OF_TITLES[self.lang]} {self.as_of.isoformat()}"
        return " · ".join(part for part in (self.author, as_of, self.mark) if part)


def describe_table(
    columns: Sequence[Column],
    rows: Iterable[Record],
    *,
    lang: Language,
    title: str,
    author: str,
    as_of: date,
    notes: Sequence[str] = (),
    mark: str = "",
) -> Document:
    """The same rows as the spreadsheets, as a document with one table. Errors as `write_csv`."""
    cells = tuple(tuple(_cell(row[column.key], column) for column in columns) for row in rows)
    grid = Grid(
        caption=title,
        head=tuple(column.title(lang) for column in columns),
        rows=cells,
        numeric=tuple(
            place for place, column in enumerate(columns) if column.kind in {"int", "decimal"}
        ),
        widths=tuple(min(column.width, 40) if column.width > _SHORT else 0 for column in columns),
    )
    blocks: tuple[Block, ...] = (*(Paragraph(note) for note in notes), grid)
    wide = sum(column.width for column in columns) > _NARROW
    return Document(title, "", author, lang, as_of, blocks, is_wide=wide, mark=mark)


def _cell(value: Value, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, int):
        return f"{value:,}" if column.kind == "int" else str(value)
    text = printable(str(value))
    return show_phone(text) if column.kind == "phone" else text
