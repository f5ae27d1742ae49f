"""The one door to typst: a document of plain blocks becomes a tagged PDF (PDF/UA-1) with Hangul embedded.

The blocks travel as data beside a fixed template, so no text of a person can become markup. Every file
has its title, its language, page numbers and, in its foot, the day of the data. The same document gives
the same bytes. Must not know what is written.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ideas_app.adapters.formats import AS_OF_TITLES, printable, show_phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ideas_app.adapters.formats import Column, Language, Record, Value

_FOLDER = Path(__file__).parent
_TEMPLATE = (_FOLDER / "document.typ").read_text(encoding="utf-8")
_FONTS = _FOLDER.parent / "fonts"
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


Block = Heading | Paragraph | Facts | Entries | Grid | Picture | Code


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


def write_pdf(document: Document) -> bytes:
    """The file. Raises `typst.TypstError` only for a fault of the template."""
    plain = asdict(document) | {
        "as_of": f"{AS_OF_TITLES[document.lang]} {document.as_of.isoformat()}",
        "date": [document.as_of.year, document.as_of.month, document.as_of.day],
    }
    return _compile(json.dumps(plain, ensure_ascii=False, sort_keys=True), document.as_of)


def write_pdf_table(
    columns: Sequence[Column],
    rows: Iterable[Record],
    *,
    lang: Language,
    title: str,
    author: str,
    as_of: date,
    notes: Sequence[str] = (),
) -> bytes:
    """The same rows as the spreadsheets, as one table. Errors as `write_csv`."""
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
    return write_pdf(Document(title, "", author, lang, as_of, blocks, is_wide=wide))


def _cell(value: Value, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, int):
        return f"{value:,}" if column.kind == "int" else str(value)
    text = printable(str(value))
    return show_phone(text) if column.kind == "phone" else text


@lru_cache(maxsize=8)
def _compile(data: str, as_of: date) -> bytes:
    """A public link may be followed often: what was written last is not written again."""
    import typst

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "document.typ").write_text(_TEMPLATE, encoding="utf-8")
        (folder / "data.json").write_text(data, encoding="utf-8")
        made: Any = typst.compile(
            str(folder / "document.typ"),
            root=str(folder),
            font_paths=[str(_FONTS)],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC),
        )
    return bytes(made)
