"""The bench judges rightly and says so; its reference does what it is a reference for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from bench.floor import app as floor
from bench.speed import counts, goals, load, plans, report, turns
from bench.speed.__main__ import read_options
from bench.speed.goals import GOALS, Goal, judge
from bench.speed.load import Slice, Target
from bench.speed.measures import Findings
from bench.speed.turns import Probe, Result, cpu, rate, ratio
from config import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def turn(per_second: float, milliseconds: float, *, p99: float = 3.0, refused: int = 0) -> Slice:
    return Slice(100, per_second, 1.0, p99, p99, milliseconds, 0.0, refused, 40.0)


def result(key: str, *taken: Slice, writes: bool = False) -> Result:
    return Result(Probe(key, key, Target(key, 0, list), "", writes), list(taken))


@pytest.mark.parametrize(
    ("at_least", "figure", "met"),
    [(True, 45.0, True), (True, 44.9, False), (False, 45.0, True), (False, 45.1, False)],
)
def test_a_goal_is_met_at_its_very_number(at_least: bool, figure: float, met: bool) -> None:
    goal = Goal(1, "something", "it", 45, at_least=at_least)
    assert goal.is_met(figure) is met


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    lines = judge({"list": 50.0, "signed": 20.0})
    told = {line.goal.key: line.verdict for line in lines}
    assert (told["list"], told["signed"], told["same"]) == ("met", "**missed**", "not measured")
    assert len({goal.key for goal in GOALS}) == len(GOALS)
    assert {goal.number for goal in GOALS} == set(range(1, 15))


def test_a_ratio_is_taken_within_the_round_so_that_a_slow_minute_changes_nothing() -> None:
    bare = result("R", turn(1000, 1), turn(100, 1), turn(1000, 1))
    ours = result("list", turn(500, 2), turn(50, 2), turn(500, 2))
    assert ratio(ours, bare, rate) == pytest.approx(0.5)
    assert ratio(ours, bare, cpu) == pytest.approx(2.0)


def test_the_report_says_what_is_missed_and_that_the_machine_was_not_quiet() -> None:
    found = Findings(figures={"list": 12.0})
    busy = Slice(10, 20, 1, 2, 900, 5, 1.4, 0, 40)
    found.results = {"R": result("R", busy), "list": result("list", busy)}
    said = report.write_report(
        found,
        engine="SQLite",
        version="SQLite 3",
        command="make bench",
        date="2026-01-01",
        minutes=3,
        front="| page |",
    )
    assert "| page |" in said
    assert (
        "| 1 | list of 20 rows, anonymous, nothing cached, of R | 12 % | >= 45 % | **miss" in said
    )
    assert "[profile](../docs/performance.md#the-list-of-ideas" in said
    assert "take the figures again" in said
    assert "900" in said


def test_the_constant_page_has_twenty_rows_and_the_bytes_that_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLOOR_BYTES", "50000")
    monkeypatch.delenv("FLOOR_DATABASE", raising=False)
    page = floor.create_app().test_client().get("/")
    assert len(page.data) == 50_000
    assert page.text.count("<li class=") == 20


def test_a_bare_vote_counts_once_and_its_counter_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/floor.db"
    monkeypatch.setattr(floor, "IDEAS", 10)
    monkeypatch.setenv("FLOOR_DATABASE", url)
    floor.fill(url)
    browser = floor.create_app().test_client()
    for person in (1, 2, 2):
        assert browser.post("/vote", data={"i": 7, "u": person}).json == {"ok": True}
    assert floor.differences(url) == 0
    engine = floor.open_engine(url)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT votes FROM floor_idea WHERE id = 7")).scalar() == 2
        connection.execute(text("UPDATE floor_idea SET votes = 5 WHERE id = 7"))
    engine.dispose()
    assert floor.differences(url) == -3


def test_every_person_supports_every_idea_once_before_a_pair_comes_again(tmp_path: Path) -> None:
    """The arithmetic of the Lua script, in Python: spread as well as hot."""
    people, ideas = 6, 11
    for where in (lambda who, t: (t + who * 7) % ideas, lambda _who, t: t % ideas):
        pairs = {(at % people, where(at % people, at // people)) for at in range(people * ideas)}
        assert len(pairs) == people * ideas
    spread = load.supports(tmp_path / "people", tmp_path / "ideas", hot=False)
    assert "(turn + who * 7) % #ideas" in spread


def test_parts_that_do_not_exist_are_refused_and_the_clone_is_for_the_full_bench() -> None:
    assert "clone" not in read_options([]).parts
    assert "clone" in read_options(["--full"]).parts
    assert read_options(["--only", "growth"]).parts == ["growth"]
    with pytest.raises(SystemExit):
        read_options(["--only", "everything"])


def test_the_middle_of_the_turns_is_what_counts() -> None:
    three = result("list", turn(1, 1, p99=2), turn(1, 1, p99=90, refused=2), turn(1, 1, p99=4))
    assert (three.tail, three.longest, three.refused) == (4.0, 90, 2)
    assert turns.DISTURBED < 1
    assert goals.show(1.3, "x") == "1.30x"


def test_statements_are_counted_that_the_driver_sends_past_sqlalchemy(tmp_path: Path) -> None:
    with counts.listening():
        engine = create_engine(f"sqlite:///{tmp_path}/counted.db")
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE one (id INTEGER)")
        with counts.counting() as seen:
            raw = engine.raw_connection()
            raw.cursor().execute("SELECT id FROM one")
            raw.cursor().execute("PRAGMA data_version")
            raw.driver_connection.execute("SELECT id + 1 FROM one").fetchall()
            raw.close()
            with engine.begin() as connection:
                connection.exec_driver_sql("INSERT INTO one VALUES (1)")
        engine.dispose()
    assert [each.sql for each in seen] == [
        "SELECT id FROM one",
        "SELECT id + 1 FROM one",
        "INSERT INTO one VALUES (1)",
    ]


def test_a_missed_goal_names_a_section_that_there_is() -> None:
    text = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    headings = re.findall(r"^##+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in headings}
    assert {goal.told_at for goal in GOALS} <= anchors


def test_a_plan_names_what_it_reads_whole_and_a_statement_nothing_that_was_asked_for() -> None:
    walks = "SCAN idea USING INDEX ix_idea_listed_new"
    assert plans.read_whole([walks, "  SCAN idea", "SEARCH idea USING INTEGER PRIMARY KEY"]) == [
        "idea"
    ]
    assert plans.read_whole(["->  Seq Scan on support  (cost=0.00..35.50)"]) == ["support"]
    told = plans.without_values("SELECT a\n FROM b2 WHERE name = 'O''Neill' AND age > 17")
    assert told == "SELECT a FROM b2 WHERE name = ? AND age > ?"
