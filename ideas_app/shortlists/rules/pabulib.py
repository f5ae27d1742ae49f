"""Text of Pabulib (.pb) files: lenient reading, one canonical way of writing.

Format: pabulib.org/format. Approval ballots only; every idea costs one seat, so the costs of
foreign files are not read. Must not know how ballots are counted.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ideas_app.shortlists.rules.errors import TallyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SECTIONS = ("meta", "projects", "votes")
META_ORDER = (
    "description",
    "country",
    "unit",
    "subunit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
    "seats",
    "completion",
    "empty",
)
"""Canonical order of META: Pabulib's own keys as its documentation lists them, then ours; any
other key follows in the order of its characters."""
COMPUTED_META = frozenset({"num_projects", "num_votes", "budget", "vote_type", "empty"})
"""Written from the ballots themselves, therefore never kept beside them."""
APPROVAL_TYPES = ("approval", "choose-1")


@dataclass(slots=True)
class PabulibContent:
    """What a file says: `rows` counts equal ballots, each as ascending positions of ideas."""

    meta: dict[str, str] = field(default_factory=dict)
    ideas: dict[str, int] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    rows: Counter[tuple[int, ...]] = field(default_factory=Counter)
    empty: int = 0


def read_pabulib(text: str) -> PabulibContent:
    """The content of a Pabulib approval file; ideas keep the file's order, which breaks ties.

    Raises `TallyError` with the line: bad_format, duplicate_idea_id, duplicate_in_ballot,
    unknown_idea.
    """
    content = PabulibContent()
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";")
    section = ""
    header: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if cells[0].strip().lower() in SECTIONS:
                section = cells[0].strip().lower()
                header = [cell.strip().lower() for cell in next(reader, [])]
                _check_header(section, header, reader.line_num)
            elif section == "meta":
                _read_meta(content, cells, reader.line_num)
            elif section == "projects":
                _read_project(content, header, cells, reader.line_num)
            elif section == "votes":
                _read_vote(content, header.index("vote"), cells, reader.line_num)
            else:
                raise TallyError("bad_format", "The file must start with META.", line=1)
    except csv.Error as fault:
        message = f"Not a table with semicolons: {fault}."
        raise TallyError("bad_format", message, line=reader.line_num) from fault
    _finish(content)
    return content


def _check_header(section: str, header: list[str], line: int) -> None:
    if section == "votes" and "vote" not in header:
        raise TallyError("bad_format", "VOTES has no column named vote.", line=line)


def _read_meta(content: PabulibContent, cells: list[str], line: int) -> None:
    if len(cells) < 2:
        raise TallyError("bad_format", "A line of META needs a key and a value.", line=line)
    key, value = cells[0].strip(), cells[1].strip()
    if key == "vote_type" and value not in APPROVAL_TYPES:
        message = "Only approval ballots can be counted here."
        raise TallyError("bad_format", message, line=line)
    if key == "empty" and not (value.isascii() and value.isdigit()):
        raise TallyError("bad_format", "The number of empty ballots is no number.", line=line)
    content.meta[key] = value


def _read_project(content: PabulibContent, header: list[str], cells: list[str], line: int) -> None:
    idea = cells[0].strip()
    if idea in content.ideas:
        raise TallyError("duplicate_idea_id", f"Project {idea} stands twice.", line=line)
    content.ideas[idea] = len(content.ideas)
    column = header.index("name") if "name" in header else len(cells)
    content.titles.append(clean_text(cells[column]) if column < len(cells) else "")


def _read_vote(content: PabulibContent, column: int, cells: list[str], line: int) -> None:
    if column >= len(cells):
        raise TallyError("bad_format", "A line of VOTES has no vote.", line=line)
    names = [name for name in map(str.strip, cells[column].split(",")) if name]
    try:
        row = tuple(sorted(map(content.ideas.__getitem__, names)))
    except KeyError as fault:
        message = f"There is no project {fault.args[0]}."
        raise TallyError("unknown_idea", message, line=line) from fault
    if len(set(row)) != len(row):
        raise TallyError("duplicate_in_ballot", "A ballot names a project twice.", line=line)
    if row:
        content.rows[row] += 1
    else:
        content.empty += 1


def _finish(content: PabulibContent) -> None:
    if "vote_type" not in content.meta:
        raise TallyError("bad_format", "META does not say the vote_type.")
    if not content.ideas:
        raise TallyError("bad_format", "The file has no projects.")
    content.empty += int(content.meta.get("empty", "0"))
    if not any(content.titles):
        content.titles = []


def write_pabulib(
    meta: Iterable[tuple[str, str]],
    projects: Sequence[tuple[str, int, str]],
    ballots: Iterable[tuple[tuple[int, ...], int]],
) -> bytes:
    """Canonical bytes: UTF-8, LF, every project at cost 1, one line a ballot numbered from 1.

    `projects` are (id, approvals, title) in tie order, `ballots` are (positions, how many equal
    ones) already sorted. The column of titles is left out when no project has one.
    """
    has_titles = any(title for _, _, title in projects)
    lines = ["META", "key;value"]
    lines += [f"{quote_cell(key)};{quote_cell(value)}" for key, value in meta]
    lines += ["PROJECTS", "project_id;cost;votes" + (";name" if has_titles else "")]
    lines += [
        f"{idea};1;{votes}" + (f";{quote_cell(title)}" if has_titles else "")
        for idea, votes, title in projects
    ]
    lines += ["VOTES", "voter_id;vote"]
    number = 0
    for row, copies in ballots:
        vote = ",".join(projects[position][0] for position in row)
        lines += [f"{number + copy};{vote}" for copy in range(1, copies + 1)]
        number += copies
    return ("\n".join(lines) + "\n").encode()


def order_meta(entries: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """META entries in canonical order, their white space cleaned; computed keys are left out."""

    def place(entry: tuple[str, str]) -> tuple[int, str]:
        known = entry[0] in META_ORDER
        return (META_ORDER.index(entry[0]) if known else len(META_ORDER), entry[0])

    cleaned = {clean_text(key): clean_text(value) for key, value in entries}
    return tuple(sorted(((k, v) for k, v in cleaned.items() if k not in COMPUTED_META), key=place))


def clean_text(text: str) -> str:
    """One line, single spaces: some readers break lines at any Unicode line separator."""
    return " ".join(text.split())


def quote_cell(text: str) -> str:
    """The text as a cell between semicolons. Our own: `csv` quotes differently across versions."""
    if ";" in text or '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return text
