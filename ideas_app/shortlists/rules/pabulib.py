"""Text of Pabulib (.pb) files: lenient reading, one canonical way of writing.

Format: pabulib.org/format. Every ballot is read as approvals and every idea costs one seat, so the
costs of foreign files are not read. Ballots of other kinds are adapted: of an ordinal one every
listed project counts as approved, of a cumulative or scoring one every listed project with more
than zero points (without a word on points: every listed one). What was adapted is told. Columns
that are not needed (age, sex, district ...) are never kept. Must not know how ballots are counted.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
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
POINT_TYPES = ("cumulative", "scoring")
VOTE_TYPES = ("approval", "choose-1", "ordinal", *POINT_TYPES)
ADAPTED_COSTS = "costs"
NOTHING = ("", "none")
"""How foreign files write an empty cell."""


@dataclass(slots=True)
class PabulibContent:
    """What a file says: `rows` counts equal ballots, each as ascending positions of ideas.

    `adapted`: what had to be read as something else: a type of votes, "costs", or both.
    """

    meta: dict[str, str] = field(default_factory=dict)
    ideas: dict[str, int] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    rows: Counter[tuple[int, ...]] = field(default_factory=Counter)
    empty: int = 0
    adapted: tuple[str, ...] = ()


def decode_pabulib(source: str | bytes) -> str:
    """The text of a file. Raises `TallyError` bad_format with the first line that is not UTF-8."""
    if isinstance(source, str):
        return source
    try:
        return source.decode()
    except UnicodeDecodeError as fault:
        line = source.count(b"\n", 0, fault.start) + 1
        raise TallyError("bad_format", "The file is not UTF-8 text.", line=line) from fault


def read_pabulib(text: str) -> PabulibContent:
    """The content of a Pabulib file; ideas keep the file's order, which breaks ties.

    Raises `TallyError` with the line: bad_format, duplicate_idea_id, duplicate_in_ballot,
    unknown_idea.
    """
    reading = _Reading()
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";")
    line = 1
    try:
        for cells in rows:
            reading.take(cells, line)
            line = rows.line_num + 1
    except csv.Error as fault:
        message = f"Not a table with semicolons: {fault}."
        raise TallyError("bad_format", message, line=line) from fault
    return reading.finish()


class _Reading:
    """Goes through a file row by row and knows in which section it stands."""

    def __init__(self) -> None:
        self.content = PabulibContent()
        self.section = ""
        self.header: list[str] | None = None
        self.vote = self.points = self.name = self.idea = self.cost = -1
        self.has_costs = False

    def take(self, cells: list[str], line: int) -> None:
        """Take in the cells of one row, which began in this line."""
        if self.section == "votes" and self.header is not None:
            self._take_vote(cells, line)
            return
        if not any(map(str.strip, cells)):
            return
        word = _find_section(cells)
        if word:
            self.section, self.header = word, None
        elif not self.section:
            raise TallyError("bad_format", "The file must start with META.", line=line)
        elif self.header is None:
            self._take_header([cell.strip().lower() for cell in cells], cells, line)
        elif any("\n" in cell and _swallows_votes(cell) for cell in cells):
            message = "A quotation mark that is opened here is never closed."
            raise TallyError("bad_format", message, line=line)
        elif self.section == "meta":
            self._take_meta(cells, line)
        else:
            self._take_project(cells, line)

    def _take_header(self, header: list[str], cells: list[str], line: int) -> None:
        self.header = header
        for column in {"projects": ("project_id",), "votes": ("vote",)}.get(self.section, ()):
            if column not in header:
                message = f"{self.section.upper()} has no column named {column}."
                raise TallyError("bad_format", message, line=line)

        def place(column: str) -> int:
            return header.index(column) if column in header else -1

        if self.section == "meta" and header[0] != "key":
            self._take_meta(cells, line)
        elif self.section == "projects":
            self.idea, self.name, self.cost = map(place, ("project_id", "name", "cost"))
        elif self.section == "votes":
            self.vote = place("vote")
            has_points = self.content.meta.get("vote_type") in POINT_TYPES
            self.points = place("points") if has_points else -1

    def _take_meta(self, cells: list[str], line: int) -> None:
        if len(cells) < 2:
            raise TallyError("bad_format", "A line of META needs a key and a value.", line=line)
        # A value with semicolons should stand in quotes, and does not always.
        key, value = cells[0].strip(), ";".join(cells[1:]).strip("; \t\r\n")
        if key.lower() in META_ORDER:
            key = key.lower()
        if key == "vote_type":
            value = value.lower()
            if value not in VOTE_TYPES:
                message = f"Ballots of the type {value!r} cannot be counted here."
                raise TallyError("bad_format", message, line=line)
        if key == "empty" and not (value.isascii() and value.isdigit()):
            raise TallyError("bad_format", "The number of empty ballots is no number.", line=line)
        if key and key.lower() not in SECTIONS:
            self.content.meta[key] = value

    def _take_project(self, cells: list[str], line: int) -> None:
        content = self.content
        idea = _cell(cells, self.idea)
        fault = find_id_fault(idea)
        if fault:
            raise TallyError("bad_format", fault, line=line)
        if idea in content.ideas:
            raise TallyError("duplicate_idea_id", f"Project {idea} stands twice.", line=line)
        content.ideas[idea] = len(content.ideas)
        content.titles.append(clean_text(_cell(cells, self.name)))
        self.has_costs = self.has_costs or _cell(cells, self.cost) not in ("", "1")

    def _take_vote(self, cells: list[str], line: int) -> None:
        content = self.content
        if self.vote >= len(cells):
            if any(map(str.strip, cells)) and not _find_section(cells):
                raise TallyError("bad_format", "A line of VOTES has no vote.", line=line)
            return
        names = [name for name in map(str.strip, cells[self.vote].split(",")) if name]
        if self.points >= 0:
            names = _keep_with_points(names, _cell(cells, self.points), line)
        try:
            row = tuple(sorted(map(content.ideas.__getitem__, names)))
        except KeyError as fault:
            if len(names) > 1 or names[0].lower() not in NOTHING:
                message = f"There is no project {clean_text(fault.args[0])[:40]}."
                raise TallyError("unknown_idea", message, line=line) from fault
            row = ()
        if len(set(row)) != len(row):
            raise TallyError("duplicate_in_ballot", "A ballot names a project twice.", line=line)
        if row:
            content.rows[row] += 1
        elif any(map(str.strip, cells)):
            content.empty += 1

    def finish(self) -> PabulibContent:
        """What was read, if it is whole."""
        content = self.content
        if "vote_type" not in content.meta:
            raise TallyError("bad_format", "META does not say the vote_type.")
        if not content.ideas:
            raise TallyError("bad_format", "The file has no projects.")
        if self.vote < 0:
            raise TallyError("bad_format", "The file has no VOTES.")
        content.empty += int(content.meta.get("empty", "0"))
        if not any(content.titles):
            content.titles = []
        said = content.meta["vote_type"]
        adapted = [said] if said in ("ordinal", *POINT_TYPES) else []
        content.adapted = (*adapted, *([ADAPTED_COSTS] if self.has_costs else []))
        return content


def find_id_fault(idea: str) -> str | None:
    """Why the id cannot stand in a file, None if it can.

    Readers of the format trim cells, split votes at commas and skip the word none.
    """
    is_word = idea and idea == clean_text(idea) and not any(sign in idea for sign in ',;"')
    if is_word and idea.lower() not in (*SECTIONS, "none"):
        return None
    return f"The id {idea!r} cannot stand in a Pabulib file."


def _find_section(cells: list[str]) -> str:
    word = cells[0].strip().lower() if cells else ""
    return word if word in SECTIONS and not any(map(str.strip, cells[1:])) else ""


def _swallows_votes(cell: str) -> bool:
    return "votes" in map(str.strip, cell.lower().split("\n"))


def _cell(cells: list[str], column: int) -> str:
    return cells[column].strip() if 0 <= column < len(cells) else ""


def _keep_with_points(names: list[str], points: str, line: int) -> list[str]:
    if points.lower() in NOTHING:
        return names
    try:
        given = [Fraction(word.strip()) for word in points.split(",")]
    except (ValueError, ZeroDivisionError) as fault:
        message = f"The points {points!r} are no numbers."
        raise TallyError("bad_format", message, line=line) from fault
    if len(given) != len(names):
        message = f"A ballot names {len(names)} projects but gives points to {len(given)}."
        raise TallyError("bad_format", message, line=line)
    return [name for name, worth in zip(names, given, strict=True) if worth > 0]


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
