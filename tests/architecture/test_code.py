"""The habits of the house, held by walking the code."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from config import ROOT
from ideas_app.cli.permissions import matrix_text

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

SOURCE = ROOT / "ideas_app"
ROLES = {
    "__init__", "events", "models", "rules", "policy", "queries", "service", "forms", "views", "jobs", "cli",
    "personal", "retention",
}  # fmt: skip
FEATURES = (
    "audit", "accounts", "programmes", "campaigns", "ideas", "votes", "comments", "moderation",
    "shortlists", "opinion", "answers", "notifications", "exports", "reports", "search", "pages",
    "webhooks", "operations", "opendata", "privacy",
)  # fmt: skip
LONGEST = 400


def sources() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def test_only_transaction_commits() -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for path in sources()
        if re.search(r"\.commit\(\)", path.read_text()) and path.name != "db.py"
    ]
    assert not guilty, f"use core.db.transaction() in: {guilty}"


def test_every_feature_holds_role_files_only() -> None:
    for feature in FEATURES:
        for path in (SOURCE / feature).iterdir():
            if path.suffix == ".py" or (path.is_dir() and (path / "__init__.py").exists()):
                assert path.stem in ROLES, f"{path.relative_to(ROOT)} is no role of the house"


def test_every_module_says_what_it_is_for() -> None:
    for path in sources():
        assert ast.get_docstring(ast.parse(path.read_text())), (
            f"{path.relative_to(ROOT)} has no docstring"
        )


def test_no_file_outgrows_a_reader() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if (lines := path.read_text().count("\n")) > LONGEST
    }
    assert not long, f"make a package of the same name out of: {long}"


def test_only_the_clock_asks_for_the_time() -> None:
    asking = re.compile(r"datetime\.now\(|date\.today\(|utcnow\(|time\.time\(")
    guilty = [
        str(path.relative_to(ROOT))
        for path in sources()
        if asking.search(path.read_text()) and path.name != "clock.py"
    ]
    assert not guilty, f"ask core.clock in: {guilty}"


def test_only_config_reads_the_environment() -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for path in sources()
        if re.search(r"os\.environ\[|os\.getenv|environ\.get", path.read_text())
    ]
    assert not guilty, f"read the setting in config.py for: {guilty}"


def test_the_rights_are_those_of_the_golden_copy(app: Flask) -> None:
    golden = (ROOT / "tests" / "architecture" / "permissions.txt").read_text()
    assert matrix_text() == golden, (
        "rights changed: if that is meant, write `flask permissions matrix` to tests/architecture/permissions.txt"
    )
