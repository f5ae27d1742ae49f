"""What the preview shows of a sheet: its columns with examples, its first rows. All of it masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.adapters.spreadsheets import cell_text, heading_key
from ideas_app.programmes.rules.columns import FIELDS
from ideas_app.programmes.rules.privacy import column_letter, mask_value

if TYPE_CHECKING:
    from ideas_app.adapters.spreadsheets import Cell
    from ideas_app.programmes.service import ReadRoster

EXAMPLES = 3
_NEVER_SHOWN = frozenset({"note"})
"""Free text may hold anything about anybody."""
SESSION_KEY = "session"
"""What a column of a meeting is read as: many columns may be."""
_TITLES = frozenset(heading_key(name) for names in FIELDS.values() for name in names)


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column: its letter, its title, the field that it serves ('' for none), examples."""

    place: int
    letter: str
    title: str
    field: str
    examples: str


def column_rows(read: ReadRoster) -> list[ColumnRow]:
    """The columns of the sheet in their order; none where no row of titles was found."""
    mapping = read.parsed.mapping
    if mapping is None:
        return []
    fields = {place: name for name, place in mapping.columns.items()}
    fields |= {each.place: SESSION_KEY for each in mapping.sessions}
    titles = {each.place: each.title for each in mapping.sessions}
    first = max(mapping.header_row, mapping.second_row or 0)
    below = [row for row in read.head if row.number > first]
    rows = []
    for place in range(read.width):
        name = fields.get(place, "")
        title = titles.get(place) or (mapping.titles[place] if place < len(mapping.titles) else "")
        shown = [] if not name or name in _NEVER_SHOWN else [row.cells[place] for row in below]
        texts = [mask_value(name, cell_text(cell)) for cell in shown if cell is not None]
        examples = ", ".join(list(dict.fromkeys(texts))[:EXAMPLES])
        rows.append(ColumnRow(place, column_letter(place), title, name, examples))
    return rows


def head_rows(read: ReadRoster) -> list[tuple[int, list[str]]]:
    """The first rows with their numbers, to find the row of titles by eye: only known titles stand whole."""
    return [(row.number, [_shown(cell) for cell in row.cells[:20]]) for row in read.head]


def _shown(cell: Cell) -> str:
    text = cell_text(cell)
    return text if not text or heading_key(text) in _TITLES else f"{text[:1]}…"
