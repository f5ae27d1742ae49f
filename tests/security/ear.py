"""Hears all that is logged, in both forms in which it is ever written, and whose words stand in it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Enum, String, select

from ideas_app.core.columns import Base
from ideas_app.core.db import session
from ideas_app.web.logging import JsonLines, PlainLines
from tests.architecture.test_personal import PEOPLE, leads_to_a_person

_WORD_OF_A_PROGRAM = re.compile(r"[a-z_/.:-]+")
SHORTEST = 4
"""Signs of a text in Latin letters or digits: shorter ones stand everywhere by chance. In Hangul two are a name."""


def is_telling(text: str) -> bool:
    """Whether a text in a line cannot have come there by chance."""
    return len(text) >= (SHORTEST if text.isascii() else 2)


class _Kept(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines
        self._forms = JsonLines(), PlainLines()

    def emit(self, record: logging.LogRecord) -> None:
        for form in self._forms:
            # a formatter keeps the words of an exception for the next one
            record.exc_text = None
            self._lines.append(form.format(record))


@dataclass
class Ear:
    """What was heard, a line each."""

    lines: list[str] = field(default_factory=list)

    def words_of(self, texts: Iterable[str]) -> list[str]:
        """Those of the texts that stand in a line, each with the line. The numbers that requests draw for themselves
        are passed over: among thousands of them one has `1e309` in it.
        """
        lines = [_DRAWN.sub("", line) for line in self.lines]
        whole = "\n".join(lines)
        told = [text for text in texts if is_telling(text) and text in whole]
        return [f"{text!r}: {next(line for line in lines if text in line)}" for text in told]


_DRAWN = re.compile(r'(?<="request_id": ")[0-9a-f]{16}(?=")')


@contextmanager
def listening() -> Iterator[Ear]:
    """Hears every logger of the process while the block runs, ours down to what production writes."""
    ear, root, ours = Ear(), logging.getLogger(), logging.getLogger("ideas_app")
    handler, before = _Kept(ear.lines), ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    try:
        yield ear
    finally:
        ours.setLevel(before)
        root.removeHandler(handler)


def words_of_people() -> set[str]:
    """Every text that stands in a table of people or beside one of them: names, addresses, tokens, what they wrote."""
    found: set[str] = set()
    for table in Base.metadata.sorted_tables:
        if table.name not in PEOPLE and not any(map(leads_to_a_person, table.columns)):
            continue
        for column in table.columns:
            if isinstance(column.type, String) and not isinstance(column.type, Enum):
                query = select(column).where(column.is_not(None)).distinct()
                found |= {str(value) for value in session().scalars(query)}
    return {text for text in found if not _WORD_OF_A_PROGRAM.fullmatch(text)}
