"""Every kind of notice has words, in whatever state its values are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ideas_app.ideas.models import RejectCode
from ideas_app.notifications import jobs
from ideas_app.notifications.rules import KINDS, line_of

VALUES = {
    "title": "막차를 늦춰 주세요 100%",
    "name": "노을",
    "family": "밤 버스",
    "code": "duplicate",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sentence_with_the_title_in_it(app, kind):
    with app.test_request_context("/?lang=en"):
        line = str(line_of(kind, {**VALUES, "decision": "adopted", "status": "done"}))
    assert VALUES["title"] in line
    assert "%(" not in line


def test_every_kind_that_is_told_has_words():
    tree = ast.parse(Path(jobs.__file__).read_text())
    told = {
        node.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).startswith(("_tell", "service.tell"))
        for node in call.args[:3]
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert told - {"once"} <= set(KINDS)
    assert set(KINDS) - told <= {"appeal_overturned", "appeal_upheld"}


@pytest.mark.parametrize("code", [*RejectCode, None, "unheard of"])
def test_a_rejection_names_its_code_where_there_is_one(app, code):
    assert str(line_of("rejected", {"title": "x", "code": code}))


@pytest.mark.parametrize("status", ["done", "moved", "dropped", "reopened"])
def test_a_promise_says_what_became_of_it(app, status):
    assert str(line_of("promise", {"title": "x", "status": status}))
