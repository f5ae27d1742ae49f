"""A matrix of votes as a CSV file: rows people, columns ideas, cells 1, -1, 0 or nothing.

Must not know what is computed from it.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.opinion.rules.errors import MapError
from ideas_app.opinion.rules.votes import Votes

if TYPE_CHECKING:
    from collections.abc import Sequence

_VALUES = {
    **dict.fromkeys(("1", "+1", "1.0"), 1),
    **dict.fromkeys(("-1", "\N{MINUS SIGN}1", "-1.0"), -1),
    **dict.fromkeys(("0", "0.0", "-0.0"), 0),
}
_PEOPLE_HEADINGS = frozenset(
    {"", "id", "pid", "user", "voter", "person", "people", "participant", "account", "row", "name",
     "user_id", "voter_id", "person_id", "participant_id", "account_id", "voter-id", "person-id",
     "참여자", "참가자", "번호", "사람"}
)  # fmt: skip
_POLIS_EXTRAS = frozenset(
    {"group-id", "n-comments", "n-votes", "n-agree", "n-disagree", "xid", "n-passes"}
)
"""Columns that the export of Polis puts between the person and the ideas."""
_MORE_THAN_HALF = 2


@dataclass(frozen=True)
class Matrix:
    """A file of votes, read."""

    votes: Votes
    people: tuple[str, ...] | None
    """The names of the rows where the first column holds them."""


def read_matrix(data: bytes) -> Matrix:
    """The matrix of a file in UTF-8, with or without a mark, with any ends of lines, split by , ; or tab.

    The first line names the ideas. The first column names the people if its heading is empty or a word
    for a person, or if its values are all different and mostly no votes. Wholly empty lines are passed
    over where there are two columns or more.

    Raises `MapError` with the line (not_utf8, empty_file, broken_csv, no_ideas, empty_idea,
    duplicate_idea, ragged, bad_value, duplicate_person, no_people).
    """
    lines = _read_lines(_decode(data))
    if not lines:
        raise MapError(
            "empty_file", "the file is empty: the first line must name the ideas", line=1
        )
    (head_line, head), rows = lines[0], lines[1:]
    for line, row in rows:
        if len(row) != len(head):
            told = f"{len(row)} cells where the first line has {len(head)}"
            raise MapError("ragged", told, line=line)
    if not rows:
        raise MapError("no_people", "there is no row of votes below the names of the ideas", line=1)
    names = _names_of_people(head, rows)
    first = 0 if names is None else 1
    kept = [
        place
        for place in range(first, len(head))
        if names is None or head[place].casefold() not in _POLIS_EXTRAS
    ]
    ideas = [head[place] for place in kept]
    _check_ideas(ideas, head_line)
    votes = Votes.from_rows(ideas, [_votes_of(line, row, kept) for line, row in rows])
    return Matrix(votes, names)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise MapError("not_utf8", "this is not text in UTF-8", line=line) from fault


def _read_lines(text: str) -> list[tuple[int, list[str]]]:
    """Each record with the line in which it ends; empty lines at the end are no people."""
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if len(cells) > 1 or any(cells):
                lines.append((reader.line_num, cells))
            elif lines and len(lines[0][1]) == 1:
                lines.append((reader.line_num, [""]))
    except csv.Error as fault:
        told = f"this is not CSV: {fault}"
        raise MapError("broken_csv", told, line=max(reader.line_num, 1)) from fault
    return lines


def _names_of_people(
    head: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]
) -> tuple[str, ...] | None:
    names = [row[0] for _line, row in rows]
    if head[0].casefold() not in _PEOPLE_HEADINGS:
        foreign = sum(name not in _VALUES for name in names)
        different = len(set(names)) == len(names) and all(names)
        if not different or foreign * _MORE_THAN_HALF <= len(names):
            return None
    seen: set[str] = set()
    for line, row in rows:
        if row[0] and row[0] in seen:
            raise MapError("duplicate_person", f"a second row of “{row[0]}”", line=line)
        seen.add(row[0])
    return tuple(names)


def _check_ideas(ideas: Sequence[str], line: int) -> None:
    if not ideas:
        raise MapError("no_ideas", "the first line names no idea", line=line)
    seen: set[str] = set()
    for place, idea in enumerate(ideas, start=1):
        if not idea:
            raise MapError("empty_idea", f"idea {place} has no name", line=line)
        if idea in seen:
            raise MapError("duplicate_idea", f"“{idea}” stands there twice", line=line)
        seen.add(idea)


def _votes_of(line: int, row: Sequence[str], kept: Sequence[int]) -> tuple[list[int], list[int]]:
    columns, values = [], []
    for number, place in enumerate(kept):
        cell = row[place]
        if not cell:
            continue
        if cell not in _VALUES:
            told = f"“{cell[:20]}” in column {place + 1} is no vote: write 1, -1, 0 or nothing"
            raise MapError("bad_value", told, line=line)
        columns.append(number)
        values.append(_VALUES[cell])
    return columns, values
