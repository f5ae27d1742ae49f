"""`flask ideas import`: paper ideas from a file, all or nothing, twice changes nothing."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from ideas_app.core.db import session
from ideas_app.ideas import queries
from ideas_app.ideas.models import Idea
from tests.factories import make_campaign

HEAD = "제목,이유,방법,분야,별명,날짜"
GOOD = "막차를 늦춰 주세요,너무 일러요,한 시간만,교통,밤버스,2025. 3. 2."


@pytest.fixture
def run(app, tmp_path):
    def call(*lines: str, more: tuple[str, ...] = (), encoding: str = "utf-8-sig"):
        file = tmp_path / "paper.csv"
        file.write_bytes("\r\n".join(lines).encode(encoding))
        words = ["ideas", "import", str(file), "--campaign", "ideas-2026", *more]
        return app.test_cli_runner().invoke(args=words)

    return call


def count() -> int:
    return session().scalar(select(func.count(Idea.id))) or 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_file_comes_in_once_in_every_encoding(cast, run, encoding):
    make_campaign()
    for expected in ({"new": 1, "same": 0}, {"new": 0, "same": 1}):
        answer = run(HEAD, GOOD, more=("--json",), encoding=encoding)
        assert answer.exit_code == 0, answer.output
        assert json.loads(answer.output) == {**expected, "dry_run": False}
    idea = queries.get_idea(queries.list_ideas().items[0].id)
    assert idea.author.nickname == "Sora"
    assert idea.field.key == "move"


def test_a_dry_run_stores_nothing(cast, run):
    make_campaign()
    answer = run(HEAD, GOOD, more=("--dry-run",))
    assert "1 ideas would be entered" in answer.output
    assert count() == 0


def test_one_bad_row_and_nothing_comes_in(cast, run):
    make_campaign()
    answer = run(HEAD, GOOD, ",이유,,,별명,", ",,,,,2099-01-01")
    assert answer.exit_code == 1
    assert "row 3" in answer.stderr
    assert "row 4" in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    assert count() == 0


def test_a_keeper_may_be_named_and_must_exist(cast, run):
    make_campaign()
    assert run(HEAD, GOOD, more=("--author", "dana@example.org")).exit_code == 0
    assert run(HEAD, GOOD, more=("--author", "nobody@example.org")).exit_code == 1


def test_without_staff_there_is_nobody_to_keep_them(app, run):
    make_campaign()
    answer = run(HEAD, GOOD)
    assert answer.exit_code == 1
    assert "--author" in answer.stderr


def test_an_unknown_campaign_and_an_unreadable_file_end_in_one_line(cast, run):
    assert "no such campaign" in run(HEAD, GOOD).stderr
    make_campaign()
    assert run("").exit_code == 1
    assert run("\x00\x01").exit_code == 1
