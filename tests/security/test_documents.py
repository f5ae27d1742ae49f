"""What the pages on security promise is there: every threat and requirement has its line, every named test exists."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from config import ROOT

FOLDER = ROOT / "docs" / "security"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
THREATS = {f"T{number}" for number in range(1, 61)} | {"T34b"}
REQUIREMENTS = re.findall(
    r"[\d.]+",
    """
1.1.1 1.1.2 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.2.9 1.3.1 1.3.2 1.3.3 1.3.5 1.3.6 1.3.7 1.3.10 1.3.11 1.4.2 1.5.1 1.5.2
2.1.1 2.1.2 2.1.3 2.2.1 2.2.2 2.2.3 2.3.1 2.3.2 2.3.3 2.3.4 2.4.1
3.2.1 3.2.2 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.5.1 3.5.2 3.5.3 3.5.4 3.7.1 3.7.2
4.1.1 4.1.2 4.1.3 4.2.1
5.1.1 5.2.1 5.2.2 5.2.3 5.3.1 5.3.2 5.4.1 5.4.2 5.4.3
6.1.1 6.1.2 6.1.3 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.2.9 6.2.10 6.2.11 6.2.12 6.3.1 6.3.2 6.3.3 6.3.4
6.4.1 6.4.2 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.6.2 6.6.3 6.8.1 6.8.2 6.8.4
7.1.1 7.1.2 7.1.3 7.2.1 7.2.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2
8.1.1 8.1.2 8.2.1 8.2.2 8.2.3 8.3.1 8.4.1
9.1.1 9.1.2 9.1.3 9.2.1 9.2.2 9.2.3 9.2.4 10.1.1 10.1.2 10.2.1 10.2.2 10.5.1 10.5.2 10.5.3 10.5.4 10.5.5
11.1.1 11.1.2 11.2.1 11.2.2 11.2.3 11.3.1 11.3.2 11.4.1 11.4.2 11.4.4 11.5.1 12.1.1 12.2.1 12.2.2 12.3.1 12.3.2 12.3.3
13.1.1 13.2.1 13.2.2 13.2.3 13.2.4 13.2.5 13.3.1 13.3.2 13.4.1 13.4.2 13.4.3 13.4.4 13.4.5
14.1.1 14.1.2 14.2.1 14.2.2 14.2.3 14.2.4 14.3.1 14.3.2 14.3.3
15.1.1 15.1.2 15.1.3 15.2.1 15.2.2 15.2.3 15.3.1 15.3.2 15.3.3 15.3.4 15.3.5 15.3.7
16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3 16.5.1 16.5.2 16.5.3
""",
)
"""Those of OWASP ASVS 5.0 on levels 1 and 2 that apply to this service."""


@cache
def names_in(path: str) -> frozenset[str]:
    """The functions of a file of tests."""
    tree = ast.parse((ROOT / "tests" / path).read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def lines_of(page: str) -> list[list[str]]:
    """The cells of each row of the page's tables, without heads."""
    rows = [line for line in (FOLDER / page).read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


@pytest.mark.parametrize("page", ["threats.md", "asvs.md"])
def test_every_test_that_a_page_names_exists(page: str) -> None:
    named = NAMED.findall((FOLDER / page).read_text())
    assert len(named) > 100
    assert not [f"{path}::{name}" for path, name in named if name not in names_in(path)]


def test_every_threat_has_one_line_with_a_test_or_a_reason() -> None:
    rows = [row for row in lines_of("threats.md") if re.fullmatch(r"T\d+b?", row[0])]
    assert sorted(row[0] for row in rows) == sorted(THREATS)
    assert not [row[0] for row in rows if not NAMED.search(row[-1]) and "**" not in row[-1]]


def test_every_requirement_has_one_line() -> None:
    rows = [row for row in lines_of("asvs.md") if re.fullmatch(r"\d+\.\d+\.\d+", row[0])]
    assert sorted(row[0] for row in rows) == sorted(REQUIREMENTS)
    assert not [row[0] for row in rows if not all(row)]
