"""Every code has its words, in both languages, and every value that they need."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

import ideas_app
from ideas_app.adapters.spreadsheets import SpreadsheetError
from ideas_app.programmes.rules import messages
from ideas_app.programmes.rules.issues import Issue
from ideas_app.programmes.rules.messages import as_invalid, explain, explain_in_place

ROOT = Path(ideas_app.__file__).parent
FILES = [*(ROOT / "adapters/spreadsheets").glob("*.py")]
RULES = [path for path in (ROOT / "programmes/rules").glob("*.py") if path.name != "messages.py"]


@pytest.fixture
def english():
    """Only what puts a lazy text into English; the service itself is not needed."""
    bare = Flask("words")
    Babel(bare, default_locale="en")
    with bare.test_request_context():
        yield bare


def codes(paths, *makers):
    text = "".join(path.read_text(encoding="utf-8") for path in paths)
    found = set()
    for maker in makers:
        found |= set(re.findall(maker + r'\(\s*"([a-z_]+)"', text))
    return found


def test_every_code_of_a_file_has_its_words():
    used = codes(FILES, "SpreadsheetError") | {"encrypted", "old_excel"}
    assert used == set(messages.FILES)


def test_every_code_of_a_row_has_its_words():
    used = codes(RULES, "Unreadable", "Issue")
    assert len(used) > 25
    words = {*messages.ERRORS, *messages.SKIPPED, *messages.NOTICES}
    assert used <= words


def test_a_message_says_where_and_what(english):
    issue = Issue("row_contradicts", 7, "성명", "name", "김*나", {"first": 3})
    assert str(explain(issue)).startswith("The same person stands in row 3")
    assert str(explain_in_place(issue)).startswith("Row 7, column 성명: The same person")
    assert "%(" not in str(explain_in_place(Issue("no_rows")))


def test_a_file_that_cannot_be_read_is_a_fault_of_its_field(english):
    error = SpreadsheetError("no_sheet", "no such sheet", sheet="3기", sheets="1기, 2기")
    fault = as_invalid(error).faults[0]
    assert (fault.field, fault.code) == ("file", "no_sheet")
    assert "1기, 2기" in str(fault.message)
