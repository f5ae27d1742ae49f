"""Ideas from paper or from before: a table of them, read row by row. Pure.

Must not know which ideas are stored already.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ideas_app.adapters.spreadsheets import cell_text, find_header
from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.rules.content import IdeaContent, faults_of
from ideas_app.programmes.rules.days import read_day
from ideas_app.programmes.rules.issues import Unreadable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from ideas_app.adapters.spreadsheets import Cell, Row, Table
    from ideas_app.campaigns.rules import CampaignRules

COLUMNS = {
    "title": ("제목", "title", "제안명", "아이디어"),
    "why": ("이유", "why", "까닭", "제안 이유", "내용"),
    "how": ("방법", "how", "제안 내용", "해결 방법"),
    "field": ("분야", "field"),
    "nickname": ("별명", "nickname", "닉네임"),
    "date": ("날짜", "date", "제안일", "접수일"),
}
"""Names by which a column is known, best first."""
NICKNAME_MAX = 20
_TITLE_MIN = 2
"""On paper people write shorter titles than a form lets them."""


class SheetSource(StrEnum):
    """How an idea without an account reached the centre."""

    PAPER = "paper"
    PHONE = "phone"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class PaperIdea:
    """One row: `row` is the number that a spreadsheet program shows beside it."""

    row: int
    content: IdeaContent
    pen_name: str
    written_on: date

    @property
    def key(self) -> tuple[str, str, date]:
        """Two rows with one key are the same sheet of paper."""
        return text.key(self.content.title), text.key(self.pen_name), self.written_on


@dataclass(frozen=True, slots=True)
class PaperReading:
    """What a table holds: ideas, and what is wrong with which row (0: the whole table)."""

    ideas: list[PaperIdea] = field(default_factory=list)
    faults: list[tuple[int, Fault]] = field(default_factory=list)


def read_papers(
    table: Table, rules: CampaignRules, fields: Mapping[str, str], *, today: date
) -> PaperReading:
    """Reads a table of ideas. `fields` maps a field's names and key to its key, the first being the default.

    A blank date is `today`; one to come is a fault, as is a blank title, reason or nickname.
    """
    header = find_header(table.rows, COLUMNS, needs=("title", "why"))
    if header is None:
        message = _l(
            "No row of titles was found: the columns “제목” (title) and “이유” (why) are needed."
        )
        return PaperReading(faults=[(0, Fault("file", "no_header", message))])
    reading = PaperReading()
    by_name = {text.key(name): key for name, key in fields.items()}
    shorter = on_paper(rules)
    for row in table.rows[header.place + 1 :]:
        _read_row(row, header.columns, reading, shorter, by_name, today)
    if not reading.ideas and not reading.faults:
        message = _l("The file holds no ideas.")
        reading.faults.append((0, Fault("file", "no_rows", message)))
    return reading


def on_paper(rules: CampaignRules) -> CampaignRules:
    """A campaign's rules as they are for paper: titles may be shorter."""
    return replace(rules, title_min=min(_TITLE_MIN, rules.title_min))


def sheet_faults(
    content: IdeaContent,
    pen_name: str,
    written_on: date | None,
    rules: CampaignRules,
    field_keys: Collection[str],
) -> list[Fault]:
    """Everything that keeps a sheet from being entered; `rules` as for paper, no day where it could not be
    read or lies in the future.
    """
    faults = faults_of(content, rules, field_keys)
    if not 0 < text.length(pen_name) <= NICKNAME_MAX:
        message = _l(
            "The nickname is missing or longer than %(most)s characters.", most=NICKNAME_MAX
        )
        faults.append(Fault("nickname", "nickname", message))
    if written_on is None:
        faults.append(Fault("date", "date", _l("The date cannot be read, or lies in the future.")))
    return faults


def _read_row(
    row: Row,
    columns: Mapping[str, int],
    reading: PaperReading,
    rules: CampaignRules,
    fields: Mapping[str, str],
    today: date,
) -> None:
    cells: dict[str, Cell] = {name: row.cells[place] for name, place in columns.items()}
    first = next(iter(fields.values()))
    content = IdeaContent(
        title=_text(cells.get("title")),
        why=_text(cells.get("why")),
        how=_text(cells.get("how")),
        field=fields.get(text.key(_text(cells.get("field"))), first),
    ).cleaned()
    pen_name = text.one_line(_text(cells.get("nickname")))
    written_on = _day(cells.get("date"), today)
    faults = sheet_faults(content, pen_name, written_on, rules, set(fields.values()))
    reading.faults.extend((row.number, fault) for fault in faults)
    if not faults and written_on is not None:
        reading.ideas.append(PaperIdea(row.number, content, pen_name, written_on))


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell_text(cell)


def _day(cell: Cell, today: date) -> date | None:
    try:
        day = read_day(cell, reference_on=today) or today
    except Unreadable:
        return None
    return day if day <= today else None
