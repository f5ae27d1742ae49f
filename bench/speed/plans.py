"""How the database goes about the statements of pages and acts that many people ask for: its own plans, in a file.

A plan that reads a large table from end to end grows with the city; each is named. Must not know what is asked for.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.speed.counts import Sent
    from bench.speed.scene import Place

LARGE = frozenset({"account", "comment", "idea", "login_session", "support"})
"""Tables that grow with the city."""
_WIDTH = 110
_VALUE = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
_WHOLE = re.compile(r"(?:SCAN (\w+)(?! USING)|Seq Scan on (\w+))(?: |$)")


def explain(
    place: Place, sent: Mapping[str, Sequence[Sent]], version: str
) -> tuple[str, list[str]]:
    """The file's text, and the large tables that some plan reads from end to end, each with the request."""
    lines = [
        f"# Plans of hot statements among {place.size:,} ideas, {version}",
        '# Written by: make bench ARGS="--only statements". Values are left out; a statement stands once.',
    ]
    known: set[str] = set()
    whole: list[str] = []
    for name, statements in sent.items():
        lines += ["", f"== {name}"]
        for one in statements:
            words = without_values(one.sql)
            if words in known:
                continue
            known.add(words)
            plan = _plan(place, one)
            lines += ["", f"-- {shortened(words)}", *(f"   {step}" for step in plan)]
            whole += [f"{table} ({name})" for table in read_whole(plan) if table in LARGE]
    return "\n".join(lines) + "\n", whole


def without_values(sql: str) -> str:
    """A statement on one line, without what somebody asked for."""
    return _VALUE.sub("?", " ".join(sql.split()))


def shortened(words: str) -> str:
    """Its beginning, and from where it reads."""
    if len(words) <= _WIDTH:
        return words
    at = words.find(" FROM ")
    if at < _WIDTH // 2:
        return f"{words[: _WIDTH - 4]} ..."
    return f"{words[: _WIDTH // 2]} ... {words[at + 1 : at + _WIDTH // 2]} ..."


def read_whole(plan: Sequence[str]) -> list[str]:
    """Tables that a plan reads from end to end. To walk along an index in its order is not that: a page ends it."""
    return [one or other for step in plan for one, other in _WHOLE.findall(step)]


def _plan(place: Place, one: Sent) -> list[str]:
    if not place.house.is_sqlite:
        # in a burst places have numbers
        kind = psycopg.RawCursor if "$1" in one.sql else psycopg.Cursor
        with psycopg.connect(place.house.database_url, cursor_factory=kind) as connection:
            query: Any = f"EXPLAIN {one.sql}"
            rows = connection.execute(query, one.values).fetchall()
            connection.rollback()
        return [re.sub(r"'[^']*'", "?", str(row[0])) for row in rows]
    depth = {0: 0}
    found = []
    with closing(
        sqlite3.connect(place.house.database_url.removeprefix("sqlite:///"))
    ) as connection:
        for key, parent, _unused, step in connection.execute(
            f"EXPLAIN QUERY PLAN {one.sql}", one.values or ()
        ):
            depth[key] = depth[parent] + 1
            found.append("  " * depth[parent] + step)
    return found
